"""When prices may change by an index clause, and by when somebody asks for it (pure)."""

from collections.abc import Iterable
from datetime import date, timedelta

from agreements.models import IndexClause, PriceClause
from core.periods import add_months

ASKING_DAYS = 30
"""How long before the last day to ask for a change that it is proposed, when the index is known."""


def next_date(clause: IndexClause, day: date) -> date | None:
    """
    The next day after a day on which prices may change; None when there is none.

    Clause and agreement are in force that day, and the agreement's prices go by index.
    """
    agreement = clause.agreement
    if agreement.price_clause != PriceClause.INDEX or not agreement.is_active:
        return None
    first = clause.first_date
    months = (day.year - first.year) * 12 + day.month - first.month
    step = max(months // clause.interval_months, 0)
    following = add_months(first, step * clause.interval_months)
    if following <= day:
        following = add_months(first, (step + 1) * clause.interval_months)
    is_in_force = following in clause.valid_during and following in agreement.valid_during
    return following if is_in_force else None


def month_for(clause: IndexClause, from_date: date) -> date:
    """The month whose index decides prices that change on a day."""
    return add_months(from_date.replace(day=1), -clause.lag_months)


def ask_by(clause: IndexClause, from_date: date) -> date:
    """The last day to ask for a change on a day."""
    return from_date - timedelta(days=clause.notice_days)


def is_due(clause: IndexClause, from_date: date, day: date) -> bool:
    """Whether a change on a day is to be proposed now: from a month before the last day to ask for it, until the day itself."""
    return ask_by(clause, from_date) - timedelta(days=ASKING_DAYS) <= day < from_date


def next_ask_by(clauses: Iterable[IndexClause], day: date) -> date | None:
    """The next last day to ask for a change by one of an agreement's clauses; None where nobody has to ask beforehand."""
    notice_clauses = [clause for clause in clauses if clause.notice_days]
    # The first change whose last day to ask is the day itself or later.
    ahead = [(each, next_date(each, day + timedelta(days=each.notice_days - 1))) for each in notice_clauses]
    return min((ask_by(each, from_date) for each, from_date in ahead if from_date is not None), default=None)
