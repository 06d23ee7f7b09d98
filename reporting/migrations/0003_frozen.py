"""What a report has frozen, and what a baseline is measured from, stays as it was; savings, texts and files only grow."""

from django.db import migrations

from core.append_only import append_only, never_emptied

FREEZE = """
CREATE TRIGGER reporting_snapshot_frozen BEFORE UPDATE ON reporting_followupreport
FOR EACH ROW WHEN (
    OLD.snapshot_sha256 <> '' AND
    (OLD.snapshot, OLD.snapshot_sha256, OLD.year, OLD.through_date, OLD.version)
    IS DISTINCT FROM
    (NEW.snapshot, NEW.snapshot_sha256, NEW.year, NEW.through_date, NEW.version)
) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER reporting_snapshot_kept BEFORE DELETE ON reporting_followupreport
FOR EACH ROW WHEN (OLD.snapshot_sha256 <> '') EXECUTE FUNCTION forbid_change();
CREATE TRIGGER reporting_file_frozen BEFORE UPDATE OR DELETE ON reporting_reportfile
FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION forbid_change();
CREATE TRIGGER reporting_baseline_frozen BEFORE UPDATE ON reporting_baseline
FOR EACH ROW WHEN (
    (OLD.initiative_id, OLD.item_id, OLD.category_id, OLD.category_lineage, OLD.method, OLD.unit,
     OLD.units_per_order_unit, OLD.unit_price, OLD.counterfactual_price, OLD.new_unit_price, OLD.annual_quantity,
     OLD.evidence, OLD.frozen_at, OLD.version, OLD.reason, OLD.nature)
    IS DISTINCT FROM
    (NEW.initiative_id, NEW.item_id, NEW.category_id, NEW.category_lineage, NEW.method, NEW.unit,
     NEW.units_per_order_unit, NEW.unit_price, NEW.counterfactual_price, NEW.new_unit_price, NEW.annual_quantity,
     NEW.evidence, NEW.frozen_at, NEW.version, NEW.reason, NEW.nature)
    OR OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_by_id, OLD.confirmed_at)
    IS DISTINCT FROM (NEW.confirmed_by_id, NEW.confirmed_at)
    OR OLD.superseded_at IS NOT NULL AND OLD.superseded_at IS DISTINCT FROM NEW.superseded_at
) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER reporting_baseline_kept BEFORE DELETE ON reporting_baseline
FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL) EXECUTE FUNCTION forbid_change();
"""
THAW = """
DROP TRIGGER reporting_baseline_kept ON reporting_baseline;
DROP TRIGGER reporting_baseline_frozen ON reporting_baseline;
DROP TRIGGER reporting_file_frozen ON reporting_reportfile;
DROP TRIGGER reporting_snapshot_kept ON reporting_followupreport;
DROP TRIGGER reporting_snapshot_frozen ON reporting_followupreport;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_delivered_lines"), ("core", "0001_extensions")]
    operations = [
        migrations.RunSQL(FREEZE, THAW),
        never_emptied("reporting_followupreport"),
        never_emptied("reporting_baseline"),
        append_only("reporting_saving"),
        append_only("reporting_frozenlines"),
        append_only("reporting_writtentext"),
        append_only("reporting_reporttemplate"),
        append_only("reporting_reportedition"),
        append_only("reporting_reportact"),
        never_emptied("reporting_reportfile"),
    ]
