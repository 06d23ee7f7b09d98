"""
What the twelve indicators of the annex are counted from (DOMAIN 4.3), as of a report's last day.

Each is a number, or the reason why there is none: a period without deliveries has no contract loyalty, and that is not 0 %.
Everything is asked by the day, the change or the decision, so what has come after the last day is in none of them. A fixed number
of queries, however many lines there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, F, Func, Q

from agreements.models import Agreement
from core.money import percent_of
from history.index_changes import Period as Days
from history.price_volume_mix import summed
from reporting.costs import OrganisationCostOf
from reporting.effects import Effects
from reporting.loyalty import Loyalties
from reporting.models import EffectPart, Indicator, IndicatorTarget
from reporting.price_volume_mix import Compared, by_item, items_bought
from reporting.report.governance import closed_share
from reporting.saved_months import Choice, first_saved, saved_total

Measured = dict[str, Any]
"""``value`` as decimal text, or None with ``why``; and ``of``: how many things it was counted from."""


def measured(value: Any, *, why: str, of: int) -> Measured:
    """A number and what it was counted from; without anything to count there is none, and why."""
    if not of or value is None:
        return {"value": None, "why": why, "of": 0}
    return {"value": f"{Decimal(value):f}", "why": "", "of": int(of)}


def unknown(why: str) -> Measured:
    """No number, and why."""
    return {"value": None, "why": why, "of": 0}


# Direct awards of the period, without those whose order had come to nothing by its end: cancelled before it left or since, or not
# delivered by the supplier.
AWARDS_SQL = """
SELECT count(*), coalesce(sum(r.amount), 0),
       count(*) FILTER (WHERE (completed_at AT TIME ZONE 'Europe/Stockholm')::date <= %(ends)s)
FROM procurement_awardrecord r JOIN procurement_purchaseorder o ON o.id = r.order_id
WHERE contract_date BETWEEN %(starts)s AND %(ends)s
  AND NOT (o.status IN ('cancelled', 'refused') AND NOT EXISTS (
      SELECT FROM (SELECT requested_at AS at FROM procurement_cancellationnotice WHERE order_id = o.id
                   UNION ALL SELECT requested_at FROM procurement_changenotice WHERE order_id = o.id
                   UNION ALL SELECT received_at FROM procurement_supplieranswer WHERE order_id = o.id) AS said
      WHERE (said.at AT TIME ZONE 'Europe/Stockholm')::date > %(ends)s))
"""

# The first thing that came of each line, and how many days after it was asked for.
DELIVERY_SQL = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
FROM (
    SELECT DISTINCT ON (l.id) rl.delivered_date AS day,
           rl.delivered_date - (l.submitted_at AT TIME ZONE 'Europe/Stockholm')::date AS days
    FROM procurement_receiptline rl
    JOIN procurement_allocation a ON a.id = rl.allocation_id
    JOIN procurement_requisitionline l ON l.id = a.line_id
    WHERE rl.reverses_id IS NULL AND rl.quantity > 0 AND rl.delivered_date <= %(ends)s
    ORDER BY l.id, rl.delivered_date, rl.id
) AS first_deliveries
WHERE day >= %(starts)s
"""

