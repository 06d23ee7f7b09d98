"""
Why does the supplier return: a person and a supplier who make up most of what is bought under no agreement.

It is asked where somebody has ordered so many times, or decided as many orders, from one supplier under no
agreement, and that is so large a part of what she has bought or decided so, or of what the region has bought so from the supplier.
Whoever decides a category decides nearly all that is bought from its suppliers, so only her own share is told of her. What was
awarded in competition is no question, since the documentation tells why the supplier won.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from agreements.models import ThresholdKind
from core import reader
from procurement.models import ObservationKind
from procurement.observing.limits import DECISION, ids_in
from procurement.observing.measures import Measures, spells_of
from procurement.observing.observation import Measure, Observation, ObservedPeriod
from procurement.wording import number_word


class PairMeasure(Measure):
    """How many orders, and which part of all, make it a question."""

    kind = ObservationKind.PAIR
    parts = (ThresholdKind.PAIR_ORDERS, ThresholdKind.PAIR_PERCENT)

    @property
    def share(self) -> Decimal:
        """The part, as a fraction of one."""
        return Decimal(self.values[1]) / 100

    @property
    def rule(self) -> str:
        """How many, and which part."""
        count, percent = self.values
        return _(
            "Någon har minst %(count)s gånger köpt från en leverantör utanför avtal, och det är minst %(share)s av vad"
            " personen köper utanför avtal, eller av vad regionen köper så därifrån. Köp med dokumenterad konkurrens räknas inte."
        ) % {"count": number_word(count), "share": reader.percent(percent)}


@dataclass(frozen=True, kw_only=True)
class Pair(Observation):
    """A person and a supplier."""

    kind = ObservationKind.PAIR

    measure: PairMeasure
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
            "count": number_word(self.count),
            "supplier": self.supplier,
            "amount": reader.kr(self.amount),
            "of_person": reader.share(self.share_of_person, 0),
            "of_supplier": reader.share(self.share_of_supplier, 0),
        }

    @property
    def _shares(self) -> list[str]:
        """Those of the shares that make it a question."""
        shares = []
        if self.share_of_person >= self.measure.share:
            shares.append(
                _("Det är %(of_person)s av allt som %(person)s har godkänt utanför avtal.")
                if self.is_decider
                else _("Det är %(of_person)s av allt som %(person)s har beställt utanför avtal.")
            )
        if not self.is_decider and self.share_of_supplier >= self.measure.share:
            shares.append(_("Det är %(of_supplier)s av allt som regionen har köpt därifrån utanför avtal."))
        return [share % self._facts for share in shares]


PAIRS = f"""
WITH {spells_of(PairMeasure)},
outside AS (
    SELECT measure, pair_orders, pair_percent / 100.0 AS pair_share, line.id, line.requisition_id, line.approved_supplier_id AS supplier_id, r.requester_id, decision.by_id,
           line.approved_amount - line.released_amount AS amount
    FROM procurement_requisitionline line
    JOIN procurement_requisition r ON r.id = line.requisition_id
    {DECISION}
    JOIN spells ON (line.decided_at AT TIME ZONE %(zone)s)::date BETWEEN first_day AND last_day
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
    SELECT measure, pair_orders, pair_share, side, person_id, supplier_id, count(DISTINCT requisition_id) AS orders, sum(amount) AS amount,
           jsonb_agg(id) AS lines
    FROM sides GROUP BY measure, pair_orders, pair_share, side, person_id, supplier_id
),
shares AS (
    SELECT *, coalesce(amount / nullif(sum(amount) OVER (PARTITION BY measure, side, person_id), 0), 0) AS of_person,
           coalesce(amount / nullif(sum(amount) OVER (PARTITION BY measure, side, supplier_id), 0), 0) AS of_supplier
    FROM pairs
)
SELECT measure, side, person_id, supplier_id, orders, amount, of_person, of_supplier, lines,
       person.first_name || ' ' || person.last_name, supplier.name
FROM shares
JOIN organizations_user person ON person.id = person_id
JOIN agreements_supplier supplier ON supplier.id = supplier_id
WHERE orders >= pair_orders AND (of_person >= pair_share OR side = 'requester' AND of_supplier >= pair_share)
ORDER BY side, person_id, supplier_id, measure
"""  # noqa: S608, all parts are constants


def pairs_in(period: ObservedPeriod, measures: Measures) -> list[Pair]:
    """The questions of a period: one statement."""
    measured = measures.of(PairMeasure)
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {**period.facts, **measured.facts})
        return [
            Pair(
                measure=measured.measures[measure],
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
            for (
                measure, side, person, supplier, count, amount, of_person, of_supplier, lines, name, supplier_name
            ) in cursor.fetchall()
        ]  # fmt: skip
