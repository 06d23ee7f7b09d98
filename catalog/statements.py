"""The statement of ``catalog.ranking``, written for a day, for those who order and for one way to look; and the ways to sort."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet, TextChoices
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from catalog import ranking
from catalog.models import Price
from catalog.pricing import ONE


class Sorting(TextChoices):
    """In which order what is found is shown; of more than are ranked, those that are ranked."""

    RELEVANCE = "relevans", _("Det som passar bäst")
    PRICE = "pris", _("Lägst jämförpris")
    NAME = "namn", _("Namn")
    TIMES = "mest", _("Det ni köper mest")


_SORTED: Mapping[Sorting, tuple[str, str]] = {
    Sorting.RELEVANCE: (ranking.BY_RELEVANCE, ""),
    Sorting.PRICE: (ranking.BY_PRICE, ranking.CHEAPEST_SHOWN),
    Sorting.NAME: (ranking.BY_NAME, ""),
    Sorting.TIMES: (ranking.BY_TIMES, ""),
}
"""How rows are sorted, and which of a family is shown for it."""


@lru_cache(maxsize=128)
def statement_of(
    day: date,
    administrations: tuple[int, ...],
    source: str,
    conditions: str,
    order: str,
    otherwise: str,
    sorting: Sorting,
) -> tuple[str, Mapping[str, Any]]:
    """The statement that ranks what a source gives, and its values that are the same all day."""
    usable = Price.objects.on(day).filter(supplier__blocked_reason="")
    if administrations:
        usable = usable.usable_by(list(administrations))
    this = usable.filter(item=RawSQL("item.id", []), agreement__isnull=False)
    by, shown_first = _SORTED[sorting]
    parts: dict[str, str | QuerySet[Any, Any]] = {
        "source": source,
        # Other sources give what is used most by themselves.
        "used": conditions if source == ranking.matching(conditions) else "false",
        "conditions": conditions,
        "agreed": this,
        "sold": usable.filter(item=RawSQL("item.id", []), supplier=RawSQL("seller.id", [])),
        "direct": this.filter(unit_price__lt=RawSQL("policies.below", [])),
        "price": usable.filter(item__among=RawSQL("(SELECT array_agg(id) FROM known)::bigint[]", []))
        .with_rank(day)
        .at_quantity(ONE)
        .values_list(*ranking.PRICE_COLUMNS),
        "matches": order,
        "otherwise": otherwise,
        "sorting": by,
        "shown_first": shown_first,
    }
    statement = ranking.STATEMENT
    values: dict[str, Any] = {}
    for name, part in parts.items():
        text, facts = (part, {}) if isinstance(part, str) else named(part, name)
        statement = statement.replace(f"{{{name}}}", text)
        values |= facts
    return statement, values


def named(prices: "QuerySet[Any, Any]", prefix: str) -> tuple[str, dict[str, Any]]:
    """The statement of a queryset, which owns the rule, with named placeholders."""
    sql, values = prices.query.sql_with_params()
    names = [f"{prefix}_{number}" for number in range(len(values))]
    return sql % tuple(f"%({name})s" for name in names), dict(zip(names, values, strict=True))
