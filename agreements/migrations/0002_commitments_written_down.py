"""Every change of what is committed under an agreement is written down by the database, and stays."""

from django.db import migrations

from core.append_only import append_only

WRITE_DOWN = """
CREATE FUNCTION write_down_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO agreements_commitment (agreement_id, at, amount, is_opening)
        VALUES (NEW.id, coalesce(NEW.committed_at, now()), NEW.committed_amount, true);
    ELSE
        INSERT INTO agreements_commitment (agreement_id, at, amount, is_opening)
        VALUES (NEW.id, coalesce(NEW.committed_at, now()), NEW.committed_amount - OLD.committed_amount, false);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER agreements_agreement_opening AFTER INSERT ON agreements_agreement
FOR EACH ROW WHEN (NEW.committed_amount <> 0) EXECUTE FUNCTION write_down_commitment();
CREATE TRIGGER agreements_agreement_commitment AFTER UPDATE OF committed_amount ON agreements_agreement
FOR EACH ROW WHEN (NEW.committed_amount <> OLD.committed_amount) EXECUTE FUNCTION write_down_commitment();
"""

FORGET = """
DROP TRIGGER agreements_agreement_opening ON agreements_agreement;
DROP TRIGGER agreements_agreement_commitment ON agreements_agreement;
DROP FUNCTION write_down_commitment();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("core", "0001_extensions")]
    operations = [migrations.RunSQL(WRITE_DOWN, FORGET), append_only("agreements_commitment")]
