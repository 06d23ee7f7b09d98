"""When a person's name or title is changed, the database keeps what it was."""

from django.db import migrations

from core.append_only import append_only

KEEP = """
CREATE FUNCTION organizations_keep_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO organizations_formerperson (person_id, name, title, until_at)
    VALUES (OLD.id, OLD.first_name || ' ' || OLD.last_name, OLD.title, now());
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_user_former AFTER UPDATE OF first_name, last_name, title ON organizations_user
FOR EACH ROW WHEN ((OLD.first_name, OLD.last_name, OLD.title) IS DISTINCT FROM (NEW.first_name, NEW.last_name, NEW.title))
EXECUTE FUNCTION organizations_keep_person();
"""
FORGET = """
DROP TRIGGER organizations_user_former ON organizations_user;
DROP FUNCTION organizations_keep_person();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_former_departments")]
    operations = [
        migrations.RunSQL(KEEP, FORGET),
        append_only("organizations_formerperson"),
    ]
