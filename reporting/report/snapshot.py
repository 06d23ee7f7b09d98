"""
The figures of a report, gathered in one moment and frozen.

A snapshot is plain JSON: amounts, shares and days are decimal text, dates ISO text, so its canonical form and its
SHA-256 are the same wherever it is read. Every figure that has lines behind it has the address where they open.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core.clock import start_of
from core.money import ZERO, to_amount
from core.printable import each_text
from organizations.region import region_name
from reporting.costs import OrganisationCostOf, cost, cost_so_far
from reporting.effects import Amounts, Apart, Effect, Effects, effects, realised, summed
from reporting.loyalty import loyalties
from reporting.models import Baseline, FollowUpReport, ReportPart, ReportText, SavingInitiative
from reporting.models.texts import ASK, HEADING, LONGEST_LINE
from reporting.report import links
from reporting.report.agreements import agreements_on
from reporting.report.deliveries import deliveries
from reporting.report.governance import governance_on
from reporting.report.indicators import Period, indicators
from reporting.report.lines import FrozenContent
from reporting.report.names import NamesOn, names_on
from reporting.report.quarters import quarters
from reporting.savings import Net, PeriodAmount

SCHEMA = 5
SENDER, RECIPIENT = "Regionstyrelseförvaltningen", "Regionstyrelsen"
"""Whom a report comes from and goes to, until the region has said something else."""

Snapshot = dict[str, Any]


@contextmanager
def one_view() -> Iterator[None]:
    """Let all queries within see the database as it was at one moment (REPEATABLE READ, READ ONLY)."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def canonical(snapshot: Snapshot) -> bytes:
    """Write a snapshot in its one form: sorted keys, no spaces, UTF-8."""
    return json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(snapshot: Snapshot) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def take_figures(report: FollowUpReport, *, at: datetime) -> Snapshot:
    """Gather all figures of a report, in a number of queries that does not grow with the lines."""
    year, through = report.year, report.through_date
    standard = ReportText.objects.by_part(timezone.localdate(at))
    now, before = _period(year, through), _period(year - 1, _same_day(through, year - 1))
    year_effects, names = now.effects, names_on(through)
    return {
        "schema": SCHEMA,
        "report": _heading(report, at),
        "parties": _parties(standard),
        "headings": _lines(standard, HEADING),
        "asks": _lines(standard, ASK),
        "effects": _effects(year_effects),
        "quarters": quarters(now, before),
        "previous": _amounts(before.effects.net),
        "categories": [
            _group_row(year_effects, group.category.code, names.category(group.category), group.effects)
            for group in year_effects.by_root()
        ],
        "initiatives": _initiatives(year_effects, names),
        "increases": _increases(year_effects, names),
        "apart": [_apart_row(year_effects, each) for each in year_effects.apart],
        "cost": _cost(now),
        "administrations": _administrations(now),
        "agreements": now.agreements,
        "indicators": indicators(now, before),
        "asked": now.asked,
        "lead_times": [now.lead_time, before.lead_time],
        "overdue": _overdue(through),
        "uncounted_url": links.uncounted_lines(year=year, through=through),
        "deliveries": [now.deliveries, before.deliveries],
        "unconfirmed": _unconfirmed(through),
    }


def _period(year: int, through: date) -> Period:
    """What is gathered alike of the report's year and of the one before it."""
    starts = date(year, 1, 1)
    return Period(
        starts=starts,
        ends=through,
        effects=effects(year=year, through=through),
        cost=cost(starts=starts, ends=through),
        lead_time=_lead_time(starts, through),
        deliveries=deliveries(starts, through),
        bought=loyalties(starts=starts, ends=through),
        agreements=agreements_on(through),
        asked=governance_on(through),
    )


def _administrations(now: Period) -> list[dict[str, Any]]:
    """How loyal each administration was to agreements, the largest spend first; those that bought nothing covered have no share."""
    return [
        {
            "name": each.name,
            "loyalty": None if (share := each.loyalty.agreement_loyalty) is None else f"{share:f}",
            "covered": _text(each.loyalty.covered),
        }
        for each in now.bought.administrations
        if each.name
    ]


def with_lines(figures: Snapshot, lines: FrozenContent) -> Snapshot:
    """Complete the snapshot with the frozen lines' number, sum and digest."""
    behind = {"count": lines.count, "amount": _text(lines.amount), "sha256": lines.sha256}
    clean: Snapshot = each_text(figures | {"lines": behind})
    return clean


def _text(amount: Decimal) -> str:
    return f"{to_amount(amount):f}"


def _same_day(day: date, year: int) -> date:
    """Take the same day of another year; the last of February for a leap day."""
    return day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year, 2, 28)


