"""What index clauses need: their terms, and the months of their index."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from agreements.index_days import month_for
from agreements.indexing import is_known
from agreements.indices import known_series
from agreements.models import Agreement, IndexClause, PriceClause
from office.checks.check import Check
from office.operations.indexing import due_clauses


def _agreements_without_clause(day: date) -> QuerySet[Any]:
    terms = IndexClause.objects.not_over(day).filter(agreement=OuterRef("pk"))
    return Agreement.objects.orderable_on(day).filter(~Exists(terms), price_clause=PriceClause.INDEX)


def _clauses_without_value(day: date) -> QuerySet[Any]:
    """Those whose prices are due, by a month that nobody has entered, of their index or of what it goes on as."""
    due = due_clauses(day)
    series = known_series({clause.series_id for clause, _from_date in due}, day=day)
    lacking = [
        clause.pk
        for clause, from_date in due
        if not is_known(series[clause.series_id], clause.base_month, month_for(clause, from_date))
    ]
    return IndexClause.objects.filter(pk__in=lacking).select_related("agreement", "series")


CHECKS = (
    Check(
        "index_clause_missing",
        "index_clauses",
        gettext_lazy("Priserna följer index, men villkoren finns inte i registret Indexklausuler."),
        _agreements_without_clause,
        adds=lambda agreement: {"agreement": agreement.number},
    ),
    Check(
        "index_value_missing",
        "index_clauses",
        gettext_lazy("Priserna ska räknas om, men indextalet för basmånaden eller jämförelsemånaden saknas."),
        _clauses_without_value,
    ),
)
