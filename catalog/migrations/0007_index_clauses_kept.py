"""A clause that prices have been proposed by says for ever what they were computed by; it may only end."""

from django.db import migrations

KEEP = """
CREATE FUNCTION catalog_keep_index_clause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM catalog_priceproposal WHERE index_clause_id = OLD.id) THEN
        RAISE EXCEPTION 'prices were proposed by index clause %', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'index_clause_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_keep_index_clause BEFORE UPDATE ON agreements_indexclause FOR EACH ROW WHEN (
    (OLD.agreement_id, OLD.series_id, OLD.base_month, OLD.share_percent, OLD.threshold_percent, OLD.cap_percent,
        OLD.interval_months, OLD.lag_months, OLD.notice_days, OLD.first_date, lower(OLD.valid_during))
    IS DISTINCT FROM (NEW.agreement_id, NEW.series_id, NEW.base_month, NEW.share_percent, NEW.threshold_percent,
        NEW.cap_percent, NEW.interval_months, NEW.lag_months, NEW.notice_days, NEW.first_date, lower(NEW.valid_during))
) EXECUTE FUNCTION catalog_keep_index_clause();
"""
LET_GO = """
DROP TRIGGER catalog_keep_index_clause ON agreements_indexclause;
DROP FUNCTION catalog_keep_index_clause();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("catalog", "0006_opening_of_ceilings")]
    operations = [migrations.RunSQL(KEEP, LET_GO)]
