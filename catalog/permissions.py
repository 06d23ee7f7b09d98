"""May this item be ordered now, and if not, why."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from catalog.models import Item, PriceProposal
from catalog.states import VISIBLE, ItemStatus
from categories.models import Category
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


class ItemNotYetOrderable(ItemNotOrderable):
    """The item is proposed or assessed, and nobody has decided about it."""

    code = "item_not_yet_orderable"
    sentence = _("%(item)s går inte att beställa än.")


class ItemOnTrial(ItemNotOrderable):
    """The item is on trial, and the department does not try it that day."""

    code = "item_on_trial"
    sentence = _(
        "%(item)s är på prov. Den kan bara beställas av enheterna som prövar den, de dagar som provet pågår."
    )


class ItemNotInCatalogue(DomainError):
    """The item is proposed or retired, so the catalogue does not show it."""

    code = "item_not_in_catalogue"
    sentence = _("%(item)s finns inte i katalogen.")


class ItemOfAnother(NotPermitted):
    """Whoever answers for the item's category decides about it, her deputy, and the head of procurement."""

    code = "item_of_another"
    sentence = _("Du ansvarar inte för %(category)s. Den som gör det, ersättaren och inköpschefen beslutar.")


def can_manage_item(by: User, item: Item, *, at: datetime) -> Verdict:
    """Whether the person decides where the item is in its life cycle: her category's manager, the deputy or the head."""
    day = timezone.localdate(at)
    if by.is_active and (
        roles_on(by, day).is_head
        or Category.objects.within_reach_of(by, day).filter(pk=item.category_id).exists()
    ):
        return PERMITTED
    return refused(ItemOfAnother(category=item.category.name))


WHY_NOT: dict[ItemStatus, type[ItemNotOrderable]] = {
    ItemStatus.PROPOSED: ItemNotYetOrderable,
    ItemStatus.ASSESSED: ItemNotYetOrderable,
    ItemStatus.TRIAL: ItemOnTrial,
}
"""Why an item in a state cannot be ordered, where it is not that it has left."""


class ItemIsForItsManager(NotPermitted):
    """What shows an item is chosen by whoever answers for its category."""

    code = "item_is_for_its_manager"
    sentence = _("Bara den som ansvarar för artikelns kategori ändrar dess bilder och dokument.")


def can_illustrate(by: User, item: Item, *, at: datetime) -> Verdict:
    """Whether the person may add and take away pictures and documents: who answers for the category, or one above."""
    own_categories = Category.objects.within_reach_of(by, timezone.localdate(at)).filter(pk=item.category_id)
    return PERMITTED if own_categories.exists() else refused(ItemIsForItsManager())


class PricesAreForTheirManager(NotPermitted):
    """Prices under an agreement are handled by whoever answers for it or its category."""

    code = "prices_are_for_their_manager"
    sentence = _(
        "Bara den som ansvarar för avtalet eller dess kategori registrerar och beslutar om dess priser."
    )


class RegisteredByHerself(NotPermitted):
    """Whoever registered a proposal does not decide it."""

    code = "price_proposal_registered_by_herself"
    sentence = _("Du har registrerat förslaget, så någon annan beslutar om det.")


def can_propose_prices(by: User, agreement: Agreement, *, at: datetime) -> Verdict:
    """Whether the person may register new prices: the agreement's owner, manager or deputy of its category, or one above."""
    if by.is_active and agreement.owner_id == by.pk:
        return PERMITTED
    own_categories = Category.objects.within_reach_of(by, timezone.localdate(at)).filter(
        pk=agreement.category_id
    )
    return PERMITTED if by.is_active and own_categories.exists() else refused(PricesAreForTheirManager())


def can_decide_prices(by: User, proposal: PriceProposal, *, at: datetime) -> Verdict:
    """Whether the person may decide new prices: as she may register them, or as head of procurement; never her own."""
    if proposal.registered_by_id == by.pk:
        return refused(RegisteredByHerself())
    if by.is_active and roles_on(by, timezone.localdate(at)).is_head:
        return PERMITTED
    return can_propose_prices(by, proposal.agreement, at=at)


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


def can_be_ordered(item: Item, *, day: date, department_id: int | None) -> Verdict:
    """
    Whether the item may be ordered for the department that day, and if not, why: asked wherever something is ordered.

    :param department_id: who orders; None for who orders for nobody.
    """
    if item.is_orderable_on(day, department_id=department_id):
        return PERMITTED
    if item.blocked_reason:
        return refused(ItemBlocked(item=item.names, reason=item.blocked_reason))
    sentence = WHY_NOT.get(ItemStatus(item.status), ItemNotOrderable)
    return refused(sentence(item=item.names))
