"""Konto per line: chosen in the basket, frozen when it is sent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import DomainError
from organizations.models import AccountingCode, Dimension
from procurement.models import Requisition, RequisitionLine
from procurement.operations import accounts, baskets, requisitions
from procurement.permissions import AlreadySubmitted
from tests import worlds
from tests.cast import NOW, TODAY, Cast, item
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

PAGE = "/korg/konto/"


@pytest.fixture
def supplies(cast: Cast) -> AccountingCode:
    """Another konto than the categories' 4610."""
    return AccountingCode.objects.create(
        dimension=Dimension.ACCOUNT, code="5410", name="Förbrukningsinventarier"
    )


@pytest.fixture
def basket(cast: Cast) -> Requisition:
    """A basket with gloves and gowns."""
    return worlds.basket(cast, (cast.gloves, 6), (cast.gown, 2))


def line_of(basket: Requisition, number: str) -> RequisitionLine:
    return basket.lines.get(item__number=number)


def test_set_accounts_books_the_line_on_its_own_when_sent(
    cast: Cast, basket: Requisition, supplies: AccountingCode
) -> None:
    gloves = line_of(basket, "104412")
    accounts.set_accounts(basket=basket, accounts={gloves.pk: supplies}, by=cast.requester, at=NOW)
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    assert line_of(requisition, "104412").account == supplies
    assert line_of(requisition, "104600").account == cast.account


def test_set_accounts_to_none_is_the_categorys(
    cast: Cast, basket: Requisition, supplies: AccountingCode
) -> None:
    gloves = line_of(basket, "104412")
    accounts.set_accounts(basket=basket, accounts={gloves.pk: supplies}, by=cast.requester, at=NOW)
    accounts.set_accounts(basket=basket, accounts={gloves.pk: None}, by=cast.requester, at=NOW)
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    assert line_of(requisition, "104412").account == cast.account


def test_set_accounts_makes_one_for_the_whole_basket_give_way(
    cast: Cast, basket: Requisition, supplies: AccountingCode
) -> None:
    Requisition.objects.filter(pk=basket.pk).update(account=supplies)
    gloves = line_of(basket, "104412")
    changed = accounts.set_accounts(basket=basket, accounts={gloves.pk: None}, by=cast.requester, at=NOW)
    assert changed.account is None
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    assert line_of(requisition, "104412").account == cast.account
    assert line_of(requisition, "104600").account == supplies


def test_save_details_with_one_account_makes_the_lines_own_give_way(
    cast: Cast, basket: Requisition, supplies: AccountingCode
) -> None:
    gloves = line_of(basket, "104412")
    accounts.set_accounts(basket=basket, accounts={gloves.pk: supplies}, by=cast.requester, at=NOW)
    baskets.save_details(
        basket=basket,
        delivery_place=cast.place,
        charged_department=cast.ward,
        activity=cast.activity,
        account=cast.account,
        project=None,
        needed_by_date=TODAY + timedelta(days=7),
        reason="",
        by=cast.requester,
        at=NOW,
    )
    assert line_of(basket, "104412").account is None
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    assert {line.account for line in requisition.lines.all()} == {cast.account}


@pytest.mark.parametrize("dimension", [Dimension.ACTIVITY, Dimension.PROJECT])
def test_set_accounts_to_another_dimension_is_refused(
    cast: Cast, basket: Requisition, dimension: Dimension
) -> None:
    code = AccountingCode.objects.create(dimension=dimension, code="777", name="Annat")
    lines = {line_of(basket, "104412").pk: code}
    with pytest.raises(accounts.NotAnAccount):
        accounts.set_accounts(basket=basket, accounts=lines, by=cast.requester, at=NOW)
    assert line_of(basket, "104412").account is None


@pytest.mark.parametrize(("closed", "is_open"), [(TODAY, False), (TODAY + timedelta(days=1), True)])
def test_set_accounts_to_a_closed_one_is_refused_from_its_day(
    cast: Cast, basket: Requisition, supplies: AccountingCode, closed: date, is_open: bool
) -> None:
    supplies.closed_date = closed
    supplies.save()
    lines = {line_of(basket, "104412").pk: supplies}
    if is_open:
        accounts.set_accounts(basket=basket, accounts=lines, by=cast.requester, at=NOW)
    else:
        with pytest.raises(accounts.AccountClosed):
            accounts.set_accounts(basket=basket, accounts=lines, by=cast.requester, at=NOW)
    assert line_of(basket, "104412").account == (supplies if is_open else None)


