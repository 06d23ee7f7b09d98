"""Things that happen in the world between two steps of the chain, each to the gloves of the cast or to who asks for and decides them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import (
    Agreement,
    AgreementAdministration,
    AgreementOption,
    AgreementSupplier,
    CallOffMethod,
    Supplier,
)
from agreements.operations import agreements
from catalog.models import Item, ItemCeiling, Price, Substitution, Trial
from catalog.states import ItemStatus
from organizations.models import AccountingCode, Administration, DeliveryPlace, Department, Dimension
from procurement.models import RequisitionLine
from procurement.operations import amendments
from procurement.operations.price_questions import ask_about_prices
from tests import competing
from tests.cast import ALWAYS, NOW, TODAY, Cast
from tests.changes import assign_category, close_account, end_membership

YESTERDAY = TODAY - timedelta(days=1)
UNTIL_TODAY = DateRange(date(2018, 1, 1), TODAY)


def supplier_blocked(cast: Cast) -> None:
    Supplier.objects.filter(pk=cast.supplier.pk).update(blocked_reason="Sanktioner")


def supplier_not_examined(cast: Cast) -> None:
    """It was proposed with a need, and came into the register by another way than the examination."""
    Supplier.objects.filter(pk=cast.supplier.pk).update(awaits_examination=True)


def item_recalled(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad")


def item_phased_out(cast: Cast) -> None:
    Substitution.objects.create(from_item=cast.gloves, to_item=cast.gown, valid_during=ALWAYS)
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.PHASING_OUT, last_order_date=YESTERDAY)


def item_tried_by_others(cast: Cast) -> None:
    Trial.objects.create(
        item=cast.gloves, department=cast.home, valid_during=DateRange(YESTERDAY, TODAY + timedelta(days=30))
    )
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.TRIAL)


def item_retired(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)


def agreement_ended(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(valid_during=UNTIL_TODAY)


def agreement_terminated(cast: Cast) -> None:
    """It is ended at once, though today is its last day."""
    agreements.end(agreement=cast.agreement, reason="Hävt", by=cast.head, at=NOW)


def notice_given(cast: Cast) -> None:
    """Notice is given, and some days are left: it is ordered from until the last of them."""
    agreements.give_notice(
        agreement=cast.agreement, last_date=TODAY + timedelta(days=30), reason="Dyrt", by=cast.head, at=NOW
    )


def notice_ran_out(cast: Cast) -> None:
    """Notice was given a month ago, and yesterday was the last day."""
    before = NOW - timedelta(days=30)
    agreements.give_notice(
        agreement=cast.agreement, last_date=YESTERDAY, reason="Dyrt", by=cast.head, at=before
    )


def option_let_go(cast: Cast) -> None:
    """An option is not used; the agreement goes on until its last day."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(long_term_reason="Inkörning")
    option = AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=12, decide_by_date=TODAY
    )
    agreements.let_option_go(option=option, reason="Dyrt", by=cast.head, at=NOW)


def agreement_closed_to_us(cast: Cast) -> None:
    """Only another administration may call off."""
    other = Administration.objects.create(
        authority=cast.administration.authority, code="SOF", name="Socialförvaltningen"
    )
    AgreementAdministration.objects.create(agreement=cast.agreement, administration=other)


def price_fell(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(50))


def accept_prices(cast: Cast) -> None:
    """The requester says yes to every price that has risen on her lines."""
    ask_about_prices(at=NOW)
    for line in RequisitionLine.objects.undecided().exclude(asked_unit_price=None).order_by("pk"):
        amendments.accept_price(line=line, unit_price=line.asked_unit_price, by=cast.requester, at=NOW)


def price_rose(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(66))


