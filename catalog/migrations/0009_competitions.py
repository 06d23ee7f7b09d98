"""
A competition invites every supplier of its agreement, is won by a bid that came in time, and stays as it was decided.

One about items is won by a bid with a price of each.
"""

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
    IF EXISTS (
        SELECT FROM catalog_competitionitem asked WHERE asked.competition_id = NEW.id AND NOT EXISTS (
            SELECT FROM catalog_bidprice price WHERE price.bid_id = NEW.winner_id AND price.item_id = asked.item_id)
    ) THEN
        RAISE EXCEPTION 'competition % is won by a bid with a price of each item', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'competition_won_by_a_priced_bid';
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

PRICES = """
CREATE TRIGGER catalog_bid_price_pack BEFORE INSERT ON catalog_bidprice
FOR EACH ROW WHEN (NEW.units_per_order_unit IS NULL AND NEW.order_unit = '') EXECUTE FUNCTION keep_pack_of_price();

CREATE FUNCTION catalog_guard_bid_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM catalog_competitionbid bid JOIN catalog_competitionitem asked ON asked.competition_id = bid.competition_id
        WHERE bid.id = NEW.bid_id AND bid.outcome = 'bid' AND asked.item_id = NEW.item_id
    ) THEN
        RAISE EXCEPTION 'bid % is none, or its competition is not about item %', NEW.bid_id, NEW.item_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bid_price_is_of_its_competition';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_bid_price_guarded BEFORE INSERT ON catalog_bidprice
FOR EACH ROW EXECUTE FUNCTION catalog_guard_bid_price();

CREATE FUNCTION catalog_guard_prices_of_bid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    price catalog_bidprice := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF EXISTS (
        SELECT FROM catalog_competitionbid bid JOIN catalog_renewedcompetition competition ON competition.id = bid.competition_id
        WHERE bid.id = price.bid_id AND competition.status <> 'open'
    ) THEN
        RAISE EXCEPTION 'the competition of bid % is decided', price.bid_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'competition_is_decided';
    END IF;
    RETURN price;
END $$;
CREATE TRIGGER catalog_bid_price_open BEFORE INSERT OR DELETE ON catalog_bidprice
FOR EACH ROW EXECUTE FUNCTION catalog_guard_prices_of_bid();
CREATE TRIGGER catalog_bid_price_kept BEFORE UPDATE ON catalog_bidprice
FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE FUNCTION catalog_guard_unpriced_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM catalog_bidprice WHERE bid_id = NEW.id) THEN
        RAISE EXCEPTION 'answer % is no bid and has prices', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'bid_price_is_of_a_bid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_competition_answer_unpriced BEFORE UPDATE ON catalog_competitionbid
FOR EACH ROW WHEN (NEW.outcome <> 'bid') EXECUTE FUNCTION catalog_guard_unpriced_answer();
"""
FORGET = """
DROP TRIGGER catalog_competition_answer_unpriced ON catalog_competitionbid;
DROP FUNCTION catalog_guard_unpriced_answer();
DROP TRIGGER catalog_bid_price_kept ON catalog_bidprice;
DROP TRIGGER catalog_bid_price_open ON catalog_bidprice;
DROP FUNCTION catalog_guard_prices_of_bid();
DROP TRIGGER catalog_bid_price_guarded ON catalog_bidprice;
DROP FUNCTION catalog_guard_bid_price();
DROP TRIGGER catalog_bid_price_pack ON catalog_bidprice;
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
        migrations.RunSQL(INVITE + AWARD + INVITED_IN_TIME + FREEZE + PRICES, FORGET),
        append_only("catalog_competitionitem"),
        never_emptied("catalog_renewedcompetition"),
        never_emptied("catalog_competitionbid"),
        never_emptied("catalog_bidprice"),
    ]
