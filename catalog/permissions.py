"""May this item be ordered now, and if not, why."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from catalog.states import VISIBLE
from core.errors import DomainError
from core.verdicts import PERMITTED, Verdict, refused


class ItemNotOrderable(DomainError):
    """The item is retired, blocked, or not yet in the assortment."""

    code = "item_not_orderable"
    sentence = _("%(item)s går inte längre att beställa.")


class ItemBlocked(ItemNotOrderable):
    """The item is blocked, for example by a recall."""

    code = "item_blocked"
    sentence = _("%(item)s är spärrad: %(reason)s")


class ItemNotInCatalogue(DomainError):
    """The item is proposed or retired, so the catalogue does not show it."""

    code = "item_not_in_catalogue"
    sentence = _("%(item)s finns inte i katalogen.")


def can_be_favourite(item: Item) -> Verdict:
    """Whether the item may be kept at hand: what the catalogue shows, also while it is blocked."""
    if item.status in VISIBLE:
        return PERMITTED
    return refused(ItemNotInCatalogue(item=item.names))


def can_be_ordered(item: Item, *, day: date) -> Verdict:
    """Whether the item may be put in a basket or submitted that day."""
    if item.is_orderable_on(day):
        return PERMITTED
    if item.blocked_reason:
        return refused(ItemBlocked(item=item.names, reason=item.blocked_reason))
    return refused(ItemNotOrderable(item=item.names))
