"""What must hold of index series and clauses between rows and of months: no series goes on as itself, months come in their order."""

from django.db import migrations

NO_CIRCLE = """
CREATE FUNCTION agreements_index_series_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two that are written at the same time, and would make a circle together, wait for each other here.
    PERFORM pg_advisory_xact_lock(hashtext('agreements_index_series_no_circle'));
    IF EXISTS (
        WITH RECURSIVE before (id) AS (
            SELECT NEW.continues_id
            UNION
            SELECT series.continues_id FROM before JOIN agreements_indexseries series ON series.id = before.id
        )
        SELECT FROM before WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'an index series goes on as itself' USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'index_series_no_circle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agreements_index_series_no_circle AFTER INSERT OR UPDATE OF continues_id ON agreements_indexseries
FOR EACH ROW WHEN (NEW.continues_id IS NOT NULL) EXECUTE FUNCTION agreements_index_series_no_circle();
"""
CIRCLES = """
DROP TRIGGER agreements_index_series_no_circle ON agreements_indexseries;
DROP FUNCTION agreements_index_series_no_circle();
"""

MONTHS = """
ALTER TABLE agreements_indexclause ADD CONSTRAINT index_clause_compares_a_later_month CHECK (
    base_month < date_trunc('month', first_date) - make_interval(months => lag_months)
);
ALTER TABLE agreements_indexclause ADD CONSTRAINT index_clause_begins_before_its_first_date CHECK (
    lower_inf(valid_during) OR lower(valid_during) <= first_date
);
"""
NO_MONTHS = """
ALTER TABLE agreements_indexclause DROP CONSTRAINT index_clause_compares_a_later_month;
ALTER TABLE agreements_indexclause DROP CONSTRAINT index_clause_begins_before_its_first_date;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_the_register")]
    operations = [migrations.RunSQL(NO_CIRCLE + MONTHS, CIRCLES + NO_MONTHS)]
