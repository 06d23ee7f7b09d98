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
           ol.expected_date, ol.item_id, ol.description, o.agreement_id, ol.unit, ol.units_per_order_unit,
           CASE WHEN l.approved_factor IS NOT NULL THEN l.item_id END, l.approved_factor,
           CASE WHEN d.closed_date <= (r.received_at AT TIME ZONE 'Europe/Stockholm')::date THEN d.merged_into_id END
    INTO NEW.administration_id, NEW.administration_name, NEW.department_id, NEW.department_name, NEW.cost_center,
         NEW.category_id, NEW.category_code, NEW.category_name, NEW.category_lineage,
         NEW.supplier_id, NEW.supplier_name, NEW.supplier_org_number, NEW.delivered_date,
         NEW.expected_date, NEW.item_id, NEW.description, NEW.agreement_id, NEW.unit, NEW.units_per_order_unit,
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
FOR EACH ROW WHEN (NEW.department_id IS NULL AND NEW.reverses_id IS NULL) EXECUTE FUNCTION keep_origin_of_receipt();

CREATE FUNCTION keep_origin_of_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
-- A row that counts another away is of the same day, price and origin, and never counts away more than came.
DECLARE
    what procurement_receipt%ROWTYPE;
    came procurement_receiptline%ROWTYPE;
    gone numeric;
    times integer;
    is_mistake boolean;
BEGIN
    SELECT * INTO STRICT came FROM procurement_receiptline WHERE id = NEW.reverses_id FOR NO KEY UPDATE;
    SELECT * INTO STRICT what FROM procurement_receipt WHERE id = NEW.receipt_id;
    SELECT coalesce(sum(-l.quantity), 0), count(*), coalesce(bool_or(r.kind = 'taken_back'), false)
    INTO gone, times, is_mistake
    FROM procurement_receiptline l JOIN procurement_receipt r ON r.id = l.receipt_id WHERE l.reverses_id = came.id;
    IF came.reverses_id IS NOT NULL OR what.takes_back_id IS DISTINCT FROM came.receipt_id OR is_mistake
       OR came.quantity - gone + NEW.quantity < 0
       OR what.kind = 'taken_back' AND (times > 0 OR NEW.quantity <> -came.quantity
                                        OR NEW.closed_quantity <> -came.closed_quantity) THEN
        RAISE EXCEPTION 'a received row is counted away once, and no more of it than came'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.allocation_id := came.allocation_id;
    NEW.unit_price := came.unit_price;
    NEW.amount := round(came.unit_price * NEW.quantity, 2);
    NEW.administration_id := came.administration_id;
    NEW.administration_name := came.administration_name;
    NEW.department_id := came.department_id;
    NEW.department_name := came.department_name;
    NEW.cost_center := came.cost_center;
    NEW.category_id := came.category_id;
    NEW.category_code := came.category_code;
    NEW.category_name := came.category_name;
    NEW.category_lineage := came.category_lineage;
    NEW.supplier_id := came.supplier_id;
    NEW.supplier_name := came.supplier_name;
    NEW.supplier_org_number := came.supplier_org_number;
    NEW.delivered_date := came.delivered_date;
    NEW.expected_date := came.expected_date;
    NEW.item_id := came.item_id;
    NEW.description := came.description;
    NEW.agreement_id := came.agreement_id;
    NEW.unit := came.unit;
    NEW.units_per_order_unit := came.units_per_order_unit;
    NEW.stands_for_id := came.stands_for_id;
    NEW.stands_for_factor := came.stands_for_factor;
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_receiptline_reversal BEFORE INSERT ON procurement_receiptline
FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION keep_origin_of_reversal();
"""
FORGET = """
DROP TRIGGER procurement_receiptline_reversal ON procurement_receiptline;
DROP FUNCTION keep_origin_of_reversal();
DROP TRIGGER procurement_receiptline_origin ON procurement_receiptline;
DROP FUNCTION keep_origin_of_receipt();
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0003_frozen")]
    operations = [migrations.RunSQL(KEEP_ORIGIN, FORGET)]
