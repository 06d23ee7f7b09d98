"""Price proposals for tests, made by the operation."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from agreements.models import Agreement, PriceClause
from catalog.models import Item, Price, PriceProposal
from catalog.operations.price_proposals import propose_prices
from catalog.volumes import Volume
from organizations.models import User
from tests.cast import NOW, TODAY, Cast

NEXT = TODAY + timedelta(days=30)


def may_rise(cast: Cast) -> None:
    """Let the agreement's prices move."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause=PriceClause.INDEX)
    cast.agreement.refresh_from_db()


def proposed(cast: Cast, unit_price: str = "61", *, by: User | None = None, **others: Any) -> PriceProposal:
    """Gloves from 58 kr to so much in thirty days; 12 000 a year are bought by three departments."""
    facts: dict[str, Any] = {
        "agreement": cast.agreement,
        "prices": others.get("prices") or {price_of(cast.gloves): Decimal(unit_price)},
        "from_date": NEXT,
        "reason": "Råvaran har blivit dyrare.",
        "volumes": {cast.gloves.pk: Volume(Decimal(12_000), 3)},
        "at": NOW,
    }
    return propose_prices(**{**facts, **others}, by=by or cast.manager)


def both(cast: Cast) -> dict[Price, Decimal]:
    """Gloves and gowns, each dearer."""
    return {price_of(cast.gloves): Decimal(61), price_of(cast.gown): Decimal(160)}


def price_of(item: Item) -> Price:
    """The item's only price."""
    return Price.objects.get(item=item)
