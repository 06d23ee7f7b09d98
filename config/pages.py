"""
Where each thing has its page.

The apps that keep requisitions, orders, items and the like do not know the pages above them. Django gives every such
model the address that stands here as its ``get_absolute_url``; what is not a template asks ``core.addresses``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

ADDRESSES: dict[str, Callable[[Any], str]] = {
    "agreements.agreement": lambda agreement: reverse("desk:agreement", args=[agreement.pk]),
    "catalog.item": lambda item: reverse("shop:item", args=[item.number]),
    "categories.category": lambda category: reverse("desk:category", args=[category.code]),
    "procurement.purchaseorder": lambda order: reverse("desk:order", args=[order.number]),
    "procurement.requisition": lambda requisition: reverse("shop:requisition", args=[requisition.number]),
}

PLACES: Mapping[str, str] = {
    "absence": "desk:absence",
    "agreements": "desk:agreements",
    "today": "desk:today",
}
"""Places that pages below them lead to, by the name that they use."""
