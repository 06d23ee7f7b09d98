"""What councils and managers have decided about an item, kept for ever."""

from collections.abc import Sequence

from assortment.models import DecidedItem
from catalog.models import Item


def decisions_about(item: Item) -> Sequence[DecidedItem]:
    """Every decision that the item came in or went out by, or that asked for it, the latest first: one query."""
    return list(
        DecidedItem.objects.filter(item=item)
        .select_related("decision__proposal", "decision__by", "decision__on_behalf_of")
        .order_by("-decision__at", "-pk")
    )
