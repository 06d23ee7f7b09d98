"""A line from another system keeps the organisation, category, supplier and pack of the day that it came in."""

from django.db import migrations

KEEP_ORIGIN = """
CREATE FUNCTION keep_origin_of_history() RETURNS trigger LANGUAGE plpgsql
-- A plan that is made while the tables are small reads them whole, and a session keeps it while they grow.
SET enable_seqscan = off AS $$
DECLARE
    found record;
BEGIN
    SELECT m.id AS administration_id, m.name AS administration_name, d.name AS department_name, d.cost_center,
           c.code AS category_code, c.name AS category_name, c.lineage, s.name AS supplier_name, s.org_number,
           i.units_per_order_unit AS units
    INTO found
    FROM (SELECT 1) AS line
    LEFT JOIN organizations_department d ON d.id = NEW.department_id
    LEFT JOIN organizations_administration m ON m.id = d.administration_id
    LEFT JOIN categories_category c ON c.id = NEW.category_id
    LEFT JOIN agreements_supplier s ON s.id = NEW.supplier_id
    LEFT JOIN catalog_item i ON i.id = NEW.item_id;
    NEW.administration_id := coalesce(NEW.administration_id, found.administration_id);
    NEW.administration_name := coalesce(nullif(NEW.administration_name, ''), found.administration_name, '');
    NEW.department_name := coalesce(nullif(NEW.department_name, ''), found.department_name, '');
    NEW.cost_center := coalesce(nullif(NEW.cost_center, ''), found.cost_center, '');
    NEW.category_code := coalesce(nullif(NEW.category_code, ''), found.category_code, '');
    NEW.category_name := coalesce(nullif(NEW.category_name, ''), found.category_name, '');
    NEW.category_lineage := coalesce(NEW.category_lineage, found.lineage);
    NEW.supplier_name := coalesce(nullif(NEW.supplier_name, ''), found.supplier_name, '');
    NEW.supplier_org_number := coalesce(nullif(NEW.supplier_org_number, ''), found.org_number, '');
    NEW.units_per_order_unit := coalesce(NEW.units_per_order_unit, found.units);
    RETURN NEW;
END $$;
CREATE TRIGGER history_line_origin BEFORE INSERT ON history_purchasehistoryline
FOR EACH ROW WHEN (
    NEW.department_id IS NOT NULL AND NEW.administration_id IS NULL
    OR NEW.category_id IS NOT NULL AND NEW.category_lineage IS NULL
    OR NEW.supplier_id IS NOT NULL AND coalesce(NEW.supplier_org_number, '') = ''
    OR NEW.item_id IS NOT NULL AND NEW.units_per_order_unit IS NULL
) EXECUTE FUNCTION keep_origin_of_history();
"""
FORGET = "DROP TRIGGER history_line_origin ON history_purchasehistoryline; DROP FUNCTION keep_origin_of_history()"


class Migration(migrations.Migration):
    dependencies = [("history", "0002_facts")]
    operations = [migrations.RunSQL(KEEP_ORIGIN, FORGET)]
