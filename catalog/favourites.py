"""A person's favourites as they are read: what each costs today, whether it can be ordered, and what replaces it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from catalog.models import Favourite, Item, Price
from catalog.permissions import can_be_ordered
from catalog.pricing import BestPrices, best_prices
from catalog.replacements import Replacement, replacements_of
from catalog.states import VISIBLE
from core.compiled import compiled_once
from core.verdicts import Verdict
from organizations.models import User


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item that a person keeps at hand."""

    item: Item
    verdict: Verdict
    """Whether it may be ordered today, and if not, why."""
    price: Price | None
    replacement: Replacement | None
    counted_units: Decimal | None = None
    """Base units in the pack that it is counted in, where that is known apart from its price."""

    @property
    def is_gone(self) -> bool:
        """Whether the catalogue no longer shows it."""
        return self.item.status not in VISIBLE

    @property
    def unit(self) -> str:
        """The order unit that it is sold in."""
        return self.price.pack_of(self.item)[0] if self.price else self.item.order_unit

    @property
    def units(self) -> Decimal:
        """Base units in the pack that it is counted in."""
        if self.counted_units is not None:
            return self.counted_units
        return self.price.pack_of(self.item)[1] if self.price else self.item.units_per_order_unit

    @property
    def can_be_added(self) -> bool:
        """Whether one press can put it in a basket."""
        return bool(self.verdict) and self.price is not None


def favourites_of(
    user: User, *, day: date, department_id: int | None, administrations: Sequence[int] | None = None
) -> list[ListedItem]:
    """Her favourites, latest first: two queries, and one more when something leaves the assortment."""
    items = favourite_items(user)
    ids = [item.pk for item in items]
    prices = best_prices(ids, day=day, administrations=administrations) if items else BestPrices(())
    return items_today(items, prices, day=day, department_id=department_id)


def favourite_items(user: User) -> list[Item]:
    """The items that she keeps, latest first: one query."""
    return [favourite.item for favourite in _favourites(user)]


def items_today(
    items: Sequence[Item], prices: BestPrices, *, day: date, department_id: int | None
) -> list[ListedItem]:
    """What can be said of the items today: no query, and one when something leaves the assortment."""
    replacements = replacements_of(items, day=day)
    return [
        ListedItem(
            item=item,
            verdict=can_be_ordered(item, day=day, department_id=department_id),
            price=prices.get(item.pk),
            replacement=replacements.get(item.pk),
        )
        for item in items
    ]


@compiled_once
def _favourites(user: User) -> QuerySet[Favourite]:
    own_favourites = Favourite.objects.visible_to(user).in_order()
    return own_favourites.select_related("item").defer("item__search_vector")


def is_favourite(user: User, item: Item) -> bool:
    """Whether she keeps the item."""
    return Favourite.objects.visible_to(user).filter(item=item).exists()
