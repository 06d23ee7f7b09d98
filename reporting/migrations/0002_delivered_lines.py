"""One view over everything delivered, and a savings register that only grows."""

from django.db import migrations

from core.append_only import append_only

DELIVERED_LINES = """
CREATE VIEW reporting_deliveredline AS
SELECT 'r' || rl.id AS key, rl.id AS receipt_line_id, NULL::bigint AS history_line_id,
       (r.received_at AT TIME ZONE 'Europe/Stockholm')::date AS delivered_date,
       ol.item_id, q.charged_department_id AS department_id, o.supplier_id,
       coalesce(i.category_id, l.category_id) AS category_id, o.agreement_id,
       rl.quantity, rl.unit_price, rl.amount, 'SEK' AS currency
FROM procurement_receiptline rl
JOIN procurement_receipt r ON r.id = rl.receipt_id
JOIN procurement_allocation a ON a.id = rl.allocation_id
JOIN procurement_orderline ol ON ol.id = a.order_line_id
JOIN procurement_purchaseorder o ON o.id = ol.order_id
JOIN procurement_requisitionline l ON l.id = a.line_id
JOIN procurement_requisition q ON q.id = l.requisition_id
LEFT JOIN catalog_item i ON i.id = ol.item_id
WHERE rl.quantity > 0
UNION ALL
SELECT 'h' || h.id, NULL, h.id, h.delivered_date, h.item_id, h.department_id, h.supplier_id, h.category_id,
       h.agreement_id, h.quantity, h.unit_price, h.amount, h.currency
FROM history_purchasehistoryline h
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial"), ("procurement", "0002_facts")]
    operations = [
        migrations.RunSQL(DELIVERED_LINES, "DROP VIEW reporting_deliveredline"),
        append_only("reporting_saving"),
    ]
