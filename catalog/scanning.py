"""What a scanned or typed code is: an item's GTIN, or that of one of its packs, on whatever label, or the region's own number."""

from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.gtin import forms, packed_in, with_gtin
from catalog.models import Item, ItemCode

LONGEST_CODE = 200
"""A label with lot, last day and serial number is shorter than this."""
LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Scanned:
    """The item that a code is of, and which of its packs."""

    item: Item
    unit: str = ""
    """The order unit that the pack is; empty for the item itself, in whatever unit it is sold."""
    is_unknown_pack: bool = False
    """Whether it is a larger pack of the item, of which nobody has said what unit it is."""


def scan_result(code: str) -> Scanned | None:
    """
    What a code is of, however it is written.

    The GTIN before the item's own number: a region that numbers by GTIN means the same by both.
    """
    text = with_gtin(code[:LONGEST_CODE]).strip()
    if item := _item_with_gtin(text):
        return Scanned(item)
    packs = ItemCode.objects.written(forms(text)).select_related("item__category")
    if pack := packs.defer("item__search_vector").first():
        return Scanned(pack.item, pack.order_unit)
    if item := _item_with_gtin(packed_in(text)):
        return Scanned(item, is_unknown_pack=True)
    if len(text) > LONGEST_NUMBER:
        return None
    numbered = _items().filter(number=text).first()
    return Scanned(numbered) if numbered else None


def search_text_of(text: str) -> str:
    """What to search for where a text is the code of a pack: its item's number; the text itself otherwise."""
    code = with_gtin(text)
    same = forms(code)
    if not same or Item.objects.filter(gtin__in=same).exists():
        return text
    pack = ItemCode.objects.written(same).select_related("item").first()
    return pack.item.number if pack else packed_in(code) or text


def _item_with_gtin(digits: str) -> Item | None:
    return _items().filter(gtin__in=forms(digits)).first()


def _items() -> QuerySet[Item]:
    return Item.objects.select_related("category").defer("search_vector")
