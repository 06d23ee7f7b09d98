"""What an attest was judged on stays as it was, too; see procurement/frozen.py."""

from django.db import migrations

FROZEN = """
DROP TRIGGER procurement_attest_frozen ON procurement_budgetattest;
CREATE TRIGGER procurement_attest_frozen BEFORE UPDATE ON procurement_budgetattest
FOR EACH ROW WHEN (
    OLD.decided_at IS NOT NULL AND
    ((OLD.id, OLD.requisition_id, OLD.amount, OLD."limit", {old}OLD.responsible_id, OLD.requested_at,
      OLD.decided_by_id, OLD.on_behalf_of_id, OLD.decided_at, OLD.comment)
     IS DISTINCT FROM
     (NEW.id, NEW.requisition_id, NEW.amount, NEW."limit", {new}NEW.responsible_id, NEW.requested_at,
      NEW.decided_by_id, NEW.on_behalf_of_id, NEW.decided_at, NEW.comment)
     OR NEW.status <> OLD.status AND NEW.status <> 'superseded')
) EXECUTE FUNCTION forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0009_gates")]
    operations = [
        migrations.RunSQL(
            FROZEN.format(old="OLD.earlier_amount, ", new="NEW.earlier_amount, "), FROZEN.format(old="", new="")
        )
    ]
