"""The view over everything delivered reads what each line kept of its own day; a baseline keeps its category and pack."""

from django.db import migrations

DROP = "DROP VIEW IF EXISTS reporting_deliveredline"

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

FROZEN_BASELINES = """
DROP TRIGGER reporting_baseline_frozen ON reporting_baseline;
CREATE TRIGGER reporting_baseline_frozen BEFORE UPDATE ON reporting_baseline
FOR EACH ROW WHEN (
    (OLD.initiative_id, OLD.item_id, OLD.category_id, OLD.category_lineage, OLD.method, OLD.unit,
     OLD.units_per_order_unit, OLD.unit_price, OLD.new_unit_price, OLD.annual_quantity, OLD.evidence, OLD.frozen_at)
    IS DISTINCT FROM
    (NEW.initiative_id, NEW.item_id, NEW.category_id, NEW.category_lineage, NEW.method, NEW.unit,
     NEW.units_per_order_unit, NEW.unit_price, NEW.new_unit_price, NEW.annual_quantity, NEW.evidence, NEW.frozen_at)
    OR OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_by_id, OLD.confirmed_at)
    IS DISTINCT FROM (NEW.confirmed_by_id, NEW.confirmed_at)
) EXECUTE FUNCTION forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0007_origin_and_packs"),
        ("history", "0003_origin_and_packs"),
        ("procurement", "0006_origin_and_packs"),
    ]
    operations = [
        migrations.RunSQL([DROP, DELIVERED_LINES], DROP),
        migrations.RunSQL(FROZEN_BASELINES, migrations.RunSQL.noop),
    ]
