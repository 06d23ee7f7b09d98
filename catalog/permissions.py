"""May this item be ordered now, and if not, why."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from catalog.states import VISIBLE
from core.errors import DomainError, NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Department, User
from organizations.permissions import roles_on


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


class ListIsForThoseWhoOrder(NotPermitted):
    """A department's list is kept by those who order for it, while it is open."""

    code = "list_is_for_those_who_order"
    sentence = _("Bara de som beställer för %(department)s sköter enhetens lista.")


def can_keep_list_of(by: User, department: Department, *, at: datetime) -> Verdict:
    """Whether the person may change the list that the department shares: she orders for it, and it is open."""
    day = timezone.localdate(at)
    is_hers = by.is_active and department.pk in roles_on(by, day).orders_for
    if is_hers and department.is_open_on(day):
        return PERMITTED
    return refused(ListIsForThoseWhoOrder(department=department.name))


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
