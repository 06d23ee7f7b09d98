"""Where an agreement divides what is ordered by shares, the database says whose turn it is: who is farthest below its share."""

from django.db import migrations

TURNS = """
CREATE FUNCTION agreements_take_turns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    concerned bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END;
BEGIN
    -- Places that have no share have the same one; of those equally far below, the first in rank.
    UPDATE agreements_agreementsupplier place SET turn = ordered.turn FROM (
        SELECT id, row_number() OVER (
            ORDER BY committed_amount - coalesce(share_percent, 100.0 / of_agreement.places) / 100 * of_agreement.amount, rank, id
        ) AS turn
        FROM agreements_agreementsupplier, (
            SELECT count(*) AS places, sum(committed_amount) AS amount
            FROM agreements_agreementsupplier WHERE agreement_id = concerned
        ) of_agreement
        WHERE agreement_id = concerned
    ) ordered
    WHERE place.id = ordered.id AND place.turn <> ordered.turn;
    RETURN NULL;
END $$;
CREATE TRIGGER agreements_agreementsupplier_turns
AFTER INSERT OR DELETE OR UPDATE OF committed_amount, supplier_id, share_percent, rank ON agreements_agreementsupplier
FOR EACH ROW EXECUTE FUNCTION agreements_take_turns();
"""
NO_TURNS = """
DROP TRIGGER agreements_agreementsupplier_turns ON agreements_agreementsupplier;
DROP FUNCTION agreements_take_turns();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0004_index_clauses")]
    operations = [migrations.RunSQL(TURNS, NO_TURNS)]
