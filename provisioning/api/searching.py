"""How people and groups are looked for: filter, order, page (RFC 7644, 3.4.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from scim2_models import Context, Resource, SearchRequest

from provisioning.filters import NoQuestion, Question, question
from provisioning.shapes import MOST_RESULTS

M = TypeVar("M", bound=Model)
R = TypeVar("R", bound=Resource[Any])

LAST_PLACE: Final = 10**9
"""No list is longer."""
ASKED: Final = (
    "filter",
    "sortBy",
    "sortOrder",
    "startIndex",
    "count",
    "attributes",
    "excludedAttributes",
)


@dataclass(frozen=True, slots=True)
class ResultPage(Generic[R]):
    """One page of what was looked for."""

    total: int
    first: int
    resources: Sequence[R]

    def told(self, shape: Any, search: SearchRequest[Any]) -> dict[str, Any]:
        """The page as SCIM writes it; directories look for the list also where it is empty."""
        answer = shape(
            total_results=self.total,
            start_index=self.first,
            items_per_page=len(self.resources),
            resources=list(self.resources),
        )
        body = answer.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=search)
        return {"Resources": [], **body}


def query_parameters(query: QueryDict) -> dict[str, str]:
    """What an address asks for, by the names of SCIM whatever their case; what it says of other things is left."""
    names = {name.lower(): name for name in ASKED}
    return {names[name.lower()]: str(query[name]) for name in query if name.lower() in names}


def attributes_of(query: QueryDict) -> dict[str, str]:
    """Which attributes an address asks for."""
    return {
        name: text for name, text in query_parameters(query).items() if name.lower().endswith("attributes")
    }


def search_page(
    request: SearchRequest[Any],
    rows: QuerySet[M],
    *,
    to_resources: Callable[[Sequence[M]], Sequence[R]],
    attributes: Mapping[str, Question],
    orders: Mapping[str, str],
) -> ResultPage[R]:
    """
    Look for what is asked for: by the database, or where it has no question for it, by holding all rows against it.

    :param to_resources: makes rows resources.
    :param attributes: what the database can be asked.
    :param orders: what it can order by.
    """
    first = min(request.start_index or 1, LAST_PLACE)
    count = MOST_RESULTS if request.count is None else min(request.count, MOST_RESULTS)
    order = orders.get(str(request.sort_by).lower()) if request.sort_by else "pk"
    page = slice(first - 1, first - 1 + count)
    try:
        if order is None:
            raise NoQuestion
        asked_for = rows.filter(question(request.filter.ast, attributes)) if request.filter else rows
        sign = "-" if request.sort_order == SearchRequest.SortOrder.descending else ""
        ordered = asked_for.order_by(f"{sign}{order}", "pk")
        return ResultPage(asked_for.count(), first, to_resources(ordered[page]) if count else [])  # type: ignore[arg-type]
    except NoQuestion:
        everything = to_resources(rows.order_by("pk"))  # type: ignore[arg-type]
    matching = [each for each in everything if request.filter is None or request.filter.match(each)]
    return ResultPage(len(matching), first, request.sort(matching)[page])
