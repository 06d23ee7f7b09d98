"""A planned change that has been carried out is never changed, and one that people have been told of never taken away."""

from django.db import migrations

TABLES = ("organizations_departmentchange", "organizations_administrationchange", "organizations_departure")
KEEP = """
CREATE FUNCTION organizations_plan_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a planned change that is done, or that people were told of, is kept' USING
        ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'plan_is_kept';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_done BEFORE UPDATE ON {table}
FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION organizations_plan_is_kept();
CREATE TRIGGER {table}_told BEFORE DELETE ON {table}
FOR EACH ROW WHEN (OLD.status = 'done' OR OLD.told <> '{{}}') EXECUTE FUNCTION organizations_plan_is_kept();
"""
    for table in TABLES
)
UNDO = (
    "".join(f"DROP TRIGGER {table}_done ON {table}; DROP TRIGGER {table}_told ON {table};" for table in TABLES)
    + "DROP FUNCTION organizations_plan_is_kept();"
)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_delegation_is_not_passed_on")]
    operations = [migrations.RunSQL(KEEP, UNDO)]
