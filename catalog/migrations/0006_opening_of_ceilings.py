"""What was committed under an item's ceiling when it was registered, and its pack then, are kept beside what is committed now."""

from django.db import migrations

KEEP_OPENING = """
CREATE FUNCTION keep_opening_of_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.opening_quantity := CASE TG_OP WHEN 'INSERT' THEN NEW.committed_quantity ELSE OLD.opening_quantity END;
    NEW.units_per_order_unit := CASE TG_OP
        WHEN 'INSERT' THEN (SELECT units_per_order_unit FROM catalog_item WHERE id = NEW.item_id)
        ELSE OLD.units_per_order_unit END;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_itemceiling_opening BEFORE INSERT OR UPDATE OF opening_quantity, units_per_order_unit ON catalog_itemceiling
FOR EACH ROW EXECUTE FUNCTION keep_opening_of_ceiling();
"""
FORGET = "DROP TRIGGER catalog_itemceiling_opening ON catalog_itemceiling; DROP FUNCTION keep_opening_of_ceiling()"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_replacements")]
    operations = [migrations.RunSQL(KEEP_OPENING, FORGET)]
