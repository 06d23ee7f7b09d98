"""Nobody gives and receives a delegation on the same days: nothing is delegated onward, and there are no cycles."""

from django.db import migrations

REFUSE_ONWARD_DELEGATION = """
CREATE FUNCTION organizations_delegation_not_passed_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two that are accepted at the same time wait for each other here.
    PERFORM pg_advisory_xact_lock(hashtext('organizations_delegation_not_passed_on'));
    IF EXISTS (
        SELECT FROM organizations_delegation AS other
        WHERE other.id <> NEW.id AND other.accepted_at IS NOT NULL AND other.revoked_at IS NULL
          AND other.valid_during && NEW.valid_during
          AND (other.delegator_id = NEW.delegate_id OR other.delegate_id = NEW.delegator_id)
    ) THEN
        RAISE EXCEPTION 'a delegation is not passed on' USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'delegation_not_passed_on';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER organizations_delegation_not_passed_on AFTER INSERT OR UPDATE ON organizations_delegation
FOR EACH ROW WHEN (NEW.accepted_at IS NOT NULL AND NEW.revoked_at IS NULL)
EXECUTE FUNCTION organizations_delegation_not_passed_on();
"""
UNDO = """
DROP TRIGGER organizations_delegation_not_passed_on ON organizations_delegation;
DROP FUNCTION organizations_delegation_not_passed_on();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_delegations_accepted")]
    operations = [migrations.RunSQL(REFUSE_ONWARD_DELEGATION, UNDO)]