def _heading(report: FollowUpReport, at: datetime) -> dict[str, Any]:
    return {
        "region": region_name(),
        "title": report.title,
        "year": report.year,
        "through": report.through_date.isoformat(),
        "version": report.version,
        "officer": report.requested_by.full_name,
        "officer_title": report.requested_by.title,
        "frozen": timezone.localdate(at).isoformat(),
    }


def _parties(standard: Mapping[str, str]) -> dict[str, str]:
    """From whom to whom the report goes, by the standard texts."""
    return {
        "sender": standard.get(ReportPart.SENDER, SENDER),
        "recipient": standard.get(ReportPart.RECIPIENT, RECIPIENT),
    }


def _lines(standard: Mapping[str, str], kind: str) -> dict[str, str]:
    """Headings or guiding sentences by the keys of their sections, each on one line."""
    return {
        part.removeprefix(kind): " ".join(text.split())[:LONGEST_LINE]
        for part, text in standard.items()
        if part.startswith(kind)
    }


def _amounts(amounts: Amounts) -> dict[str, Any]:
    """The measures, and how many delivered lines are in what is realised: of none there is nothing known."""
    return {
        "lines": amounts.lines,
        "full_year": _text(amounts.full_year),
        "in_year": _text(amounts.in_year),
        "carried_in": _text(amounts.carried_in),
        "overhang": _text(amounts.overhang),
        "plan_to_date": _text(amounts.plan_to_date),
        "realised": _text(amounts.realised),
    }


def _effects(year_effects: Effects) -> dict[str, Any]:
    year, through = year_effects.year, year_effects.through
    plan_url = links.plan(year=year, through=through)
    return {
        "decrease": _amounts(year_effects.total_decrease)
        | {"url": links.saving_lines(year=year, through=through, increases=False), "plan_url": plan_url},
        "increase": _amounts(year_effects.total_increase)
        | {"url": links.saving_lines(year=year, through=through, increases=True), "plan_url": plan_url},
        "net": _amounts(year_effects.net)
        | {"url": links.saving_lines(year=year, through=through), "plan_url": plan_url},
    }


def _group_row(year_effects: Effects, code: str, name: str, members: tuple[Effect, ...]) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "methods": sorted({effect.method.value for effect in members}),
        "url": links.saving_lines(
            year=year_effects.year, through=year_effects.through, category=code, increases=False
        ),
        "plan_url": links.plan(year=year_effects.year, through=year_effects.through, category=code),
    } | _amounts(summed(members))


def _apart_row(year_effects: Effects, each: Apart) -> dict[str, Any]:
    """What stands apart from the budget effect; what became dearer is a row of its own."""
    part, is_increase = each.part, each.is_increase
    return {
        "part": part.value,
        "is_increase": is_increase,
        "methods": sorted({effect.method.value for effect in each.effects}),
        "url": links.saving_lines(
            year=year_effects.year, through=year_effects.through, increases=is_increase, part=part.value
        ),
    } | _amounts(each.amounts)


def _initiatives(year_effects: Effects, names: NamesOn) -> list[dict[str, Any]]:
    """Decreases by initiative, largest full-year effect first."""
    members: dict[SavingInitiative, list[Effect]] = {}
    for effect in year_effects.decreases:
        members.setdefault(effect.initiative, []).append(effect)
    rows = [
        _initiative_row(year_effects, names, initiative, rows, increases=False)
        for initiative, rows in members.items()
    ]
    return sorted(rows, key=lambda row: (-Decimal(row["full_year"]), -Decimal(row["realised"]), row["code"]))


def _increases(year_effects: Effects, names: NamesOn) -> list[dict[str, Any]]:
    """Cost increases by initiative, the largest first."""
    members: dict[SavingInitiative, list[Effect]] = {}
    for effect in year_effects.increases:
        members.setdefault(effect.initiative, []).append(effect)
    rows = [
        _initiative_row(year_effects, names, initiative, rows, increases=True)
        for initiative, rows in members.items()
    ]
    return sorted(rows, key=lambda row: (Decimal(row["full_year"]), Decimal(row["realised"]), row["code"]))


def _initiative_row(
    year_effects: Effects,
    names: NamesOn,
    initiative: SavingInitiative,
    members: list[Effect],
    *,
    increases: bool,
) -> dict[str, Any]:
    agreement = initiative.new_agreement
    return {
        "code": initiative.code,
        "name": names.initiative(initiative),
        "category": names.category(members[0].root),
        "method": initiative.compared_by.value,
        "effective": initiative.begins.isoformat(),
        "agreement": agreement.number if agreement else "",
        "supplier": names.supplier(agreement.supplier) if agreement else "",
        "plan_url": links.initiative_plan(initiative.pk),
        "url": links.saving_lines(
            year=year_effects.year,
            through=year_effects.through,
            initiative=initiative.code,
            increases=increases,
        ),
    } | _amounts(summed(members))


