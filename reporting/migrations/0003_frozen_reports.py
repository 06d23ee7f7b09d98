"""What a report has frozen stays frozen."""

from django.db import migrations

from core.append_only import append_only

FREEZE_SNAPSHOTS = """
CREATE TRIGGER reporting_snapshot_frozen BEFORE UPDATE ON reporting_followupreport
FOR EACH ROW WHEN (
    OLD.snapshot_sha256 <> '' AND
    (OLD.snapshot, OLD.snapshot_sha256, OLD.year, OLD.through_date, OLD.version)
    IS DISTINCT FROM
    (NEW.snapshot, NEW.snapshot_sha256, NEW.year, NEW.through_date, NEW.version)
) EXECUTE FUNCTION forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_delivered_lines")]
    operations = [
        migrations.RunSQL(FREEZE_SNAPSHOTS, "DROP TRIGGER reporting_snapshot_frozen ON reporting_followupreport"),
        append_only("reporting_frozenlines"),
    ]
