"""An agreement's index clause as its page shows it: the index since prices were last set, and what it would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agreements.index_days import ask_by, month_for, next_date
from agreements.indexing import Adjustment, Series, adjustment, is_known
from agreements.indices import known_series
from agreements.models import Agreement, IndexClause, Supplier
from catalog.indexing import base_months

DRAWN_MONTHS = 36


@dataclass(frozen=True, slots=True)
class LastSet:
    """Suppliers whose prices were last set by the same month, and what the clause gives them."""

    suppliers: Sequence[str]
    """Their names; none where it is all of them."""
    base_month: date
    now: Adjustment | None
    """By the latest month that is known; None when none is known since."""
    then: Adjustment | None
    """By the month that decides the next change; None while it is not known."""


@dataclass(frozen=True, slots=True)
class FollowedIndex:
    """The clause in force, or the next one."""

    clause: IndexClause
    last_set: Sequence[LastSet]
    steps: Sequence[float]
    """The index by month since the first of them, the latest last."""
    from_date: date | None
    """When prices may change next."""
    month: date | None
    """By which month."""
    ask_by: date | None


def followed_index(agreement: Agreement, *, day: date) -> FollowedIndex | None:
    """Look at an agreement's index clause on a day; None for an agreement without."""
    clauses = IndexClause.objects.not_over(day).filter(agreement=agreement)
    clause = clauses.select_related("agreement", "series").order_by("valid_during").first()
    if clause is None:
        return None
    series = known_series([clause.series_id], day=day)[clause.series_id]
    from_date = next_date(clause, day)
    month = month_for(clause, from_date) if from_date else None
    set_by = _suppliers_by_month(clause)
    since = min(set_by)
    months = [each for each in series.months if each >= since and is_known(series, each)][-DRAWN_MONTHS:]
    return FollowedIndex(
        clause=clause,
        last_set=[
            LastSet(
                [] if len(set_by) == 1 else names,
                base,
                _adjustment(clause, series, base, months[-1] if months else None),
                _adjustment(clause, series, base, month),
            )
            for base, names in sorted(set_by.items())
        ],
        steps=[float(series.reading(each).exact) for each in months],
        from_date=from_date,
        month=month,
        ask_by=ask_by(clause, from_date) if from_date else None,
    )


def _suppliers_by_month(clause: IndexClause) -> dict[date, list[str]]:
    """The agreement's suppliers by the month that their prices were last set by."""
    months = base_months([clause])
    by_month: dict[date, list[str]] = {}
    for supplier in Supplier.objects.filter(agreement_places__agreement=clause.agreement_id).in_order():
        month = months.get((clause.pk, supplier.pk), clause.base_month)
        by_month.setdefault(month, []).append(supplier.name)
    return by_month


def _adjustment(clause: IndexClause, series: Series, base: date, month: date | None) -> Adjustment | None:
    if month is None or month <= base or not is_known(series, base, month):
        return None
    return adjustment(clause, series, base_month=base, month=month)
