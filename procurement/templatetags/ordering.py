"""Filters that say quantities with their units, and packs: see ``core.units``."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID, uuid5

from django import template
from django.forms import BaseForm
from django.utils.translation import gettext as _

from catalog.favourites import ListedItem
from catalog.models import Item, Price
from core import units
from core.languages import current_language
from procurement.models import Allocation, OrderLine, Requisition, RequisitionLine
from procurement.names import name_of
from procurement.states import RequisitionStatus

register = template.Library()


@register.filter
def counted(quantity: Decimal, unit: str) -> str:
    """Say how many of what: "20 askar"."""
    return units.quantity_text(quantity, unit, language=current_language())


@register.filter
def unit_word(unit: str, quantity: Decimal | int = 1) -> str:
    """Say the unit alone, for so many."""
    return units.unit_word(unit, quantity, language=current_language())


@register.filter
def pack(item: Item, price: Price | None = None) -> str:
    """Say what one order unit of the item is: "Ask med 100 st"; of the one that a price is of, where one is given."""
    unit, count = price.pack_of(item) if price else (item.order_unit, item.units_per_order_unit)
    return units.pack(unit, count, item.base_unit, language=current_language())


@register.filter
def instead_of(line: ListedItem, quantity: Decimal) -> Decimal:
    """How many of what replaces an item do for so many of it, in the pack that it is counted in."""
    assert line.replacement is not None  # noqa: S101, asked of what is replaced
    return line.replacement.instead_of(quantity, line.units)


@register.filter
def plain_name(item: Item) -> str:
    """Say the item's name without its size."""
    return item.name_en if item.name_en and current_language().startswith("en") else item.name


@register.filter
def item_name(line: RequisitionLine | OrderLine) -> str:
    """Say what a line is about in the reader's language."""
    return name_of(line)


@register.filter
def words(text: str) -> list[str]:
    """Split into words, to loop over."""
    return text.split()


@register.filter
def errors_of(form: BaseForm, name: str) -> str:
    """Say what is wrong with one field, or nothing."""
    return str(form.errors[name][0]) if name in form.errors else ""


@register.filter
def named(meanings: Mapping[str, str], name: str) -> str:
    """Look up what one code means."""
    return meanings.get(name, "")


@register.filter
def unit_of(line: RequisitionLine) -> str:
    """The unit that the line is counted in now."""
    return line.approved_unit or line.unit


@register.filter
def remaining(allocation: Allocation) -> Decimal:
    """What of the allocation has not come."""
    return allocation.remaining


@register.filter
def key_for(allocation: Allocation, key: UUID) -> UUID:
    """A key of the allocation's own, from the page's key, so that two forms on a page are two receipts."""
    return uuid5(key, str(allocation.pk))


STATUS_KINDS = {
    RequisitionStatus.BASKET: "draft",
    RequisitionStatus.QUESTION: "question",
    RequisitionStatus.UNDER_REVIEW: "half",
    RequisitionStatus.DECIDED: "done",
    RequisitionStatus.ORDERED: "truck",
    RequisitionStatus.PARTLY_RECEIVED: "half",
    RequisitionStatus.RECEIVED: "received",
    RequisitionStatus.CLOSED: "stopped",
}


@register.filter
def status_kind(requisition: Requisition) -> str:
    """What the requisition's status looks like as a tag."""
    return STATUS_KINDS[requisition.status]


@register.filter
def status_label(requisition: Requisition) -> str:
    """The requisition's status in words; a question is asked of somebody else here."""
    is_question = requisition.status == RequisitionStatus.QUESTION
    return _("Fråga ställd") if is_question else str(requisition.status.label)
