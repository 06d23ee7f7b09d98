"""A ceiling for an item that comes while the agreement runs counts what is approved under it already."""

from django.db import migrations

COUNT = """
CREATE FUNCTION count_approved_under_item_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever approves under the agreement holds it; her line is either counted here, or finds the ceiling.
    PERFORM FROM agreements_agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE;
    NEW.committed_quantity := NEW.committed_quantity + coalesce((
        SELECT sum(
            round((approved_quantity - released_quantity) * approved_units_per_order_unit / NEW.units_per_order_unit, 3)
        ) FROM procurement_requisitionline
        WHERE approved_agreement_id = NEW.agreement_id AND approved_item_id = NEW.item_id
            AND status IN ('approved', 'ordered', 'partly_received', 'received')
    ), 0);
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_item_ceiling_counts BEFORE INSERT ON catalog_itemceiling
FOR EACH ROW EXECUTE FUNCTION count_approved_under_item_ceiling();
"""
FORGET = """
DROP TRIGGER procurement_item_ceiling_counts ON catalog_itemceiling;
DROP FUNCTION count_approved_under_item_ceiling();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0003_the_register"),
        ("catalog", "0006_opening_of_ceilings"),
        ("procurement", "0004_receipts_keep_their_origin"),
    ]
    operations = [migrations.RunSQL(COUNT, FORGET)]
