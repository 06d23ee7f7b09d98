"""When a department is moved or renamed, or its administration is, the database keeps what it was."""

from django.db import migrations

from core.append_only import append_only

KEEP = """
CREATE FUNCTION organizations_keep_department() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO organizations_formerdepartment (department_id, name, administration_id, administration_name, until_at)
    SELECT OLD.id, OLD.name, administration.id, administration.name, now()
    FROM organizations_administration administration WHERE administration.id = OLD.administration_id;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_department_former AFTER UPDATE OF name, administration_id ON organizations_department
FOR EACH ROW WHEN ((OLD.name, OLD.administration_id) IS DISTINCT FROM (NEW.name, NEW.administration_id))
EXECUTE FUNCTION organizations_keep_department();

CREATE FUNCTION organizations_keep_departments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO organizations_formerdepartment (department_id, name, administration_id, administration_name, until_at)
    SELECT department.id, department.name, OLD.id, OLD.name, now()
    FROM organizations_department department WHERE department.administration_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_administration_former AFTER UPDATE OF name ON organizations_administration
FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION organizations_keep_departments();
"""
FORGET = """
DROP TRIGGER organizations_administration_former ON organizations_administration;
DROP FUNCTION organizations_keep_departments();
DROP TRIGGER organizations_department_former ON organizations_department;
DROP FUNCTION organizations_keep_department();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_what_is_done_stays_done")]
    operations = [
        migrations.RunSQL(KEEP, FORGET),
        append_only("organizations_formerdepartment"),
    ]
