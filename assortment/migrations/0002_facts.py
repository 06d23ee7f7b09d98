"""What is said about a proposal stays: decisions, votes as they were cast, questions and answers."""

from django.db import migrations

from core.append_only import append_only, never_emptied

VOTES = """
CREATE FUNCTION assortment_vote_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND (NEW.proposal_id, NEW.user_id) <> (OLD.proposal_id, OLD.user_id) THEN
        RAISE EXCEPTION 'assortment_vote is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM assortment_proposal WHERE id = NEW.proposal_id AND council_id IS NOT NULL
                   AND status IN ('assessed', 'returned') AND proposer_id <> NEW.user_id) OR TG_OP = 'UPDATE' AND OLD.stance = 'conflict' THEN
        RAISE EXCEPTION 'assortment_vote: nobody votes now, on her own proposal, or in conflict' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assortment_vote_open BEFORE INSERT OR UPDATE OR DELETE ON assortment_vote
FOR EACH ROW EXECUTE FUNCTION assortment_vote_is_open();
CREATE FUNCTION assortment_vote_was_cast() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assortment_castvote (vote_id, stance, note, at) VALUES (NEW.id, NEW.stance, NEW.note, NEW.at);
    RETURN NULL;
END $$;
CREATE TRIGGER assortment_vote_cast AFTER INSERT OR UPDATE ON assortment_vote
FOR EACH ROW EXECUTE FUNCTION assortment_vote_was_cast();
"""
NO_VOTES = """
DROP TRIGGER assortment_vote_cast ON assortment_vote; DROP FUNCTION assortment_vote_was_cast();
DROP TRIGGER assortment_vote_open ON assortment_vote; DROP FUNCTION assortment_vote_is_open();
"""

DECIDED = """
CREATE FUNCTION assortment_proposal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.proposer_id, OLD.kind, OLD.title, OLD.reason, OLD.proposed_at)
            IS DISTINCT FROM (NEW.proposer_id, NEW.kind, NEW.title, NEW.reason, NEW.proposed_at)
            OR OLD.status IN ('accepted', 'declined', 'withdrawn') AND OLD.status <> NEW.status THEN
        RAISE EXCEPTION 'assortment_proposal is kept as it was' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assortment_proposal_kept BEFORE UPDATE OR DELETE ON assortment_proposal
FOR EACH ROW EXECUTE FUNCTION assortment_proposal_stays();
CREATE FUNCTION assortment_decided_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM assortment_proposal WHERE id = NEW.proposal_id
               AND proposer_id IN (NEW.by_id, NEW.on_behalf_of_id)) THEN
        RAISE EXCEPTION 'assortment_proposaldecision: nobody decides her own proposal' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM assortment_vote WHERE proposal_id = NEW.proposal_id AND stance = 'conflict'
               AND user_id IN (NEW.by_id, NEW.on_behalf_of_id)) THEN
        RAISE EXCEPTION 'assortment_proposaldecision: nobody decides in conflict' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assortment_decision_by_another BEFORE INSERT ON assortment_proposaldecision
FOR EACH ROW EXECUTE FUNCTION assortment_decided_by_another();
"""
UNDECIDED = """
DROP TRIGGER assortment_decision_by_another ON assortment_proposaldecision;
DROP FUNCTION assortment_decided_by_another();
DROP TRIGGER assortment_proposal_kept ON assortment_proposal; DROP FUNCTION assortment_proposal_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("assortment", "0001_initial"), ("core", "0001_extensions")]
    operations = [
        append_only("assortment_affecteditem"),
        append_only("assortment_castvote"),
        append_only("assortment_decideditem"),
        append_only("assortment_decidedstep"),
        append_only("assortment_proposaldecision"),
        append_only("assortment_proposalfile"),
        append_only("assortment_proposalquestion"),
        append_only("assortment_proposalreply"),
        never_emptied("assortment_proposal"),
        never_emptied("assortment_vote"),
        migrations.RunSQL(VOTES, NO_VOTES),
        migrations.RunSQL(DECIDED, UNDECIDED),
    ]
