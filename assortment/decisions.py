"""What councils and managers have decided about an item, kept for ever."""

from collections.abc import Sequence

from django.db.models import Prefetch

from assortment.models import DecidedItem, DecidedStep
from catalog.models import Item


def decisions_about(item: Item) -> Sequence[DecidedItem]:
    """
    Every decision that the item came in or went out by, or that asked for it, the latest first, with the steps taken
    because of it: two queries.
    """
    return list(
        DecidedItem.objects.filter(item=item)
        .select_related("decision__proposal", "decision__by", "decision__on_behalf_of")
        .prefetch_related(Prefetch("steps", DecidedStep.objects.select_related("by").order_by("at", "pk")))
        .order_by("-decision__at", "-pk")
    )
