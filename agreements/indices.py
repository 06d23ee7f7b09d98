"""Read index series, with what is known of them on a day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from agreements.indexing import Series
from agreements.models import IndexSeries, IndexValue


def known_series(ids: Iterable[int], *, day: date) -> dict[int, Series]:
    """
    Series by id, each with what it goes on as: two queries.

    What is published after the day is not known yet.
    """
    series_ids = set(ids)
    every = {each.pk: each for each in IndexSeries.objects.all()}
    following = {each.continues_id: each for each in every.values()}
    values: dict[int, dict[date, Decimal]] = defaultdict(dict)
    reached = {each.pk for first in series_ids for each in _chain(every[first], following)}
    index_values = IndexValue.objects.filter(series__in=reached, published_date__lte=day)
    for series_id, month, value in index_values.values_list("series_id", "month", "value"):
        values[series_id][month] = value
    linked = {}
    for first in series_ids:
        series = None
        for each in reversed(_chain(every[first], following)):
            after = following.get(each.pk)
            series = Series(each.code, values[each.pk], series, after.link_month if after else None)
        if series is not None:
            linked[first] = series
    return linked


def _chain(series: IndexSeries, following: dict[int | None, IndexSeries]) -> list[IndexSeries]:
    """A series, and those that it goes on as; the database lets none go on as itself."""
    chain = [series]
    while (after := following.get(chain[-1].pk)) is not None:
        chain.append(after)
    return chain
