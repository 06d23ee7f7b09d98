"""What a baseline froze stays as it was; a confirmation is not taken back."""

from django.db import migrations

FREEZE_BASELINES = """
CREATE TRIGGER reporting_baseline_frozen BEFORE UPDATE ON reporting_baseline
FOR EACH ROW WHEN (
    (OLD.initiative_id, OLD.item_id, OLD.method, OLD.unit_price, OLD.new_unit_price, OLD.annual_quantity, OLD.evidence,
     OLD.frozen_at)
    IS DISTINCT FROM
    (NEW.initiative_id, NEW.item_id, NEW.method, NEW.unit_price, NEW.new_unit_price, NEW.annual_quantity, NEW.evidence,
     NEW.frozen_at)
    OR OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_by_id, OLD.confirmed_at)
    IS DISTINCT FROM (NEW.confirmed_by_id, NEW.confirmed_at)
) EXECUTE FUNCTION forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_frozen_reports")]
    operations = [migrations.RunSQL(FREEZE_BASELINES, "DROP TRIGGER reporting_baseline_frozen ON reporting_baseline")]
