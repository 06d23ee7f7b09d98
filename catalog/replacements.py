"""What replaces an item on a day: the equivalent before what has a condition, then the latest that was said."""

from collections.abc import Iterable
from datetime import date

from catalog.models import Item, Substitution
from catalog.states import ItemStatus

STAYS = (ItemStatus.STANDARD, ItemStatus.TRIAL)


def replacements_of(items: Iterable[Item], *, day: date) -> dict[int, Substitution]:
    """What replaces each item that leaves, has left or is blocked, by the item's id; one query, none when all stay."""
    leaving = [item.pk for item in items if item.status not in STAYS]
    if not leaving:
        return {}
    found = (
        Substitution.objects.filter(from_item__in=leaving, valid_during__contains=day)
        .select_related("to_item")
        .order_by("from_item_id", "-equivalence", "pk")
    )
    return {each.from_item_id: each for each in found}
