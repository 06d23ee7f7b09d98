"""Facts are never edited, and what was submitted stays as it was; number series of requisitions and orders."""

from django.db import migrations

from core.append_only import append_only

FREEZE_SUBMITTED_LINES = """
CREATE FUNCTION procurement_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted line is not edited, it is superseded' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER procurement_line_frozen BEFORE UPDATE ON procurement_requisitionline
FOR EACH ROW WHEN (
    OLD.status <> 'draft' AND
    (OLD.requisition_id, OLD.position, OLD.version, OLD.kind, OLD.item_id, OLD.description, OLD.specification,
     OLD.service_place, OLD.service_start_date, OLD.service_end_date, OLD.quantity, OLD.unit, OLD.unit_price,
     OLD.amount, OLD.agreement_id, OLD.supplier_id, OLD.submitted_at)
    IS DISTINCT FROM
    (NEW.requisition_id, NEW.position, NEW.version, NEW.kind, NEW.item_id, NEW.description, NEW.specification,
     NEW.service_place, NEW.service_start_date, NEW.service_end_date, NEW.quantity, NEW.unit, NEW.unit_price,
     NEW.amount, NEW.agreement_id, NEW.supplier_id, NEW.submitted_at)
) EXECUTE FUNCTION procurement_line_frozen();
CREATE FUNCTION procurement_requisition_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted requisition is not edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER procurement_requisition_frozen BEFORE UPDATE ON procurement_requisition
FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION procurement_requisition_frozen();
CREATE SEQUENCE procurement_requisition_number;
CREATE SEQUENCE procurement_order_number;
"""
THAW = """
DROP SEQUENCE procurement_order_number;
DROP SEQUENCE procurement_requisition_number;
DROP TRIGGER procurement_requisition_frozen ON procurement_requisition;
DROP FUNCTION procurement_requisition_frozen();
DROP TRIGGER procurement_line_frozen ON procurement_requisitionline;
DROP FUNCTION procurement_line_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0001_initial")]
    operations = [
        migrations.RunSQL(FREEZE_SUBMITTED_LINES, THAW),
        append_only("procurement_linedecision"),
        append_only("procurement_reply"),
        append_only("procurement_receipt"),
        append_only("procurement_receiptline"),
    ]
