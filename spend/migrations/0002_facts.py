"""What a ledger has told is kept as it came, as long as its import is not taken back; what people decide stays."""

from django.db import migrations

from core.append_only import append_only, taken_back_only

GONE = """
CREATE FUNCTION spend_costs_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone LEFT JOIN registers_import AS file ON file.id = gone.of_import_id
               WHERE file.taken_back_at IS NULL) THEN
        RAISE EXCEPTION 'spend_bookedcost is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""

KEEP_ORIGIN = """
CREATE FUNCTION keep_origin_of_cost() RETURNS trigger LANGUAGE plpgsql
-- A plan that is made while the tables are small reads them whole, and a session keeps it while they grow.
SET enable_seqscan = off AS $$
DECLARE
    found record;
BEGIN
    SELECT d.id, d.name, m.id AS administration_id, m.name AS administration_name INTO found
    FROM organizations_department d JOIN organizations_administration m ON m.id = d.administration_id
    WHERE d.cost_center = NEW.cost_center;
    NEW.department_id := found.id;
    NEW.department_name := coalesce(found.name, '');
    NEW.administration_id := found.administration_id;
    NEW.administration_name := coalesce(found.administration_name, '');
    RETURN NEW;
END $$;
CREATE TRIGGER spend_cost_origin BEFORE INSERT ON spend_bookedcost
FOR EACH ROW WHEN (NEW.cost_center <> '' AND NEW.department_id IS NULL) EXECUTE FUNCTION keep_origin_of_cost();
"""
FORGET = "DROP TRIGGER spend_cost_origin ON spend_bookedcost; DROP FUNCTION keep_origin_of_cost()"


class Migration(migrations.Migration):
    dependencies = [("spend", "0001_initial"), ("core", "0001_extensions"), ("registers", "0001_initial")]
    operations = [
        migrations.RunSQL(GONE, "DROP FUNCTION spend_costs_went()"),
        taken_back_only("spend_bookedcost", asks="spend_costs_went"),
        migrations.RunSQL(KEEP_ORIGIN, FORGET),
        append_only("spend_accountmeaning"),
        append_only("spend_suppliermatch"),
    ]