# What suppliers owed at the end of the day: complained of by then, and by then neither settled, nor taken back as a mistake, nor
# replaced in full. In full is what was ordered, less what would not come by then: by receipts, by settled complaints, and by what
# the supplier or the region had said of the order.
COMPLAINTS_SQL = """
SELECT count(*) FROM procurement_complaint c
JOIN procurement_receiptline rl ON rl.id = c.receipt_line_id
JOIN procurement_receipt r ON r.id = rl.receipt_id
JOIN procurement_allocation a ON a.id = rl.allocation_id
LEFT JOIN procurement_complaintsettlement s ON s.complaint_id = c.id
WHERE (r.received_at AT TIME ZONE 'Europe/Stockholm')::date <= %(ends)s
  AND (s.id IS NULL OR (s.settled_at AT TIME ZONE 'Europe/Stockholm')::date > %(ends)s)
  AND NOT EXISTS (SELECT FROM procurement_receiptline m JOIN procurement_receipt t ON t.id = m.receipt_id
                  WHERE m.reverses_id = rl.id AND t.kind = 'taken_back'
                    AND (t.received_at AT TIME ZONE 'Europe/Stockholm')::date <= %(ends)s)
  AND NOT (c.expects = 'replacement' AND a.quantity <= (
      SELECT sum(x.quantity + x.closed_quantity) FROM procurement_receiptline x
      WHERE x.allocation_id = a.id AND x.delivered_date <= %(ends)s)
    + (SELECT coalesce(sum(t.closed_quantity), 0) FROM procurement_complaintsettlement t
       JOIN procurement_complaint k ON k.id = t.complaint_id JOIN procurement_receiptline x ON x.id = k.receipt_line_id
       WHERE x.allocation_id = a.id AND (t.settled_at AT TIME ZONE 'Europe/Stockholm')::date <= %(ends)s)
    + CASE WHEN EXISTS (
          SELECT FROM procurement_noticedline n JOIN procurement_changenotice g ON g.id = n.notice_id
          WHERE n.order_line_id = a.order_line_id AND n.decision <> 'day_asked'
            AND (g.requested_at AT TIME ZONE 'Europe/Stockholm')::date <= %(ends)s)
        OR EXISTS (
          SELECT FROM procurement_answeredline n JOIN procurement_supplieranswer g ON g.id = n.answer_id
          WHERE n.order_line_id = a.order_line_id AND n.outcome = 'refused'
            AND (g.received_at AT TIME ZONE 'Europe/Stockholm')::date <= %(ends)s)
      THEN a.closed_quantity - (SELECT sum(x.closed_quantity) FROM procurement_receiptline x WHERE x.allocation_id = a.id)
         - (SELECT coalesce(sum(t.closed_quantity), 0) FROM procurement_complaintsettlement t
            JOIN procurement_complaint k ON k.id = t.complaint_id JOIN procurement_receiptline x ON x.id = k.receipt_line_id
            WHERE x.allocation_id = a.id)
      ELSE 0 END)
"""


