"""One view over everything delivered: each line with what it kept of its own day."""

from django.db import migrations

DELIVERED_LINES = """
CREATE VIEW reporting_deliveredline AS
SELECT 'r' || r.id AS key, r.id AS receipt_line_id, NULL::bigint AS history_line_id, r.delivered_date,
       r.item_id, r.description, r.agreement_id,
       r.administration_id, r.administration_name, r.department_id, r.department_name, r.cost_center,
       r.category_id, r.category_code, r.category_name, r.category_lineage,
       r.supplier_id, r.supplier_name, r.supplier_org_number,
       r.quantity, r.unit, r.units_per_order_unit, r.unit_price, r.amount, 'SEK' AS currency,
       r.stands_for_id, r.stands_for_factor
FROM procurement_receiptline r
WHERE r.quantity <> 0
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
