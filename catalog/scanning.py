"""What a scanned or typed code is: an item's GTIN, on whatever label it stands, or the region's own number."""

from catalog.gtin import forms, with_gtin
from catalog.models import Item
from catalog.states import VISIBLE

LONGEST_CODE = 200
"""A label with lot, last day and serial number is shorter than this."""
LONGEST_NUMBER = 20


def scanned_item(code: str) -> Item | None:
    """
    The item that a code is of, however the code is written; what the catalogue shows before what it does not.

    The GTIN before the item's own number: a region that numbers by GTIN means the same by both.
    """
    text = with_gtin(code[:LONGEST_CODE]).strip()
    items = Item.objects.select_related("category").defer("search_vector")
    found = sorted(items.filter(gtin__in=forms(text)), key=lambda item: (item.status not in VISIBLE, item.pk))
    if found:
        return found[0]
    return items.filter(number=text).first() if len(text) <= LONGEST_NUMBER else None
