"""What was sent is never changed, and an attempt that has ended neither."""

from django.db import migrations

from core.append_only import append_only

FREEZE_ENDED_ATTEMPTS = """
CREATE TRIGGER procurement_sendattempt_ended BEFORE UPDATE ON procurement_sendattempt
FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER procurement_sendattempt_kept BEFORE DELETE ON procurement_sendattempt
FOR EACH ROW EXECUTE FUNCTION forbid_change();
"""
THAW = """
DROP TRIGGER procurement_sendattempt_kept ON procurement_sendattempt;
DROP TRIGGER procurement_sendattempt_ended ON procurement_sendattempt;
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0003_sending")]
    operations = [
        append_only("procurement_orderdocument"),
        migrations.RunSQL(FREEZE_ENDED_ATTEMPTS, THAW),
    ]