def test_set_accounts_of_a_line_elsewhere_changes_nothing(
    cast: Cast, basket: Requisition, supplies: AccountingCode
) -> None:
    other = worlds.basket(cast, (cast.gown, 1), by=cast.colleague)
    lines = {line_of(basket, "104412").pk: supplies, line_of(other, "104600").pk: supplies}
    with pytest.raises(accounts.LineNotInBasket):
        accounts.set_accounts(basket=basket, accounts=lines, by=cast.requester, at=NOW)
    assert not RequisitionLine.objects.filter(account=supplies).exists()


@pytest.mark.parametrize("actor", ["colleague", "manager", "head", "administrator"])
def test_set_accounts_by_another_is_refused(
    cast: Cast, basket: Requisition, supplies: AccountingCode, actor: str
) -> None:
    lines = {line_of(basket, "104412").pk: supplies}
    with pytest.raises(DomainError):
        accounts.set_accounts(basket=basket, accounts=lines, by=getattr(cast, actor), at=NOW)
    assert line_of(basket, "104412").account is None


def test_set_accounts_of_a_sent_one_is_refused(
    cast: Cast, basket: Requisition, supplies: AccountingCode
) -> None:
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    lines = {line_of(basket, "104412").pk: supplies}
    with pytest.raises(AlreadySubmitted):
        accounts.set_accounts(basket=basket, accounts=lines, by=cast.requester, at=NOW)
    assert line_of(basket, "104412").account == cast.account


def test_set_accounts_uses_the_same_queries_for_one_line_and_for_forty(
    cast: Cast, basket: Requisition, supplies: AccountingCode
) -> None:
    def queries() -> int:
        chosen = dict.fromkeys(basket.lines.values_list("pk", flat=True), supplies)
        with CaptureQueriesContext(connection) as captured_queries:
            accounts.set_accounts(basket=basket, accounts=chosen, by=cast.requester, at=NOW)
        return len(captured_queries)

    few = queries()
    for number in range(40):
        new_item = item(f"3{number:05d}", f"Sak {number}", cast.office, unit="st")
        RequisitionLine.objects.create(
            requisition=basket, position=10 + number, kind="item", item=new_item, description=new_item.name,
            quantity=Decimal(1), unit="st", unit_price=Decimal(1), amount=Decimal(1),
        )  # fmt: skip
    assert queries() == few


def test_page_from_the_basket_and_back(cast: Cast, basket: Requisition, supplies: AccountingCode) -> None:
    client = signed_in(cast.requester)
    before = text_of(client.get("/korg/"))
    assert "4610 Sjukvårdsmaterial." in before
    assert f'<a href="{PAGE}">Ändra per rad</a>' in before
    page = text_of(client.get(PAGE))
    assert "Undersökningshandske nitril, puderfri, blå, 6 askar" in page
    assert "4610 Sjukvårdsmaterial, kategorins" in page
    gloves = line_of(basket, "104412")
    gowns = line_of(basket, "104600")
    chosen = {f"line-{gloves.pk}": "5410", f"line-{gowns.pk}": "kategori"}
    after = client.post(PAGE, chosen, follow=True)
    assert after.redirect_chain == [("/korg/", 302)]
    text = text_of(after)
    assert "Kontona är sparade." in text
    assert "Konto 5410 Förbrukningsinventarier" in text
    assert "4610 och 5410." in text
    assert '<option value="5410" selected>' in text_of(client.get(PAGE))


def test_page_refuses_what_is_no_account(cast: Cast, basket: Requisition) -> None:
    gloves = line_of(basket, "104412")
    response = signed_in(cast.requester).post(PAGE, {f"line-{gloves.pk}": "512"})
    assert response.status_code == 422
    assert "Konto 512 finns inte eller är avslutat." in text_of(response)
    assert "Välj konto" in text_of(response)
    assert line_of(basket, "104412").account is None


def test_page_of_an_empty_basket_says_so(cast: Cast) -> None:
    assert signed_in(cast.requester).get(PAGE).status_code == 422
    assert signed_in(cast.auditor).get(PAGE).status_code == 422
