"""
Compute the savings register from what was delivered.

One statement per month compares every delivered line with its item's confirmed baseline, component by component, and
adds what is not in the register yet. A line that was compared with a baseline that no longer speaks of it, since a
later one was confirmed in the meantime, is added again as its next version. The register only grows; a unique key per line,
component and calculation version makes it harmless to compute again, or twice at once.
"""

import itertools
from calendar import monthrange
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import DataError, connection, transaction
from django.utils.translation import gettext as _

from audit import trail
from core.backoff import pause_after
from core.clock import Clock
from core.transactions import operation
from core.verdicts import require
from core.work import MOST_ATTEMPTS, WorkStatus, carry_out, reason_of
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import SavingsRun, UncountedMonth

# Days that are looked through: a month, or one day of it.
WITHIN = "{0}.delivered_date >= %(month)s AND {0}.delivered_date < (%(month)s::date + %(span)s::interval)"

# The last version of each line and component in the register. A version is of the same day as the one that it replaces.
CURRENT_SQL = f"""
SELECT c.* FROM reporting_saving c
WHERE {WITHIN.format("c")}
  AND NOT EXISTS (SELECT FROM reporting_saving n WHERE n.replaces_id = c.id AND {WITHIN.format("n")})
"""  # noqa: S608, all parts are constants

# Baselines that have had their twelve months, each with the days in which it is the last one of its item under its agreement.
# The agreement is that which they were frozen with, whatever the register says since.
RETAINED_SQL = """
SELECT *, daterange(upper(counts_during), lead(upper(counts_during)) OVER (
    PARTITION BY item_id, new_agreement_id ORDER BY upper(counts_during), id)) AS retained_during
FROM (
    SELECT b.*, coalesce((b.evidence->>'agreement')::bigint, i.new_agreement_id) AS new_agreement_id
    FROM reporting_baseline b JOIN reporting_savinginitiative i ON i.id = b.initiative_id
    WHERE b.is_counted
) AS counted
"""

# Delivered lines in kronor beside the baseline that speaks of each: that of the line's own item, or else of the item
# that it came instead of. The prices are turned into those of the line's pack. When an item's baselines have had their
# twelve months, what still comes under the initiative's agreement is beside the last of them, as retained.
COMPARED_SQL = f"""
SELECT line.*, b.id AS baseline_id, true AS is_new, b.nature, b.category_id AS b_category_id, b.category_code AS b_category_code,
       b.category_name AS b_category_name, b.category_lineage AS b_category_lineage,
       coalesce(line.units_per_order_unit, b.units_per_order_unit) AS units,
       round(b.unit_price * coalesce(line.units_per_order_unit, b.units_per_order_unit)
             / b.units_per_order_unit, 4) AS before_price,
       round(b.counterfactual_price * coalesce(line.units_per_order_unit, b.units_per_order_unit)
             / b.units_per_order_unit, 8) AS counterfactual_price
FROM reporting_deliveredline line
JOIN reporting_baseline b ON b.item_id = line.item_id AND b.counts_during @> line.delivered_date AND b.is_counted
UNION ALL
SELECT line.*, b.id, true, b.nature, b.category_id, b.category_code, b.category_name, b.category_lineage,
       line.units_per_order_unit,
       round(b.unit_price * line.units_per_order_unit / (b.units_per_order_unit * line.stands_for_factor), 4),
       round(b.counterfactual_price * line.units_per_order_unit
             / (b.units_per_order_unit * line.stands_for_factor), 8)
FROM reporting_deliveredline line
JOIN reporting_baseline b ON b.item_id = line.stands_for_id AND b.counts_during @> line.delivered_date AND b.is_counted
WHERE line.receipt_line_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM reporting_baseline own
                  WHERE own.item_id = line.item_id AND own.counts_during @> line.delivered_date AND own.is_counted)
UNION ALL
SELECT line.*, b.id, false, b.nature, b.category_id, b.category_code, b.category_name, b.category_lineage,
       coalesce(line.units_per_order_unit, b.units_per_order_unit),
       round(b.unit_price * coalesce(line.units_per_order_unit, b.units_per_order_unit) / b.units_per_order_unit, 4),
       NULL
FROM reporting_deliveredline line
JOIN ({RETAINED_SQL}) b ON b.item_id = line.item_id AND b.new_agreement_id = line.agreement_id
    AND b.retained_during @> line.delivered_date
WHERE NOT EXISTS (SELECT FROM reporting_baseline own
                  WHERE own.item_id = line.item_id AND own.counts_during @> line.delivered_date AND own.is_counted)
  AND NOT EXISTS (SELECT FROM reporting_baseline o
                  WHERE o.item_id = line.stands_for_id AND o.counts_during @> line.delivered_date AND o.is_counted)
"""  # noqa: S608

