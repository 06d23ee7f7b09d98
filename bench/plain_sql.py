"""The same rows as the chain writes, by plain SQL: four transactions, no rule asked, nothing read that is not needed."""

from collections.abc import Callable
from uuid import uuid4

import psycopg2

from bench.seat import LINES, Seat
from config.local import var_dir
from devservers.servers import Servers

REQUISITION = """
INSERT INTO procurement_requisition (key, key_content, number, department_id, requester_id, charged_department_id, activity_id,
    delivery_place_id, needed_by_date, reason, created_at, submitted_at)
VALUES (%(key)s, '', 'S' || nextval('procurement_requisition_number'), %(department)s, %(requester)s, %(department)s,
    %(activity)s, %(place)s, %(day)s, '', now(), now()) RETURNING id
"""
LINES_OF = """
INSERT INTO procurement_requisitionline (requisition_id, position, version, kind, item_id, description, specification,
    service_place, suggested_supplier, quantity, unit, units_per_order_unit, unit_price, is_price_estimated, amount,
    category_id, agreement_id, supplier_id, account_id, charged_department_id, delivery_place_id, needed_by_date, lead_days, status, responsible_id, routing_rule, routing_facts,
    response_due_date, submitted_at, approved_unit, is_account_chosen, released_quantity, released_amount, taken_back_reason,
    approved_condition)
SELECT %(requisition)s, row_number() OVER (ORDER BY i.id), 1, 'item', i.id, i.name, '', '', '', 10, i.order_unit, 1,
    p.unit_price, false, round(p.unit_price * 10, 2), i.category_id, p.agreement_id, p.supplier_id, %(account)s,
    %(department)s, %(place)s, %(day)s, 3,
    'awaiting', %(manager)s, 'manager', '{}', %(day)s, now(), '', false, 0, 0, '', ''
FROM catalog_item i JOIN catalog_price p ON p.item_id = i.id WHERE i.id = ANY(%(items)s) RETURNING id
"""
TRAIL = """
INSERT INTO audit_entry (at, event, by_id, by_name, on_behalf_of_name, rule, subject_type, subject_id, subject_label,
    details) SELECT now(), %(event)s, %(by)s, 'Bänk', '', '', 'line', unnest(%(subjects)s), 'Artikel', '{}'
"""
COMMIT_CEILING = "UPDATE agreements_agreement SET committed_amount = committed_amount + %(amount)s WHERE id = %(agreement)s"
APPROVE = """
UPDATE procurement_requisitionline SET status = 'approved', approved_item_id = item_id, approved_quantity = quantity,
    approved_unit = unit, approved_unit_price = unit_price, approved_amount = amount, approved_agreement_id = agreement_id,
    approved_supplier_id = supplier_id, decided_by_id = %(manager)s, decided_at = now(), order_due_at = now()
WHERE id = ANY(%(lines)s)
"""
DECISIONS = """
INSERT INTO procurement_linedecision (line_id, kind, by_id, rule, nature, at, reason_code, comment, item_id, quantity,
    unit_price, exception_ground, exception_reason)
SELECT id, 'approved', %(manager)s, 'manager', 'execution', now(), '', '', item_id, quantity, unit_price, '', ''
FROM procurement_requisitionline WHERE id = ANY(%(lines)s)
"""
ORDER = """
INSERT INTO procurement_purchaseorder (number, supplier_id, agreement_id, delivery_place_id, status, created_at,
    created_by_id, next_attempt_at, send_attempts, send_error, freight_amount, version)
VALUES ('S' || nextval('procurement_order_number'), %(supplier)s, %(agreement)s, %(place)s, 'ready', now(), %(manager)s,
    now(), 0, '', 0, 1) RETURNING id
"""
ORDER_LINES = """
WITH made AS (
    INSERT INTO procurement_orderline (order_id, position, item_id, description, quantity, unit, units_per_order_unit,
        unit_price, amount, requested_date, expected_date, answer)
    SELECT %(order)s, position, item_id, description, quantity, unit, units_per_order_unit, unit_price, amount,
        %(day)s, %(day)s, 'none'
    FROM procurement_requisitionline WHERE id = ANY(%(lines)s) RETURNING id, item_id, quantity)
INSERT INTO procurement_allocation (line_id, order_line_id, quantity, received_quantity)
SELECT l.id, made.id, made.quantity, 0
FROM made JOIN procurement_requisitionline l ON l.item_id = made.item_id AND l.id = ANY(%(lines)s) RETURNING id
"""
STATUS = "UPDATE procurement_requisitionline SET status = %(status)s WHERE id = ANY(%(lines)s)"
RECEIPT = """
INSERT INTO procurement_receipt (key, key_content, department_id, received_by_id, received_at, note)
VALUES (%(key)s, '', %(department)s, %(receiver)s, now(), '') RETURNING id
"""
RECEIPT_LINES = """
INSERT INTO procurement_receiptline (receipt_id, allocation_id, quantity, unit_price, amount, deviation,
    deviation_quantity, comment, units_per_order_unit, administration_id, administration_name, department_id,
    department_name, cost_center, category_id, category_code, category_name, category_lineage, supplier_id,
    supplier_name, supplier_org_number, delivered_date, item_id, description, agreement_id, unit)
SELECT %(receipt)s, a.id, a.quantity, o.unit_price, o.amount, 'none', 0, '', 1, m.id, m.name, d.id, d.name, d.cost_center,
    c.id, c.code, c.name, c.lineage, s.id, s.name, s.org_number, current_date, o.item_id, o.description,
    p.agreement_id, o.unit
FROM procurement_allocation a JOIN procurement_orderline o ON o.id = a.order_line_id
    JOIN procurement_purchaseorder p ON p.id = o.order_id JOIN catalog_item i ON i.id = o.item_id JOIN categories_category c ON c.id = i.category_id
    JOIN organizations_department d ON d.id = %(department)s JOIN organizations_administration m ON m.id = d.administration_id
    JOIN agreements_supplier s ON s.id = %(supplier)s
WHERE a.id = ANY(%(allocations)s)
"""
RECEIVED = "UPDATE procurement_allocation SET received_quantity = quantity WHERE id = ANY(%(allocations)s)"


