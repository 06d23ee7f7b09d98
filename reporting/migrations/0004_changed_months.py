"""A note for each month that a delivered line or a saving comes to; see reporting/models/months.py."""

from django.db import migrations

NOTE_MONTHS = """
CREATE FUNCTION reporting_note_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reporting_changedmonth (month)
    SELECT DISTINCT date_trunc('month', delivered_date)::date FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_month_of_history AFTER INSERT ON history_purchasehistoryline
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_months();
CREATE TRIGGER reporting_month_of_saving AFTER INSERT ON reporting_saving
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_months();
CREATE TRIGGER reporting_month_of_receipt AFTER INSERT ON procurement_receiptline
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_months();
"""
NO_NOTES = """
DROP TRIGGER reporting_month_of_receipt ON procurement_receiptline;
DROP TRIGGER reporting_month_of_saving ON reporting_saving;
DROP TRIGGER reporting_month_of_history ON history_purchasehistoryline;
DROP FUNCTION reporting_note_months();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_frozen"), ("history", "0003_lines_keep_their_origin"), ("procurement", "0004_receipts_keep_their_origin")]
    operations = [migrations.RunSQL(NOTE_MONTHS, NO_NOTES)]