def price_ended(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(valid_during=UNTIL_TODAY)


def minimum_raised(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=50)


def pack_changed(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(units_per_order_unit=200)


def account_closed(cast: Cast) -> None:
    AccountingCode.objects.filter(pk=cast.account.pk).update(closed_date=TODAY)


def activity_closed(cast: Cast) -> None:
    AccountingCode.objects.filter(pk=cast.activity.pk).update(closed_date=TODAY)


def project_closed(cast: Cast) -> None:
    AccountingCode.objects.filter(dimension=Dimension.PROJECT).update(closed_date=TODAY)


def place_gone(cast: Cast) -> None:
    DeliveryPlace.objects.filter(pk=cast.place.pk).update(closed_date=TODAY)


def department_closed(cast: Cast) -> None:
    """What is asked for already goes on; its places go on until they are closed themselves."""
    Department.objects.filter(pk=cast.ward.pk).update(closed_date=TODAY)


def ceiling_lowered(cast: Cast) -> None:
    """The ceiling becomes what is committed that day, and no less than an öre."""
    agreement = Agreement.objects.get(pk=cast.agreement.pk)
    Agreement.objects.filter(pk=agreement.pk).update(
        ceiling_amount=max(agreement.committed_amount, Decimal("0.01"))
    )


def ceiling_filled(cast: Cast) -> None:
    """Others fill the agreement's ceiling up to the last öre."""
    agreement = Agreement.objects.get(pk=cast.agreement.pk)
    Agreement.objects.filter(pk=agreement.pk).update(committed_amount=agreement.ceiling_amount)


def item_ceiling_filled(cast: Cast) -> None:
    """The item gets a ceiling in its agreement, filled by others; what is committed before counts among it."""
    ceiling = ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=1000)
    ItemCeiling.objects.filter(pk=ceiling.pk).update(committed_quantity=1000)


def manager_changed(cast: Cast) -> None:
    """Somebody else answers for the category from today."""
    assign_category(
        category=cast.medical, manager=cast.office_deputy, deputy=None, from_date=TODAY, by=cast.head, at=NOW
    )


def manager_left(cast: Cast) -> None:
    close_account(user=cast.manager, by=cast.administrator, at=NOW)


def membership_ended(cast: Cast) -> None:
    """The requester orders for the department no longer."""
    membership = cast.requester.memberships.get()
    end_membership(membership=membership, last_date=YESTERDAY, by=cast.administrator, at=NOW)


def attester_left(cast: Cast) -> None:
    close_account(user=cast.budget_holder, by=cast.administrator, at=NOW)


def requester_left(cast: Cast) -> None:
    close_account(user=cast.requester, by=cast.administrator, at=NOW)


def ranked_behind(cast: Cast) -> None:
    """The agreement ranks another supplier before the gloves' own, and it sells them at the same price."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=CallOffMethod.RANKING)
    AgreementSupplier.objects.filter(agreement=cast.agreement).update(rank=2)
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=1)
    Price.objects.create(
        item=cast.gloves, agreement=cast.agreement, supplier=cast.paper_supplier, unit_price=58, valid_during=ALWAYS
    )  # fmt: skip


def competition_demanded(cast: Cast) -> None:
    """The agreement is not ordered from until somebody has won a competition."""
    competing.demanded(cast)


def competition_won(cast: Cast) -> None:
    """The agreement's supplier has won one, for the gloves."""
    competing.won(cast, cast.gloves)


def competition_won_of_another(cast: Cast) -> None:
    """It has won one, for another item."""
    competing.won(cast, cast.gown)


EVENTS: dict[str, Callable[[Cast], None]] = {
    event.__name__: event
    for event in (
        supplier_blocked,
        supplier_not_examined,
        item_recalled,
        item_phased_out,
        item_tried_by_others,
        item_retired,
        agreement_ended,
        agreement_terminated,
        notice_given,
        notice_ran_out,
        option_let_go,
        agreement_closed_to_us,
        price_fell,
        price_rose,
        price_ended,
        minimum_raised,
        pack_changed,
        account_closed,
        activity_closed,
        project_closed,
        place_gone,
        department_closed,
        ceiling_lowered,
        ceiling_filled,
        item_ceiling_filled,
        manager_changed,
        manager_left,
        attester_left,
        membership_ended,
        requester_left,
        ranked_behind,
        competition_demanded,
        competition_won,
        competition_won_of_another,
    )
}
