"""A line without konto, or with a closed one, is never approved, however it came there."""

from decimal import Decimal

import pytest

from agreements.models import Agreement
from categories.models import Category
from organizations.models import AccountingCode, Dimension
from procurement import approving
from procurement.gates import AccountMissing, CodeClosed
from procurement.models import RequisitionLine
from procurement.operations import accounts, decisions, requisitions
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.procurement.deciding import approve


def new_account(code: str = "7000") -> AccountingCode:
    return AccountingCode.objects.create(dimension=Dimension.ACCOUNT, code=code, name="Konsult")


def approve_as_deputy(
    cast: Cast, line: RequisitionLine, agreement: Agreement | None = None
) -> RequisitionLine:
    supplier = agreement.supplier if agreement else cast.paper_supplier
    return decisions.approve(
        lines=[line], by=cast.deputy, at=NOW, supplier=supplier, agreement=agreement
    ).only()


def test_a_moved_line_takes_its_new_categorys_account(cast: Cast) -> None:
    Category.objects.filter(pk=cast.services.pk).update(account=new_account())
    line = worlds.free_text(cast, "Tvättvagn", category=cast.office)
    services = Category.objects.get(pk=cast.services.pk)
    moved = decisions.reassign_category(line=line, category=services, by=cast.deputy, at=NOW)
    moved.refresh_from_db()
    assert moved.account is not None
    assert moved.account.code == "7000"


def test_a_moved_line_keeps_an_account_that_was_chosen(cast: Cast) -> None:
    basket = worlds.basket(cast)
    line = worlds.free_text_in(cast, basket, "Tvättvagn", category=cast.office)
    chosen = new_account("7777")
    accounts.set_accounts(basket=basket, accounts={line.pk: chosen}, by=cast.requester, at=NOW)
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    moved = decisions.reassign_category(line=line, category=cast.services, by=cast.deputy, at=NOW)
    assert (moved.account, moved.is_account_chosen) == (chosen, True)


def test_a_line_moved_to_a_category_without_account_is_not_approved(cast: Cast) -> None:
    line = worlds.free_text(cast, "Xylofon till väntrummet")
    Category.objects.filter(pk=cast.office.pk).update(account=None)
    office = Category.objects.get(pk=cast.office.pk)
    moved = decisions.reassign_category(line=line, category=office, by=cast.head, at=NOW)
    with pytest.raises(AccountMissing):
        approve_as_deputy(cast, moved)
    Category.objects.filter(pk=cast.office.pk).update(account=cast.account)
    approved = approve_as_deputy(cast, moved)
    approved.refresh_from_db()
    assert (approved.status, approved.account) == (LineStatus.APPROVED, cast.account)


def test_a_need_without_category_is_not_approved_without_account(cast: Cast) -> None:
    line = worlds.free_text(cast, "Xylofon till väntrummet")
    with pytest.raises(AccountMissing):
        decisions.approve(lines=[line], by=cast.head, at=NOW, supplier=cast.paper_supplier).only()


def test_a_closed_account_of_a_category_is_not_booked_on(cast: Cast) -> None:
    basket = worlds.basket(cast)
    AccountingCode.objects.filter(pk=cast.account.pk).update(closed_date=TODAY)
    with pytest.raises(CodeClosed, match="4610"):
        requisitions.submit(basket=basket, by=cast.requester, at=NOW)


def test_a_waiting_line_follows_its_category_to_an_open_account(cast: Cast) -> None:
    line = worlds.line(cast)
    AccountingCode.objects.filter(pk=cast.account.pk).update(closed_date=TODAY)
    open_account = new_account("4611")
    Category.objects.update(account=open_account)
    approved = approve(line, cast.manager)
    approved.refresh_from_db()
    assert (approved.status, approved.account) == (LineStatus.APPROVED, open_account)


def test_a_need_is_bought_under_an_agreement_of_its_own_category(cast: Cast) -> None:
    line = worlds.free_text(cast, "Golvmopp", category=cast.office)
    with pytest.raises(approving.AgreementOfAnotherCategory, match="Sjukvårdsmaterial"):
        approve_as_deputy(cast, line, cast.agreement)
    assert RequisitionLine.objects.get(pk=line.pk).status == LineStatus.AWAITING


def test_a_need_is_bought_under_an_agreement_above_its_category(cast: Cast) -> None:
    line = worlds.free_text(cast, "Undersökningshandske extra lång", category=cast.gloves_category)
    approved = decisions.approve(
        lines=[line],
        by=cast.manager,
        at=NOW,
        supplier=cast.supplier,
        agreement=cast.agreement,
        unit_price=Decimal(900),
    ).only()
    assert approved.approved_agreement == cast.agreement