def _row(sql: str, **facts: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        (row,) = cursor.fetchall()
    return tuple(row)


def _share(part: Any, whole: Any) -> Decimal | None:
    """A share in per cent with one decimal."""
    return percent_of(Decimal(part), Decimal(whole)) if whole and whole > 0 else None


def _counts(period: "Period") -> dict[str, int]:
    """How much there was to count from: orders of the period, and receipts until its end."""
    orders, receipts = _row(
        """
        SELECT (SELECT count(*) FROM procurement_purchaseorder
                WHERE (created_at AT TIME ZONE 'Europe/Stockholm')::date BETWEEN %(starts)s AND %(ends)s),
               (SELECT count(*) FROM procurement_receipt
                WHERE (received_at AT TIME ZONE 'Europe/Stockholm')::date <= %(ends)s)
        """,
        **period.days(),
    )
    return {"orders": orders, "receipts": receipts}


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the report, with what other parts of its snapshot have gathered of it."""

    starts: date
    ends: date
    effects: Effects
    cost: OrganisationCostOf
    lead_time: Mapping[str, Any]
    deliveries: Mapping[str, Any]
    bought: Loyalties
    agreements: Mapping[str, Any]
    asked: Mapping[str, Any]

    def days(self) -> dict[str, date]:
        """As the statements read them."""
        return {"starts": self.starts, "ends": self.ends}


def indicators(now: Period, before: Period) -> list[dict[str, Any]]:
    """Each indicator with its target on the last day, its outturn, and that of the same time the year before."""
    targets = {target.indicator: target for target in IndicatorTarget.objects.on(now.ends)}
    outturns, earlier = _measures(now), _measures(before)
    return [
        {
            "key": each.value,
            "target": _target(targets.get(each)),
            "now": outturns[each],
            "before": earlier[each],
        }
        for each in Indicator
    ]


def _target(target: IndicatorTarget | None) -> dict[str, str] | None:
    return {"direction": target.direction, "value": f"{target.value:f}"} if target else None


def _measures(period: Period) -> dict[Indicator, Measured]:
    return {
        **_effect_indicators(period),
        **_purchase_indicators(period),
        **_agreement_indicators(period),
        **_process_indicators(period),
        Indicator.DUE_DILIGENCE: unknown("due_diligence"),
        Indicator.SUPPLY: unknown("supply"),
        Indicator.RECOMMENDATIONS: _closed_recommendations(period),
    }


def _closed_recommendations(period: Period) -> Measured:
    closed, received = closed_share(period.asked)
    return measured(_share(closed, received), why="no_recommendations", of=received)


def _effect_indicators(period: Period) -> dict[Indicator, Measured]:
    net, cost = period.effects.net, period.cost
    begun = {
        each.initiative.pk for each in period.effects.rows if each.initiative.begins.year == period.ends.year
    }
    has_plan = net.plan_to_date > 0
    everything = saved_total(Choice(first_saved() or period.starts, period.ends, EffectPart.BUDGET))
    days = cost.covered_days if cost.is_complete else 0
    return {
        Indicator.FULL_YEAR: measured(net.full_year, why="no_initiatives", of=len(period.effects.rows))
        | {"of": len(begun)},
        Indicator.REALISED: measured(net.realised, why="no_counted_lines", of=net.lines),
        Indicator.REALISED_SHARE: measured(
            _share(net.realised, net.plan_to_date),
            why="no_counted_lines" if has_plan else "no_plan",
            of=net.lines if has_plan else 0,
        ),
        Indicator.REALISED_TOTAL: measured(everything.net, why="no_counted_lines", of=everything.count),
        Indicator.COST: measured(cost.of.amount, why="no_cost", of=days),
        Indicator.NET: measured(
            net.realised - cost.of.amount,
            why="no_cost" if not days else "no_counted_lines",
            of=days if net.lines else 0,
        ),
    }


def _purchase_indicators(period: Period) -> dict[Indicator, Measured]:
    purchases = period.bought.whole
    return {
        Indicator.COVERAGE: measured(purchases.coverage, why="no_deliveries", of=purchases.lines)
        | {"without_category": purchases.uncategorised},
        Indicator.LOYALTY: measured(purchases.agreement_loyalty, why="nothing_covered", of=purchases.lines)
        | {"without_price": purchases.unpriced},
        Indicator.ASSORTMENT: measured(
            purchases.assortment_loyalty, why="nothing_covered", of=purchases.lines
        ),
        Indicator.ARTICLES: measured(
            items_bought(starts=period.starts, ends=period.ends), why="no_deliveries", of=purchases.lines
        ),
        Indicator.BASKET: _basket(period),
    }


def _basket(period: Period) -> Measured:
    """Fisher's price index of what was bought in both periods, what replaced an item told as that (DOMAIN 2.5)."""
    before = Days(_year_before(period.starts), _year_before(period.ends))
    changes = by_item(Compared(before, Days(period.starts, period.ends)))
    indices = summed(change.split for change in changes).indices
    matched = sum(change.thing.is_matched for change in changes)
    index = percent_of(indices.fisher_price, Decimal(1)) if indices else None
    return measured(index, why="nothing_in_both", of=matched)


def long_agreements(day: date) -> int:
    """How many of those in force when a day ended last for more than four years, or until further notice."""
    four_years_on = Func(
        F("during_then__startswith"),
        template="(%(expressions)s + interval '4 years')",
        output_field=DateTimeField(),
    )
    is_long = Q(during_then__upper_inf=True) | Q(during_then__endswith__gt=four_years_on)
    return Agreement.objects.in_force_at_the_end_of(day).filter(is_long).count()


def _agreement_indicators(period: Period) -> dict[Indicator, Measured]:
    active = period.agreements["active"]
    ending, near_ceiling = len(period.agreements["ending"]), len(period.agreements["near_ceiling"])
    counts = {
        Indicator.AGREEMENTS_ACTIVE: active,
        Indicator.AGREEMENTS_ENDING: ending,
        Indicator.AGREEMENTS_NEAR_CEILING: near_ceiling,
        Indicator.AGREEMENTS_LONG: long_agreements(period.ends),
    }
    return {each: measured(count, why="no_agreements", of=active) for each, count in counts.items()}


def _process_indicators(period: Period) -> dict[Indicator, Measured]:
    lead, counts = period.lead_time, _counts(period)
    awards, awarded, documented = _row(AWARDS_SQL, **period.days())
    delivered, days = _row(DELIVERY_SQL, **period.days())
    (complaints,) = _row(COMPLAINTS_SQL, **period.days())
    by_people = lead["by_people"]
    return {
        Indicator.AWARDS: measured(awards, why="no_orders", of=counts["orders"]),
        Indicator.AWARDS_AMOUNT: measured(awarded, why="no_orders", of=counts["orders"]),
        Indicator.AWARDS_DOCUMENTED: measured(_share(documented, awards), why="no_awards", of=awards),
        Indicator.DECISION_MEDIAN: measured(lead["median_days"], why="no_decisions", of=by_people),
        Indicator.DECISION_NINE_OF_TEN: measured(lead["p90_days"], why="no_decisions", of=by_people),
        Indicator.DELIVERY_MEDIAN: measured(days, why="no_receipts", of=delivered),
        Indicator.DECIDED_IN_TIME: measured(
            _share(lead["in_time"], by_people), why="no_decisions", of=by_people
        ),
        Indicator.OPEN_COMPLAINTS: measured(complaints, why="no_receipts", of=counts["receipts"]),
    }


def _year_before(day: date) -> date:
    """The same day of the year before; the last of February for a leap day."""
    return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day - timedelta(days=366)
