"""A received line keeps whose it was, what it was, from whom and in which pack, as on the day of the receipt."""

from django.db import migrations

KEEP_ORIGIN = """
CREATE FUNCTION keep_origin_of_receipt() RETURNS trigger LANGUAGE plpgsql
-- A plan that is made while the tables are small reads them whole, and a session keeps it while they grow.
SET enable_seqscan = off AS $$
DECLARE
    goes_on bigint;
BEGIN
    SELECT m.id, m.name, d.id, d.name, d.cost_center,
           c.id, coalesce(c.code, ''), coalesce(c.name, ''), c.lineage,
           s.id, s.name, s.org_number, (r.received_at AT TIME ZONE 'Europe/Stockholm')::date,
           ol.item_id, ol.description, o.agreement_id, ol.unit, ol.units_per_order_unit,
           CASE WHEN l.approved_factor IS NOT NULL THEN l.item_id END, l.approved_factor,
           CASE WHEN d.closed_date <= (r.received_at AT TIME ZONE 'Europe/Stockholm')::date THEN d.merged_into_id END
    INTO NEW.administration_id, NEW.administration_name, NEW.department_id, NEW.department_name, NEW.cost_center,
         NEW.category_id, NEW.category_code, NEW.category_name, NEW.category_lineage,
         NEW.supplier_id, NEW.supplier_name, NEW.supplier_org_number, NEW.delivered_date,
         NEW.item_id, NEW.description, NEW.agreement_id, NEW.unit, NEW.units_per_order_unit,
         NEW.stands_for_id, NEW.stands_for_factor, goes_on
    FROM procurement_allocation a
    JOIN procurement_receipt r ON r.id = NEW.receipt_id
    JOIN procurement_orderline ol ON ol.id = a.order_line_id
    JOIN procurement_purchaseorder o ON o.id = ol.order_id
    JOIN agreements_supplier s ON s.id = o.supplier_id
    JOIN procurement_requisitionline l ON l.id = a.line_id
    JOIN procurement_requisition q ON q.id = l.requisition_id
    JOIN organizations_department d ON d.id = coalesce(q.charged_department_id, q.department_id)
    JOIN organizations_administration m ON m.id = d.administration_id
    LEFT JOIN catalog_item i ON i.id = ol.item_id
    LEFT JOIN categories_category c ON c.id = coalesce(i.category_id, l.category_id)
    WHERE a.id = NEW.allocation_id;
    -- A department that has been merged into another no longer pays: what comes is of the one that goes on.
    WHILE goes_on IS NOT NULL LOOP
        SELECT m.id, m.name, d.id, d.name, d.cost_center,
               CASE WHEN d.closed_date <= NEW.delivered_date THEN d.merged_into_id END
        INTO NEW.administration_id, NEW.administration_name, NEW.department_id, NEW.department_name, NEW.cost_center,
             goes_on
        FROM organizations_department d JOIN organizations_administration m ON m.id = d.administration_id
        WHERE d.id = goes_on;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_receiptline_origin BEFORE INSERT ON procurement_receiptline
FOR EACH ROW WHEN (NEW.department_id IS NULL) EXECUTE FUNCTION keep_origin_of_receipt();
"""
FORGET = "DROP TRIGGER procurement_receiptline_origin ON procurement_receiptline; DROP FUNCTION keep_origin_of_receipt()"


class Migration(migrations.Migration):
    dependencies = [("procurement", "0003_frozen")]
    operations = [migrations.RunSQL(KEEP_ORIGIN, FORGET)]
