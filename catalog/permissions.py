"""May this item be ordered now, and if not, why."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from catalog.states import VISIBLE
from categories.models import Category
from core.errors import DomainError, NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User


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


class ItemIsForItsManager(NotPermitted):
    """What shows an item is chosen by whoever answers for its category."""

    code = "item_is_for_its_manager"
    sentence = _("Bara den som ansvarar för artikelns kategori ändrar dess bilder och dokument.")


def can_illustrate(by: User, item: Item, *, at: datetime) -> Verdict:
    """Whether the person may add and take away pictures and documents: who answers for the category, or one above."""
    hers = Category.objects.within_reach_of(by, timezone.localdate(at)).filter(pk=item.category_id)
    return PERMITTED if hers.exists() else refused(ItemIsForItsManager())


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
