"""Number series, and facts that are never edited."""

from django.db import migrations

from core.append_only import append_only

NUMBERS = """
CREATE SEQUENCE procurement_requisition_number;
CREATE SEQUENCE procurement_order_number;
"""
NO_NUMBERS = """
DROP SEQUENCE procurement_order_number;
DROP SEQUENCE procurement_requisition_number;
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0001_initial"), ("core", "0001_extensions")]
    operations = [
        migrations.RunSQL(NUMBERS, NO_NUMBERS),
        append_only("procurement_linedecision"),
        append_only("procurement_linemessage"),
        append_only("procurement_linemessagefile"),
        append_only("procurement_consultation"),
        append_only("procurement_receipt"),
        append_only("procurement_receiptline"),
        append_only("procurement_complaint"),
        append_only("procurement_complaintsettlement"),
        append_only("procurement_orderdocument"),
        append_only("procurement_supplieranswer"),
        append_only("procurement_answeredline"),
        append_only("procurement_noticedline"),
        append_only("procurement_rankrefusal"),
        append_only("procurement_observationanswer"),
        append_only("procurement_observedline"),
        append_only("procurement_supplierexamination"),
        append_only("procurement_examinedcheck"),
    ]