# What the register shall say of the lines of some days, a row for each component that their baseline has a price for.
WANTED_SQL = f"""
SELECT d.*, part.component, part.baseline_price, part.than_price, part.saved
FROM ({COMPARED_SQL}) d
CROSS JOIN LATERAL (VALUES
    (CASE WHEN d.is_new THEN 'reduction' ELSE 'retained' END, d.before_price, NULL,
     round((d.before_price - d.unit_price) * d.quantity, 2)),
    ('avoidance', coalesce(d.before_price, d.unit_price), d.counterfactual_price,
     round((d.counterfactual_price - coalesce(d.before_price, d.unit_price)) * d.quantity, 2))
) AS part (component, baseline_price, than_price, saved)
WHERE part.saved IS NOT NULL AND {WITHIN.format("d")}
  AND d.currency = 'SEK' AND d.department_id IS NOT NULL AND d.supplier_id IS NOT NULL
"""  # noqa: S608

# What the register does not say yet, or says against a baseline that no longer speaks of the line.
DUE_SQL = f"""
FROM ({WANTED_SQL}) w
LEFT JOIN ({CURRENT_SQL}) received
    ON received.receipt_line_id = w.receipt_line_id AND received.component = w.component
LEFT JOIN ({CURRENT_SQL}) imported
    ON imported.history_line_id = w.history_line_id AND imported.component = w.component
WHERE coalesce(received.baseline_id, imported.baseline_id) IS DISTINCT FROM w.baseline_id
"""

# What the register says of lines that no baseline speaks of any longer, or not in that component; of what the run itself has
# just added there is nothing to ask.
WITHDRAWN_SQL = f"""
FROM ({CURRENT_SQL}) s
WHERE s.amount <> 0 AND s.run_id IS DISTINCT FROM %(run)s::bigint
  AND NOT EXISTS (SELECT FROM ({WANTED_SQL}) w
                  WHERE w.receipt_line_id = s.receipt_line_id AND w.component = s.component)
  AND NOT EXISTS (SELECT FROM ({WANTED_SQL}) w
                  WHERE w.history_line_id = s.history_line_id AND w.component = s.component)
"""  # noqa: S608

ORIGIN_COLUMNS = (
    "administration_id", "administration_name", "department_id", "department_name", "cost_center", "category_id",
    "category_code", "category_name", "category_lineage", "supplier_id", "supplier_name", "supplier_org_number",
)  # fmt: skip
ORIGIN = ", ".join(ORIGIN_COLUMNS)

INSERT_SQL = f"""
INSERT INTO reporting_saving (receipt_line_id, history_line_id, component, nature, calculation_version, replaces_id,
                              baseline_id, run_id, delivered_date, item_id, {ORIGIN}, description, quantity, unit,
                              units_per_order_unit, paid_price, baseline_price, counterfactual_price, amount)
"""

COMPUTE_SQL = f"""
{INSERT_SQL}
SELECT w.receipt_line_id, w.history_line_id, w.component, w.nature,
       coalesce(received.calculation_version, imported.calculation_version, 0) + 1, coalesce(received.id, imported.id),
       w.baseline_id, %(run)s, w.delivered_date, w.item_id, {
    ", ".join(f"w.{column}" for column in ORIGIN_COLUMNS).replace(".category", ".b_category")
}, w.description, w.quantity, w.unit, w.units, w.unit_price, w.baseline_price, w.than_price, w.saved
{DUE_SQL}
ORDER BY w.key, w.component DESC
ON CONFLICT DO NOTHING
"""

WITHDRAW_SQL = f"""
{INSERT_SQL}
SELECT s.receipt_line_id, s.history_line_id, s.component, s.nature, s.calculation_version + 1, s.id, s.baseline_id,
       %(run)s, s.delivered_date, s.item_id, {", ".join(f"s.{column}" for column in ORIGIN_COLUMNS)}, s.description,
       s.quantity, s.unit, s.units_per_order_unit, s.paid_price, s.paid_price,
       CASE s.component WHEN 'avoidance' THEN s.paid_price END, 0
{WITHDRAWN_SQL}
ON CONFLICT DO NOTHING
"""

Noted = Mapping[date, list[int]]
"""Months that lines may wait in, with the ids of the notes that say so."""

FACTS: dict[str, Any] = {"span": "1 month", "run": None}


MOST_NAMED = 10
"""So many days that could not be counted are named in a run's reason."""


@operation
def request_savings_run(*, by: User | None, at: datetime) -> SavingsRun:
    """
    Ask for a computation; one that still waits is used again. ``by`` is None for the clock.

    :raises NotPermitted: she is neither finance nor head of procurement.
    """
    if by is not None:
        require(permissions.can_compute_savings(by, at=at))
    waiting = SavingsRun.objects.unfinished().select_for_update(no_key=True).order_by("pk").first()
    if waiting is not None:
        return waiting
    run = SavingsRun.objects.create(requested_by=by, requested_at=at)
    trail.record(Event.SAVINGS_REQUESTED, subject=run, by=by, at=at)
    return run


def compute_savings(*, run: SavingsRun, at: datetime) -> SavingsRun:
    """
    Bring the register up to date, month by month; safe to call again, also after a crash in the middle.

    Nothing happens when the run is finished or when another worker has it.
    """
    return carry_out(run, at=at, steps=_compute, give_up=_failed)


