"""A competition invites every supplier of its agreement, is won by a bid that came in time, and stays as it was decided."""

from django.db import migrations

from core.append_only import append_only, never_emptied

INVITE = """
CREATE FUNCTION catalog_invite_suppliers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_competitionbid (competition_id, supplier_id, invited_date)
    SELECT NEW.id, place.supplier_id, NEW.invited_date FROM agreements_agreementsupplier place
    WHERE place.agreement_id = NEW.agreement_id ORDER BY place.rank, place.id;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_competition_invites AFTER INSERT ON catalog_renewedcompetition
FOR EACH ROW EXECUTE FUNCTION catalog_invite_suppliers();
"""

AWARD = """
CREATE FUNCTION catalog_award_competition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM catalog_competitionbid WHERE id = NEW.winner_id AND competition_id = NEW.id AND outcome = 'bid'
    ) OR EXISTS (SELECT FROM catalog_competitionbid WHERE competition_id = NEW.id AND outcome = 'awaited')
    OR (NEW.decided_at AT TIME ZONE 'Europe/Stockholm')::date <= NEW.bids_by_date THEN
        RAISE EXCEPTION 'competition % is won by a bid, when the time to bid is over', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'competition_won_by_a_bid_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_competition_awarded BEFORE INSERT OR UPDATE ON catalog_renewedcompetition
FOR EACH ROW WHEN (NEW.status = 'awarded') EXECUTE FUNCTION catalog_award_competition();
"""

INVITED_IN_TIME = """
CREATE FUNCTION catalog_guard_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM catalog_renewedcompetition competition
        WHERE competition.id = NEW.competition_id
        AND NEW.invited_date >= competition.invited_date AND NEW.invited_date < competition.bids_by_date
    ) THEN
        RAISE EXCEPTION 'whoever is invited to competition % has time to bid', NEW.competition_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'competition_invites_in_time';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_competition_bid_invited BEFORE INSERT ON catalog_competitionbid
FOR EACH ROW EXECUTE FUNCTION catalog_guard_invitation();
"""

FREEZE = """
CREATE TRIGGER catalog_competition_frozen BEFORE UPDATE ON catalog_renewedcompetition
FOR EACH ROW WHEN (
    OLD.status <> 'open' OR
    (OLD.id, OLD.agreement_id, OLD.subject, OLD.diary_number, OLD.invited_date, OLD.bids_by_date, OLD.started_by_id, OLD.started_at)
    IS DISTINCT FROM
    (NEW.id, NEW.agreement_id, NEW.subject, NEW.diary_number, NEW.invited_date, NEW.bids_by_date, NEW.started_by_id, NEW.started_at)
) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER catalog_competition_kept BEFORE DELETE ON catalog_renewedcompetition
FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE FUNCTION catalog_guard_competition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM catalog_renewedcompetition WHERE id = NEW.competition_id AND status <> 'open') THEN
        RAISE EXCEPTION 'competition % is decided', NEW.competition_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'competition_is_decided';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_competition_bid_guarded BEFORE INSERT OR UPDATE ON catalog_competitionbid
FOR EACH ROW EXECUTE FUNCTION catalog_guard_competition();
CREATE TRIGGER catalog_competition_bid_of_one BEFORE UPDATE OF competition_id, supplier_id, invited_date ON catalog_competitionbid
FOR EACH ROW WHEN (
    (OLD.competition_id, OLD.supplier_id, OLD.invited_date) IS DISTINCT FROM (NEW.competition_id, NEW.supplier_id, NEW.invited_date)
)
EXECUTE FUNCTION forbid_change();
CREATE TRIGGER catalog_competition_bid_kept BEFORE DELETE ON catalog_competitionbid
FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER catalog_competition_item_guarded BEFORE INSERT ON catalog_competitionitem
FOR EACH ROW EXECUTE FUNCTION catalog_guard_competition();
"""
FORGET = """
DROP TRIGGER catalog_competition_bid_invited ON catalog_competitionbid;
DROP FUNCTION catalog_guard_invitation();
DROP TRIGGER catalog_competition_item_guarded ON catalog_competitionitem;
DROP TRIGGER catalog_competition_bid_kept ON catalog_competitionbid;
DROP TRIGGER catalog_competition_bid_of_one ON catalog_competitionbid;
DROP TRIGGER catalog_competition_bid_guarded ON catalog_competitionbid;
DROP FUNCTION catalog_guard_competition();
DROP TRIGGER catalog_competition_kept ON catalog_renewedcompetition;
DROP TRIGGER catalog_competition_frozen ON catalog_renewedcompetition;
DROP TRIGGER catalog_competition_awarded ON catalog_renewedcompetition;
DROP FUNCTION catalog_award_competition();
DROP TRIGGER catalog_competition_invites ON catalog_renewedcompetition;
DROP FUNCTION catalog_invite_suppliers();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_the_register"), ("catalog", "0008_item_codes")]
    operations = [
        migrations.RunSQL(INVITE + AWARD + INVITED_IN_TIME + FREEZE, FORGET),
        append_only("catalog_competitionitem"),
        never_emptied("catalog_renewedcompetition"),
        never_emptied("catalog_competitionbid"),
    ]
