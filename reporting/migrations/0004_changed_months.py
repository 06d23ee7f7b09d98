"""Notes of the months that delivered lines, savings and baselines come to; see reporting/models/months.py."""

from django.db import migrations

NOTE_MONTHS = """
CREATE FUNCTION reporting_note_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reporting_changedmonth (month, day)
    SELECT DISTINCT date_trunc('month', delivered_date)::date, delivered_date FROM added;
    IF TG_TABLE_NAME <> 'reporting_saving' THEN
        INSERT INTO reporting_uncountedmonth (month)
        SELECT DISTINCT date_trunc('month', delivered_date)::date FROM added;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION reporting_note_baselines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reporting_uncountedmonth (month)
    SELECT DISTINCT month::date FROM baselines
    CROSS JOIN generate_series(
        date_trunc('month', lower(counts_during)),
        greatest(upper(counts_during) - interval '1 day', current_date::timestamp), '1 month'
    ) AS month
    WHERE confirmed_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_months_of_baseline AFTER INSERT ON reporting_baseline
REFERENCING NEW TABLE AS baselines FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_baselines();
CREATE TRIGGER reporting_months_of_confirmed AFTER UPDATE ON reporting_baseline
REFERENCING NEW TABLE AS baselines FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_baselines();
CREATE TRIGGER reporting_months_of_ended AFTER UPDATE ON reporting_baseline
REFERENCING OLD TABLE AS baselines FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_baselines();
CREATE TRIGGER reporting_month_of_history AFTER INSERT ON history_purchasehistoryline
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_months();
CREATE TRIGGER reporting_month_of_taken_back AFTER DELETE ON history_purchasehistoryline
REFERENCING OLD TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_months();
CREATE TRIGGER reporting_month_of_saving AFTER INSERT ON reporting_saving
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_months();
CREATE TRIGGER reporting_month_of_receipt AFTER INSERT ON procurement_receiptline
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reporting_note_months();
"""
NO_NOTES = """
DROP TRIGGER reporting_month_of_receipt ON procurement_receiptline;
DROP TRIGGER reporting_month_of_saving ON reporting_saving;
DROP TRIGGER reporting_month_of_taken_back ON history_purchasehistoryline;
DROP TRIGGER reporting_month_of_history ON history_purchasehistoryline;
DROP FUNCTION reporting_note_months();
DROP TRIGGER reporting_months_of_baseline ON reporting_baseline;
DROP TRIGGER reporting_months_of_confirmed ON reporting_baseline;
DROP TRIGGER reporting_months_of_ended ON reporting_baseline;
DROP FUNCTION reporting_note_baselines();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_frozen"), ("history", "0003_lines_keep_their_origin"), ("procurement", "0004_receipts_keep_their_origin")]
    operations = [migrations.RunSQL(NOTE_MONTHS, NO_NOTES)]
