"""Propose the prices that index clauses give, when it is time to."""

import logging
from datetime import date, datetime
from functools import partial

from django.db import DatabaseError
from django.utils import timezone

from agreements.index_days import is_due, next_date
from agreements.indexing import IndexMonthMissing
from agreements.models import IndexClause, Supplier
from catalog.indexing import prices_to_adjust
from catalog.operations.index_adjustments import propose_by_index
from core.errors import DomainError, in_english
from reporting.price_volumes import volumes_of

logger = logging.getLogger(__name__)


def propose_due(*, at: datetime) -> int:
    """
    Propose the prices of every clause whose next day is due; each supplier's in a transaction of its own.

    A month that is missing holds up no other clause: `office.checks` names it until it is there.

    :returns: how many proposals were made.
    """
    day = timezone.localdate(at)
    volumes = partial(volumes_of, day=day)
    count = 0
    for clause, from_date in due_clauses(day):
        suppliers = prices_to_adjust(clause, from_date).values("supplier")
        for supplier in Supplier.objects.filter(pk__in=suppliers).order_by("pk"):
            try:
                proposal = propose_by_index(
                    clause=clause, supplier=supplier, from_date=from_date, volumes=volumes, at=at
                )
            except IndexMonthMissing:
                continue
            except (DomainError, DatabaseError) as error:  # one that fails holds up no other
                why = in_english(error) if isinstance(error, DomainError) else error
                logger.exception("Prices by index clause %s could not be proposed: %s", clause.pk, why)
                continue
            count += proposal is not None
    return count


def due_clauses(day: date) -> list[tuple[IndexClause, date]]:
    """The clauses by which prices are to be proposed now, each with its next day, the earliest first."""
    clauses = IndexClause.objects.not_over(day).select_related("agreement", "series").order_by("pk")
    days = [(clause, next_date(clause, day)) for clause in clauses]
    due = [(clause, each) for clause, each in days if each is not None and is_due(clause, each, day)]
    return sorted(due, key=lambda pair: pair[1])