def _cost(now: Period) -> dict[str, Any] | None:
    """
    Organisation cost so far, and that of the report's own period with the net; each with its days and its holes.

    Costs registered for days after the report's last are not in it. There is no net where a day has no cost, or where
    nothing is known of what was realised.
    """
    so_far = cost_so_far(through=now.ends)
    if so_far is None:
        return None
    net = Net(effect=realised(starts=now.starts, ends=now.ends), cost=now.cost.of)
    is_complete = now.cost.is_complete
    return {
        "whole": _cost_period(so_far),
        "period": _cost_period(now.cost)
        | {"is_complete": is_complete, "covered_days": now.cost.covered_days},
        "realised": _amount_of(net.effect),
        "net": _text(net.amount) if is_complete and net.is_same_period and net.is_known else None,
    }


def _amount_of(of: PeriodAmount) -> dict[str, Any]:
    return {"amount": _text(of.amount), "starts": of.starts.isoformat(), "ends": of.ends.isoformat()}


def _cost_period(of: OrganisationCostOf) -> dict[str, Any]:
    holes = [[hole.starts.isoformat(), hole.ends.isoformat()] for hole in of.holes]
    return _amount_of(of.of) | {"holes": holes}


LEAD_TIME_SQL = """
SELECT count(*), count(*) FILTER (WHERE by_policy),
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE NOT by_policy))::numeric, 2),
       round((percentile_cont(0.9) WITHIN GROUP (ORDER BY days) FILTER (WHERE NOT by_policy))::numeric, 2),
       count(*) FILTER (WHERE in_time AND NOT by_policy)
FROM (
    SELECT DISTINCT ON (d.line_id) extract(epoch FROM d.at - greatest(l.submitted_at, l.competed_at)) / 86400 AS days,
           (d.at AT TIME ZONE 'Europe/Stockholm')::date AS day,
           (d.at AT TIME ZONE 'Europe/Stockholm')::date <= l.response_due_date AS in_time,
           d.rule = 'policy' AS by_policy
    FROM procurement_linedecision d JOIN procurement_requisitionline l ON l.id = d.line_id
    WHERE d.kind IN ('approved', 'adjusted', 'substituted', 'rejected') AND l.response_due_date IS NOT NULL
    ORDER BY d.line_id, d.at, d.id
) AS first_decisions
WHERE day BETWEEN %s AND %s
"""


OVERDUE_SQL = """
SELECT count(*) FROM procurement_requisitionline l
LEFT JOIN LATERAL (
    SELECT d.id, d.kind FROM procurement_linedecision d
    WHERE d.line_id = l.id AND (d.at AT TIME ZONE 'Europe/Stockholm')::date <= %(through)s ORDER BY d.id DESC LIMIT 1
) AS last_decision ON true
WHERE l.status NOT IN ('draft', 'withdrawn', 'superseded') AND l.response_due_date < %(through)s
  AND (l.submitted_at AT TIME ZONE 'Europe/Stockholm')::date <= %(through)s
  AND (last_decision.id IS NULL OR last_decision.kind IN ('undone', 'unanswered')
      OR last_decision.kind = 'returned' AND EXISTS (
      SELECT FROM procurement_linemessage p
      WHERE p.answers_id = last_decision.id AND (p.at AT TIME ZONE 'Europe/Stockholm')::date <= %(through)s))
"""


def _overdue(through: date) -> int:
    """Count the lines that waited for a decision past their response day at the end of the report's last day."""
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE_SQL, {"through": through})
        return int(cursor.fetchone()[0])


def _lead_time(starts: date, ends: date) -> dict[str, Any]:
    """
    Days from request to first decision, of the lines decided in the period.

    Standing approvals decide at once; they are counted apart, so that they do not flatter the times of people.
    """
    with connection.cursor() as cursor:
        cursor.execute(LEAD_TIME_SQL, [starts, ends])
        decided, by_policy, median, ninetieth, in_time = cursor.fetchone()
    return {
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "decided": decided,
        "by_policy": by_policy,
        "by_people": decided - by_policy,
        "median_days": None if median is None else f"{median:f}",
        "p90_days": None if ninetieth is None else f"{ninetieth:f}",
        "in_time": in_time,
    }


def _unconfirmed(through: date) -> dict[str, Any]:
    """
    Initiatives in effect, and frozen, by the report's last day that finance has not confirmed; they are in no figure.

    One that was registered later belongs to a later report.
    """
    by_then = Baseline.objects.awaiting().filter(
        initiative__effective_date__lte=through, frozen_at__lt=start_of(through + timedelta(days=1))
    )
    waiting = [baseline for baseline in by_then.with_is_new() if baseline.is_new]
    full_year = sum((baseline.effect.reduction for baseline in waiting), ZERO)
    return {"count": len({each.initiative_id for each in waiting}), "full_year": _text(full_year)}
