"""
How a supplier delivers: on time, complete, at the agreement's price, and what was wrong; one question per supplier and period.

Each received row of goods is a fact with its own day. What was received by mistake and taken back is none.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from procurement.models import Deviation


class Aspect(models.TextChoices):
    """What rows are looked at for; the value stands in the address."""

    ALL = "alla", _("Alla")
    LATE = "sena", _("Sena")
    INCOMPLETE = "ofullstandiga", _("Inte kompletta från början")
    DEVIATING = "avvikelser", _("Med avvikelse")
    DEARER = "dyrare", _("Dyrare än avtalet")


# Received rows of goods, each with what can be said of it. The first row of an allocation says whether all of it came at
# once. The price is compared with that of the agreement on the day of the order, for the pack and the quantity.
ROWS_SQL = """
SELECT rl.id, rl.delivered_date, rl.deviation,
       rl.delivered_date > rl.expected_date AS is_late,
       NOT EXISTS (SELECT FROM procurement_receiptline f WHERE f.allocation_id = a.id AND f.id < rl.id
                   AND f.reverses_id IS NULL AND f.quantity > 0) AS is_first,
       rl.quantity >= a.quantity AS is_whole,
       price.unit_price AS agreed_price, rl.unit_price
FROM procurement_receiptline rl
JOIN procurement_allocation a ON a.id = rl.allocation_id
JOIN procurement_requisitionline l ON l.id = a.line_id AND l.kind <> 'service'
JOIN procurement_orderline ol ON ol.id = a.order_line_id
JOIN procurement_purchaseorder o ON o.id = ol.order_id
LEFT JOIN LATERAL (
    SELECT p.unit_price FROM catalog_price p
    WHERE p.item_id = rl.item_id AND p.agreement_id = rl.agreement_id AND p.supplier_id = rl.supplier_id
      AND p.units_per_order_unit = rl.units_per_order_unit AND p.minimum_quantity <= ol.quantity
      AND p.valid_during @> (o.created_at AT TIME ZONE 'Europe/Stockholm')::date
    ORDER BY p.minimum_quantity DESC, p.id LIMIT 1
) price ON true
WHERE rl.supplier_id = %(supplier)s AND rl.delivered_date BETWEEN %(since)s AND %(through)s
  AND rl.reverses_id IS NULL AND (%(agreement)s::bigint IS NULL OR rl.agreement_id = %(agreement)s)
  AND NOT EXISTS (SELECT FROM procurement_receiptline m JOIN procurement_receipt r ON r.id = m.receipt_id
                  WHERE m.reverses_id = rl.id AND r.kind = 'taken_back')
"""

FACTS_SQL = f"""
WITH came AS ({ROWS_SQL}), deviating AS (
    SELECT deviation, count(*) AS times FROM came WHERE deviation <> 'none' GROUP BY deviation
)
SELECT count(*), count(*) FILTER (WHERE is_late), count(*) FILTER (WHERE is_first),
       count(*) FILTER (WHERE is_first AND is_whole), count(agreed_price),
       count(*) FILTER (WHERE unit_price > agreed_price),
       (SELECT coalesce(jsonb_object_agg(deviation, times), '{{}}') FROM deviating),
       (SELECT count(*) FROM procurement_purchaseorder o JOIN procurement_orderline ol ON ol.order_id = o.id
        JOIN procurement_allocation a ON a.order_line_id = ol.id
         AND a.quantity > a.received_quantity + a.closed_quantity
        JOIN procurement_requisitionline l ON l.id = a.line_id AND l.kind <> 'service'
         AND l.status IN ('ordered', 'partly_received')
        WHERE o.supplier_id = %(supplier)s AND o.status = 'sent' AND ol.expected_date < %(through)s
          AND (%(agreement)s::bigint IS NULL OR o.agreement_id = %(agreement)s)),
       (SELECT count(*) FROM procurement_complaint c JOIN procurement_receiptline rl ON rl.id = c.receipt_line_id
        LEFT JOIN procurement_complaintsettlement s ON s.complaint_id = c.id
        WHERE rl.supplier_id = %(supplier)s AND coalesce(s.outcome, '') = 'not_coming'
          AND rl.delivered_date BETWEEN %(since)s AND %(through)s
          AND (%(agreement)s::bigint IS NULL OR rl.agreement_id = %(agreement)s))
FROM came
"""  # noqa: S608, all parts are constants

CONDITIONS: Mapping[Aspect, str] = {
    Aspect.ALL: "true",
    Aspect.LATE: "is_late",
    Aspect.INCOMPLETE: "is_first AND NOT is_whole",
    Aspect.DEVIATING: "deviation <> 'none'",
    Aspect.DEARER: "unit_price > agreed_price",
}


@dataclass(frozen=True, slots=True)
class SupplierFacts:
    """What a supplier's deliveries of a period were like; counts of received rows of goods."""

    rows: int
    late: int
    first: int
    whole: int
    priced: int
    dearer: int
    deviations: Mapping[str, int]
    still_late: int
    """Rows that should have come before the period ended and have not."""
    refused_complaints: int

    @property
    def on_time_percent(self) -> int | None:
        """Of what has come, and of what should have come and has not: how much came in time."""
        due = self.rows + self.still_late
        return _percent(self.rows - self.late, due)

    @property
    def whole_percent(self) -> int | None:
        """Of the ordered rows that began to come: of how many all came at once."""
        return _percent(self.whole, self.first)

    @property
    def price_percent(self) -> int | None:
        """Of the rows that the agreement has a price for: how many cost no more than that."""
        return _percent(self.priced - self.dearer, self.priced)

    @property
    def deviating(self) -> int:
        """Rows with something wrong."""
        return sum(self.deviations.values())

    @property
    def by_deviation(self) -> list[tuple[str, int]]:
        """Each kind of deviation in words, the most common first."""
        return [
            (str(Deviation(kind).label), times)
            for kind, times in sorted(self.deviations.items(), key=lambda each: (-each[1], each[0]))
        ]


def _percent(part: int, whole: int) -> int | None:
    """Rounded down, so that a hundred means all of them."""
    return 100 * part // whole if whole else None


def supplier_facts(
    supplier_id: int, *, since: date, through: date, agreement_id: int | None = None
) -> SupplierFacts:
    """How a supplier delivered in a period, under one agreement or all: one query."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS_SQL, _of(supplier_id, since, through, agreement_id))
        (row,) = cursor.fetchall()
    *counts, deviations, still_late, refused = row
    rows, late, first, whole, priced, dearer = counts
    return SupplierFacts(rows, late, first, whole, priced, dearer, _read(deviations), still_late, refused)


def _read(deviations: Any) -> Mapping[str, int]:
    counts: Mapping[str, int] = json.loads(deviations) if isinstance(deviations, str) else deviations
    return counts


def rows_behind(
    supplier_id: int,
    aspect: Aspect,
    *,
    since: date,
    through: date,
    agreement_id: int | None = None,
    most: int,
) -> Sequence[int]:
    """Ids of the received rows behind a number, latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({ROWS_SQL}) came WHERE {CONDITIONS[aspect]}"  # noqa: S608, constants
            " ORDER BY delivered_date DESC, id DESC LIMIT %(most)s",
            _of(supplier_id, since, through, agreement_id) | {"most": most},
        )
        return [pk for (pk,) in cursor.fetchall()]


def _of(supplier_id: int, since: date, through: date, agreement_id: int | None) -> dict[str, Any]:
    return {"supplier": supplier_id, "since": since, "through": through, "agreement": agreement_id}
