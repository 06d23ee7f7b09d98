"""One view over everything delivered: each line with what it kept of its own day."""

from django.db import migrations

DELIVERED_LINES = """
CREATE VIEW reporting_deliveredline AS
SELECT 'r' || rl.id AS key, rl.id AS receipt_line_id, NULL::bigint AS history_line_id,
       (r.received_at AT TIME ZONE 'Europe/Stockholm')::date AS delivered_date,
       ol.item_id, ol.description, o.agreement_id,
       rl.administration_id, rl.administration_name, rl.department_id, rl.department_name, rl.cost_center,
       rl.category_id, rl.category_code, rl.category_name, rl.category_lineage,
       rl.supplier_id, rl.supplier_name, rl.supplier_org_number,
       rl.quantity, ol.unit, rl.units_per_order_unit, rl.unit_price, rl.amount, 'SEK' AS currency,
       rl.stands_for_id, rl.stands_for_factor
FROM procurement_receiptline rl
JOIN procurement_receipt r ON r.id = rl.receipt_id
JOIN procurement_allocation a ON a.id = rl.allocation_id
JOIN procurement_orderline ol ON ol.id = a.order_line_id
JOIN procurement_purchaseorder o ON o.id = ol.order_id
WHERE rl.quantity > 0
UNION ALL
SELECT 'h' || h.id, NULL, h.id, h.delivered_date,
       h.item_id, h.description, h.agreement_id,
       h.administration_id, h.administration_name, h.department_id, h.department_name, h.cost_center,
       h.category_id, h.category_code, h.category_name, h.category_lineage,
       h.supplier_id, h.supplier_name, h.supplier_org_number,
       h.quantity, h.unit, h.units_per_order_unit, h.unit_price, h.amount, h.currency,
       NULL, NULL
FROM history_purchasehistoryline h
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [migrations.RunSQL(DELIVERED_LINES, "DROP VIEW reporting_deliveredline")]
