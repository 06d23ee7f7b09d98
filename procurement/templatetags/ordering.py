"""Filters that say quantities with their units, and packs: see ``core.units``."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language

from catalog.models import Item
from core import units

register = template.Library()


def _language() -> str:
    return get_language() or "sv"


@register.filter
def counted(quantity: Decimal, unit: str) -> str:
    """Say how many of what: "20 askar"."""
    return units.counted(quantity, unit, language=_language())


@register.filter
def unit_word(unit: str, quantity: Decimal | int = 1) -> str:
    """Say the unit alone, for so many."""
    return units.unit_word(unit, quantity, language=_language())


@register.filter
def pack(item: Item) -> str:
    """Say what one order unit of the item is: "Ask med 100 st"."""
    return units.pack(item.order_unit, item.units_per_order_unit, item.base_unit, language=_language())
