"""A report's files stay as they were made, and a report that has frozen its figures is not deleted."""

from django.db import migrations

from core.append_only import append_only, never_emptied

KEEP = """
CREATE TRIGGER reporting_snapshot_kept BEFORE DELETE ON reporting_followupreport
FOR EACH ROW WHEN (OLD.snapshot_sha256 <> '') EXECUTE FUNCTION forbid_change();
CREATE TRIGGER reporting_baseline_kept BEFORE DELETE ON reporting_baseline
FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_replaced_baselines_and_corrections")]
    operations = [
        append_only("reporting_reportfile"),
        migrations.RunSQL(
            KEEP,
            "DROP TRIGGER reporting_baseline_kept ON reporting_baseline;"
            "DROP TRIGGER reporting_snapshot_kept ON reporting_followupreport",
        ),
        never_emptied("reporting_followupreport"),
        never_emptied("reporting_baseline"),
    ]