def _compute(run: SavingsRun, clock: Clock) -> None:
    """
    Compute the noted months one by one; in one that the database refuses, every day but those that it refuses.

    Only the notes that were there when it began are taken away, and only when all is counted.
    """
    notes_by_month = noted_months()
    refusals: dict[date, DataError] = {}
    for count, month in enumerate(notes_by_month, start=1):
        try:
            _compute_month(run, month)
        except DataError:
            refusals |= _compute_days(run, month)
        _withdraw(run, month)
        run.advance(done=count, total=len(notes_by_month))
    if refusals:
        _failed(run, _refused(refusals), clock.now())
    else:
        _finish(run, notes_by_month, at=clock.now())


def _refused(refusals: Mapping[date, DataError]) -> str:
    """Say what days could not be counted, and why the first of them could not."""
    days = ", ".join(day.isoformat() for day in itertools.islice(refusals, MOST_NAMED))
    return _("Leveranser %(days)s kunde inte räknas, men övriga är räknade. %(reason)s") % {
        "days": days + (" …" if len(refusals) > MOST_NAMED else ""),
        "reason": reason_of(next(iter(refusals.values()))),
    }


def rests_after_failure(*, at: datetime) -> bool:
    """Whether the clock shall wait before it asks again, since the last runs failed; longer for each of them."""
    latest = SavingsRun.objects.latest_first().values_list("status", "finished_at")[:MOST_ATTEMPTS]
    failed = list(itertools.takewhile(lambda run: run[0] == WorkStatus.FAILED, latest))
    return bool(failed) and failed[0][1] is not None and at < failed[0][1] + pause_after(len(failed))


def noted_months() -> Noted:
    """Read the notes of months whose lines may wait, the earliest first, with the ids of each month's notes."""
    notes_by_month: dict[date, list[int]] = {}
    for month, note in UncountedMonth.objects.order_by("month", "pk").values_list("month", "pk"):
        notes_by_month.setdefault(month, []).append(note)
    return notes_by_month


@operation
def is_due() -> bool:
    """
    Whether any delivered line waits to be counted, corrected or withdrawn.

    Only months that a note speaks of are looked through, and a note that turns out to say nothing is taken away: what
    it costs does not grow with what has been delivered.
    """
    notes_by_month = noted_months()
    question = f"SELECT EXISTS (SELECT {WITHDRAWN_SQL}) OR EXISTS (SELECT {DUE_SQL})"
    for month, notes in notes_by_month.items():
        with _without_nested_loops() as cursor:
            cursor.execute(question, {**FACTS, "month": month})
            ((has_lines,),) = cursor.fetchall()
        if has_lines:
            return True
        _take_away({month: notes})
    return False


@contextmanager
def _without_nested_loops() -> Iterator[Any]:
    """
    Let the database join the lines of a month with the register as one set with another, inside a transaction.

    After many lines have come in at once it guesses by what it knew before, and would compare each of them with every row.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop TO off")
        yield cursor
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")


def _take_away(notes_by_month: Noted) -> None:
    UncountedMonth.objects.filter(
        pk__in=[note for notes in notes_by_month.values() for note in notes]
    ).delete()


@transaction.atomic
def _compute_month(run: SavingsRun, month: date) -> None:
    """Add one month's lines."""
    _add(run, COMPUTE_SQL, {"month": month})


def _compute_days(run: SavingsRun, month: date) -> dict[date, DataError]:
    """Add a month's lines day by day; returns the days that the database refuses."""
    refusals: dict[date, DataError] = {}
    for number in range(1, monthrange(month.year, month.month)[1] + 1):
        day = month.replace(day=number)
        try:
            with transaction.atomic():
                _add(run, COMPUTE_SQL, {"month": day, "span": "1 day"})
        except DataError as error:
            refusals[day] = error
    return refusals


@transaction.atomic
def _withdraw(run: SavingsRun, month: date) -> None:
    """Count what no baseline speaks of any longer as nothing, by a version of its own."""
    _add(run, WITHDRAW_SQL, {"month": month})


def _add(run: SavingsRun, sql: str, facts: dict[str, Any]) -> None:
    """Add rows to the register and to the run's count."""
    with _without_nested_loops() as cursor:
        cursor.execute(sql, {**FACTS, "run": run.pk, **facts})
        run.added_count += cursor.rowcount
    run.save(update_fields=["added_count"])


@transaction.atomic
def _finish(run: SavingsRun, notes_by_month: Noted, *, at: datetime) -> None:
    _take_away(notes_by_month)
    run.finish(at=at)
    trail.record(Event.SAVINGS_COMPUTED, subject=run, by=run.requested_by, at=at, added=run.added_count)


@operation
def _failed(run: SavingsRun, error: str, at: datetime) -> None:
    run.fail(at=at, error=error)
    trail.record(Event.SAVINGS_FAILED, subject=run, by=run.requested_by, at=at, error=error)