def connect() -> "psycopg2.extensions.connection":
    """Connect to the bench's database."""
    return Servers(var_dir()).postgres.connect()


def client(seat: Seat) -> Callable[[], None]:
    """Give a function that writes one chain's rows."""
    connection = connect()
    connection.autocommit = False

    def chain() -> None:
        facts = {
            **vars(seat),
            "items": list(seat.items),
            "day": seat.needed_by,
            "key": str(uuid4()),
        }
        with connection, connection.cursor() as cursor:

            def ids(statement: str) -> list[int]:
                cursor.execute(statement, facts)
                return [row[0] for row in cursor.fetchall()]

            (facts["requisition"],) = ids(REQUISITION)
            facts["lines"] = ids(LINES_OF)
            facts |= {
                "event": "line.routed",
                "by": seat.requester,
                "subjects": [facts["requisition"], *facts["lines"]],
            }
            cursor.execute(TRAIL, facts)
        with connection, connection.cursor() as cursor:
            facts |= {
                "amount": 58 * 10 * LINES,
                "event": "line.approved",
                "by": seat.manager,
                "subjects": facts["lines"],
            }
            for statement in (COMMIT_CEILING, APPROVE, DECISIONS, TRAIL):
                cursor.execute(statement, facts)
        with connection, connection.cursor() as cursor:
            cursor.execute(ORDER, facts)
            (facts["order"],) = cursor.fetchone() or (0,)
            cursor.execute(ORDER_LINES, facts)
            facts["allocations"] = [row[0] for row in cursor.fetchall()]
            facts |= {"status": "ordered", "event": "order.created", "subjects": [facts["order"]]}
            for statement in (STATUS, TRAIL):
                cursor.execute(statement, facts)
        with connection, connection.cursor() as cursor:
            cursor.execute(RECEIPT, facts)
            (facts["receipt"],) = cursor.fetchone() or (0,)
            facts |= {
                "status": "received",
                "event": "receipt.recorded",
                "by": seat.receiver,
                "subjects": facts["lines"],
            }
            for statement in (RECEIPT_LINES, RECEIVED, STATUS, TRAIL):
                cursor.execute(statement, facts)

    return chain
