"""
What was held against a limit on its day, one row each: the parts of the statements that several kinds of questions share.

Only what stands is read: lines that are approved, ordered or received, at the approved amount, with the decision that a person
or a standing approval made. A limit is the one that was in force that day.
"""

import json
from collections.abc import Iterator
from typing import Any

DECISION = """
JOIN LATERAL (
    SELECT d.by_id, d.rule, d.at FROM procurement_linedecision d
    WHERE d.line_id = line.id AND d.kind = ANY(%(approvals)s) AND d.rule NOT IN ('terms', 'clock')
    ORDER BY d.id DESC LIMIT 1
) decision ON true
"""
"""The decision by which the line stands; a price that has fallen since is nobody's decision."""

# What was submitted in the period, a row for each line that stands.
ASKED = f"""
asked AS (
    SELECT line.id, line.requisition_id, line.item_id, line.description, line.quantity, line.approved_amount AS amount,
           line.approved_agreement_id AS agreement_id, line.approved_supplier_id AS supplier_id, category.lineage,
           r.department_id, r.requester_id, (r.submitted_at AT TIME ZONE %(zone)s)::date AS day,
           decision.rule = 'policy' AS is_unseen
    FROM procurement_requisition r
    JOIN procurement_requisitionline line ON line.requisition_id = r.id
    LEFT JOIN categories_category category ON category.id = line.category_id
    {DECISION}
    WHERE r.submitted_at >= %(since)s AND r.submitted_at < %(until)s AND line.status = ANY(%(committed)s)
)
"""  # noqa: S608, all parts are constants

# All of an item in one requisition, where the nearest policy of its category has a standing approval.
STANDING = """
SELECT 'standing' AS limit_kind, department_id, item_id AS thing_id, requisition_id AS unit_id, requester_id, day,
       min(description) AS description, item_id || ' ' || sum(quantity) AS habit, sum(asked.amount) AS amount,
       max(standing.amount) AS "limit", bool_or(is_unseen) AS is_unseen, jsonb_agg(id) AS lines
FROM asked
JOIN LATERAL (
    SELECT policy.standing_approval_limit AS amount FROM categories_categorypolicy policy
    WHERE policy.category_id = ANY(asked.lineage) AND policy.valid_during @> asked.day
    ORDER BY array_position(asked.lineage, policy.category_id) DESC LIMIT 1
) standing ON standing.amount IS NOT NULL
WHERE item_id IS NOT NULL AND agreement_id IS NOT NULL
GROUP BY department_id, item_id, requisition_id, requester_id, day
"""

# For how much the requester ordered by herself that day; nothing where she did for any amount.
OWN_LIMIT = """
JOIN organizations_membership own ON own.user_id = asked.requester_id AND own.role = 'requester'
    AND own.department_id = asked.department_id AND own.valid_during @> asked.day AND own.amount_limit IS NOT NULL
"""

UNATTESTED = """
NOT EXISTS (SELECT FROM procurement_budgetattest attest
            WHERE attest.requisition_id = asked.requisition_id AND attest.status NOT IN ('superseded', 'closed'))
"""

# What an order made in the period has under no agreement, where it is not documented.
DOCUMENTATION = """
SELECT 'documentation' AS limit_kind, department_id, supplier_id AS thing_id, order_id AS unit_id,
       (array_agg(requester_id ORDER BY amount DESC, id))[1] AS requester_id, day,
       NULL AS description, order_id::text AS habit, sum(amount) AS amount,
       (array_agg("limit" ORDER BY amount DESC, id))[1] AS "limit", true AS is_unseen, jsonb_agg(id) AS lines
FROM (
    SELECT DISTINCT ON (o.id, line.id) o.id AS order_id, o.supplier_id, place.department_id, r.requester_id, line.id,
           (o.created_at AT TIME ZONE %(zone)s)::date AS day, line.approved_amount AS amount,
           documented.amount AS "limit"
    FROM procurement_purchaseorder o
    JOIN organizations_deliveryplace place ON place.id = o.delivery_place_id
    JOIN procurement_orderline order_line ON order_line.order_id = o.id
    JOIN procurement_allocation allocation ON allocation.order_line_id = order_line.id
    JOIN procurement_requisitionline line ON line.id = allocation.line_id AND line.status = ANY(%(committed)s)
    JOIN procurement_requisition r ON r.id = line.requisition_id
    JOIN categories_category category ON category.id = line.category_id
    JOIN LATERAL (
        SELECT threshold.value AS amount FROM agreements_threshold threshold
        WHERE threshold.kind = 'documentation' AND threshold.valid_during @> (o.created_at AT TIME ZONE %(zone)s)::date
          AND (threshold.category_id IS NULL OR threshold.category_id = ANY(category.lineage))
        ORDER BY array_position(category.lineage, threshold.category_id) DESC NULLS LAST LIMIT 1
    ) documented ON true
    WHERE o.created_at >= %(since)s AND o.created_at < %(until)s AND o.agreement_id IS NULL
      AND o.status NOT IN ('cancelled', 'refused')
      AND NOT EXISTS (SELECT FROM procurement_awardrecord record WHERE record.order_id = o.id)
) ordered
GROUP BY order_id, supplier_id, department_id, day
"""


def ids_in(text: str) -> set[int]:
    """The ids in an array of JSON, however deep."""
    return set(_ids(json.loads(text)))


def _ids(value: Any) -> Iterator[int]:
    if isinstance(value, list):
        for each in value:
            yield from _ids(each)
    else:
        yield value
