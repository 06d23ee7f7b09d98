"""What proves labels and criteria, and when it ends."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from assortment.operations.proofs import AHEAD
from catalog.models import Item, ItemDocument, ItemLabel
from catalog.states import VISIBLE
from office.checks.check import Check


def _labels_that_end(day: date) -> QuerySet[Any]:
    ending = ItemLabel.objects.expired_on(day + AHEAD)
    return ending.filter(item__status__in=VISIBLE).select_related("item", "label")


def _items_with_documents_that_end(day: date) -> QuerySet[Any]:
    ending = ItemDocument.objects.expired_on(day + AHEAD)
    return Item.objects.visible().filter(pk__in=ending.values("item")).defer("search_vector")


CHECKS = (
    Check(
        "label_ends",
        "item_labels",
        gettext_lazy("Märkningens bevis har gått ut, eller går ut inom 60 dagar."),
        _labels_that_end,
    ),
    Check(
        "document_ends",
        "items",
        gettext_lazy("Ett dokument för artikeln har gått ut, eller går ut inom 60 dagar."),
        _items_with_documents_that_end,
    ),
)
