"""A file that says how long it is kept can be forgotten afterwards: its parts go, its digest stays."""

from django.db import migrations, models

FORGET_WHEN_TIME_HAS_COME = """
DROP TRIGGER core_storedpart_append_only ON core_storedpart;
CREATE FUNCTION core_storedpart_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM core_storedfile WHERE id = OLD.file_id AND forget_after < now()) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'core_storedpart is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER core_storedpart_unchanged BEFORE UPDATE ON core_storedpart FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER core_storedpart_kept BEFORE DELETE ON core_storedpart FOR EACH ROW EXECUTE FUNCTION core_storedpart_kept();
"""
UNDO = """
DROP TRIGGER core_storedpart_kept ON core_storedpart;
DROP TRIGGER core_storedpart_unchanged ON core_storedpart;
DROP FUNCTION core_storedpart_kept();
CREATE TRIGGER core_storedpart_append_only BEFORE UPDATE OR DELETE ON core_storedpart
FOR EACH ROW EXECUTE FUNCTION forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_operating")]
    operations = [
        migrations.AddField("storedfile", "forget_after", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "storedfile",
            models.Index(
                fields=["forget_after"],
                condition=models.Q(forget_after__isnull=False),
                name="stored_file_forgotten",
            ),
        ),
        migrations.RunSQL(FORGET_WHEN_TIME_HAS_COME, UNDO),
    ]
