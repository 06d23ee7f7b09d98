"""May this item be ordered now, and if not, why."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from catalog.models import Item
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


def can_be_ordered(item: Item, *, day: date) -> Verdict:
    """Whether the item may be put in a basket or submitted that day."""
    if item.is_orderable_on(day):
        return PERMITTED
    if item.blocked_reason:
        return refused(ItemBlocked(item=str(item), reason=item.blocked_reason))
    return refused(ItemNotOrderable(item=str(item)))
