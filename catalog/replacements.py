"""What an orderer may take instead of an item on a day: the best that is approved, never what is for a crisis alone."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.functions import Cast, JSONObject

from catalog.models import Item, Substitution
from catalog.states import ItemStatus

STAYS = (ItemStatus.STANDARD, ItemStatus.TRIAL)


def replacements_of(items: Iterable[Item], *, day: date) -> dict[int, Substitution]:
    """What replaces each item that leaves, has left or is blocked, by the item's id; one query, none when all stay."""
    leaving = [item.pk for item in items if item.status not in STAYS]
    if not leaving:
        return {}
    found = (
        Substitution.objects.offered_on(day)
        .filter(from_item__in=leaving)
        .select_related("to_item")
        .best_first()
    )
    replacements: dict[int, Substitution] = {}
    for each in found:
        replacements.setdefault(each.from_item_id, each)
    return replacements


def replacement_on(day: date, *, item: str = "pk") -> models.Subquery:
    """
    What ``replacements_of`` gives, as an annotation of what is read anyhow; ``read_replacement`` reads it.

    :param item: where the item stands on what is annotated.
    """
    found = Substitution.objects.offered_on(day).filter(from_item=models.OuterRef(item))
    return models.Subquery(
        found.best_first().values(
            said=JSONObject(
                pk="pk",
                factor=Cast("factor", models.TextField()),
                equivalence="equivalence",
                note="note",
                to_item=JSONObject(
                    pk="to_item__pk",
                    number="to_item__number",
                    name="to_item__name",
                    name_en="to_item__name_en",
                    size="to_item__size",
                    order_unit="to_item__order_unit",
                ),
            )
        )[:1],
        output_field=models.JSONField(),
    )


def read_replacement(item: Item, said: dict[str, Any] | None) -> Substitution | None:
    """What replaces an item that leaves, has left or is blocked, with what a sentence says of the new one."""
    if said is None or item.status in STAYS:
        return None
    return Substitution(
        pk=said["pk"],
        from_item=item,
        to_item=Item(**said["to_item"]),
        factor=Decimal(said["factor"]),
        equivalence=said["equivalence"],
        note=said["note"],
    )
