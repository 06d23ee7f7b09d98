"""
Why does the supplier return: a person and a supplier who make up most of what is bought under no agreement.

It is asked where somebody has ordered at least ``PAIR_ORDERS`` times, or decided as many orders, from one supplier under no
agreement, and that is at least ``PAIR_SHARE`` of what she has bought or decided so, or of what the region has bought so from the supplier.
Whoever decides a category decides nearly all that is bought from its suppliers, so only her own share is told of her. What was
awarded in competition is no question, since the documentation tells why the supplier won.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from core import reader
from procurement.models import ObservationKind
from procurement.observing.limits import DECISION, ids_in
from procurement.observing.observation import Observation, ObservedPeriod
from procurement.wording import spelled

PAIR_ORDERS = 5
PAIR_SHARE = Decimal("0.6")


@dataclass(frozen=True, kw_only=True)
class Pair(Observation):
    """A person and a supplier."""

    kind = ObservationKind.PAIR

    is_decider: bool
    person: str
    supplier: str
    count: int
    share_of_person: Decimal
    share_of_supplier: Decimal

    @property
    def sentence(self) -> str:
        """How often, for how much, and which share that is."""
        text = (
            _("%(person)s har godkänt %(count)s beställningar utanför avtal från %(supplier)s, för %(amount)s.")
            if self.is_decider
            else _("%(person)s har beställt %(count)s gånger utanför avtal från %(supplier)s, för %(amount)s.")
        )  # fmt: skip
        return " ".join([text % self._facts, *self._shares])

    @property
    def question(self) -> str:
        """What somebody could tell."""
        return _("Vad är det som gör att leverantören återkommer, och borde behovet in på ett avtal?")

    @property
    def _facts(self) -> dict[str, str]:
        return {
            "person": self.person,
            "count": spelled(self.count),
            "supplier": self.supplier,
            "amount": reader.kr(self.amount),
            "of_person": reader.share(self.share_of_person, 0),
            "of_supplier": reader.share(self.share_of_supplier, 0),
        }

    @property
    def _shares(self) -> list[str]:
        """Those of the shares that make it a question."""
        shares = []
        if self.share_of_person >= PAIR_SHARE:
            shares.append(
                _("Det är %(of_person)s av allt som %(person)s har godkänt utanför avtal.")
                if self.is_decider
                else _("Det är %(of_person)s av allt som %(person)s har beställt utanför avtal.")
            )
        if not self.is_decider and self.share_of_supplier >= PAIR_SHARE:
            shares.append(_("Det är %(of_supplier)s av allt som regionen har köpt därifrån utanför avtal."))
        return [share % self._facts for share in shares]


PAIRS = f"""
WITH outside AS (
    SELECT line.id, line.requisition_id, line.approved_supplier_id AS supplier_id, r.requester_id, decision.by_id,
           line.approved_amount - line.released_amount AS amount
    FROM procurement_requisitionline line
    JOIN procurement_requisition r ON r.id = line.requisition_id
    {DECISION}
    WHERE line.decided_at >= %(since)s AND line.decided_at < %(until)s AND line.status = ANY(%(committed)s)
      AND line.approved_agreement_id IS NULL
      AND NOT EXISTS (
          SELECT FROM procurement_allocation allocation
          JOIN procurement_orderline order_line ON order_line.id = allocation.order_line_id
          JOIN procurement_awardrecord record ON record.order_id = order_line.order_id
          WHERE allocation.line_id = line.id AND record.competition IN ('asked', 'advertised'))
),
sides AS (
    SELECT 'requester' AS side, requester_id AS person_id, outside.* FROM outside
    UNION ALL SELECT 'decider', by_id, outside.* FROM outside
),
pairs AS (
    SELECT side, person_id, supplier_id, count(DISTINCT requisition_id) AS orders, sum(amount) AS amount,
           jsonb_agg(id) AS lines
    FROM sides GROUP BY side, person_id, supplier_id
),
shares AS (
    SELECT *, coalesce(amount / nullif(sum(amount) OVER (PARTITION BY side, person_id), 0), 0) AS of_person,
           coalesce(amount / nullif(sum(amount) OVER (PARTITION BY side, supplier_id), 0), 0) AS of_supplier
    FROM pairs
)
SELECT side, person_id, supplier_id, orders, amount, of_person, of_supplier, lines,
       person.first_name || ' ' || person.last_name, supplier.name
FROM shares
JOIN organizations_user person ON person.id = person_id
JOIN agreements_supplier supplier ON supplier.id = supplier_id
WHERE orders >= %(orders)s AND (of_person >= %(share)s OR side = 'requester' AND of_supplier >= %(share)s)
ORDER BY side, person_id, supplier_id
"""  # noqa: S608, all parts are constants


def pairs_in(period: ObservedPeriod) -> list[Pair]:
    """The questions of a period: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {**period.facts, "orders": PAIR_ORDERS, "share": PAIR_SHARE})
        return [
            Pair(
                subject=f"{side}-{person}-{supplier}",
                lines=tuple(sorted(ids_in(lines))),
                amount=amount,
                names=(name,),
                is_decider=side == "decider",
                person=name,
                supplier=supplier_name,
                count=count,
                share_of_person=of_person,
                share_of_supplier=of_supplier,
            )
            for side, person, supplier, count, amount, of_person, of_supplier, lines, name, supplier_name
            in cursor.fetchall()
        ]  # fmt: skip
