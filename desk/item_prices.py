"""What the page of an item shows of new prices: those that were proposed, and where another can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from agreements.models import Agreement
from catalog.models import Item, ProposedPrice
from organizations.models import User

MOST_RAISES = 12


@dataclass(frozen=True, slots=True)
class ItemPrices:
    """The latest proposals first, and the agreements under which the person may propose."""

    raises: Sequence[ProposedPrice]
    agreements: Sequence[Agreement]


def item_prices(item: Item, *, user: User, at: datetime) -> ItemPrices:
    """Gather them: two queries."""
    day = timezone.localdate(at)
    rows = ProposedPrice.objects.filter(price__item=item).select_related(
        "price",
        "proposal__agreement",
        "proposal__supplier",
        "proposal__registered_by",
        "proposal__decided_by",
    )
    agreements = Agreement.objects.answered_by(user, day).filter(
        prices__item=item, prices__valid_during__contains=day
    )
    return ItemPrices(
        list(rows.order_by("-proposal__registered_at", "-pk")[:MOST_RAISES]),
        list(agreements.distinct().order_by("number")),
    )
