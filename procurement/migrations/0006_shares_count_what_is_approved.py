"""A supplier of an agreement that divides what is ordered by shares has what is approved under it already."""

from django.db import migrations

COUNT = """
CREATE FUNCTION procurement_count_share() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever approves under the agreement holds it; her line is either counted here, or finds the place.
    PERFORM FROM agreements_agreement WHERE id = NEW.agreement_id AND call_off_method = 'distribution_key' FOR NO KEY UPDATE;
    IF FOUND THEN
        NEW.committed_amount := coalesce((
            SELECT sum(approved_amount - released_amount) FROM procurement_requisitionline
            WHERE approved_agreement_id = NEW.agreement_id AND approved_supplier_id = NEW.supplier_id
                AND status IN ('approved', 'ordered', 'partly_received', 'received')
        ), 0);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_share_counts BEFORE INSERT OR UPDATE OF supplier_id ON agreements_agreementsupplier
FOR EACH ROW EXECUTE FUNCTION procurement_count_share();

CREATE FUNCTION procurement_count_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agreements_agreementsupplier SET supplier_id = supplier_id WHERE agreement_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER procurement_shares_count AFTER UPDATE OF call_off_method ON agreements_agreement
FOR EACH ROW WHEN (NEW.call_off_method = 'distribution_key' AND OLD.call_off_method <> 'distribution_key')
EXECUTE FUNCTION procurement_count_shares();
"""
FORGET = """
DROP TRIGGER procurement_shares_count ON agreements_agreement;
DROP FUNCTION procurement_count_shares();
DROP TRIGGER procurement_share_counts ON agreements_agreementsupplier;
DROP FUNCTION procurement_count_share();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_turns"), ("procurement", "0005_item_ceilings_count_what_is_approved")]
    operations = [migrations.RunSQL(COUNT, FORGET)]
