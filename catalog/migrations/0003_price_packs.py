"""A price of the item's own order unit keeps the pack that the item had when it was registered."""

from django.db import migrations

KEEP_PACK = """
CREATE FUNCTION keep_pack_of_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT units_per_order_unit INTO NEW.units_per_order_unit FROM catalog_item WHERE id = NEW.item_id;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_price_pack BEFORE INSERT ON catalog_price
FOR EACH ROW WHEN (NEW.units_per_order_unit IS NULL AND NEW.order_unit = '') EXECUTE FUNCTION keep_pack_of_price();
"""
FORGET = "DROP TRIGGER catalog_price_pack ON catalog_price; DROP FUNCTION keep_pack_of_price()"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_words")]
    operations = [migrations.RunSQL(KEEP_PACK, FORGET)]
