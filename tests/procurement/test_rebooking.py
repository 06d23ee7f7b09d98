"""A line that is stopped by a closed account gets another one, from who answers for it or asked for it."""

from decimal import Decimal

import pytest

from audit.models import Entry
from categories.models import Category
from core.errors import DomainError
from organizations.models import AccountingCode, Dimension, User
from procurement.models import RequisitionLine
from procurement.operations import accounts, amendments, decisions, requisitions
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in
from tests.procurement.deciding import approve

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def opened(cast: Cast) -> AccountingCode:
    """An account that is open."""
    return AccountingCode.objects.create(dimension=Dimension.ACCOUNT, code="4611", name="Engångsmaterial")


@pytest.fixture
def stopped(cast: Cast) -> RequisitionLine:
    """A line on an account that was chosen for the whole basket and closed while the line waited."""
    chosen = AccountingCode.objects.create(dimension=Dimension.ACCOUNT, code="4699", name="Gammalt")
    basket = worlds.basket(cast)
    basket.account = chosen
    basket.save()
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    AccountingCode.objects.filter(pk=chosen.pk).update(closed_date=TODAY)
    return basket.lines.get()


def test_line_is_approved_on_its_new_account(
    cast: Cast, stopped: RequisitionLine, opened: AccountingCode
) -> None:
    with pytest.raises(DomainError) as refusal:
        approve(stopped, cast.manager)
    assert refusal.value.code == "code_closed"
    accounts.rebook(line=stopped, account=opened, by=cast.manager, at=NOW)
    done = approve(stopped, cast.manager)
    done.refresh_from_db()
    assert (done.status, done.account, done.is_account_chosen) == (LineStatus.APPROVED, opened, True)
    entry = Entry.objects.about(stopped).get(event="line.rebooked")
    assert (entry.by_name, entry.details) == (
        "Karin Sundblad",
        {"before": "4699 Gammalt", "account": "4611 Engångsmaterial"},
    )


def test_no_account_is_the_categorys(cast: Cast, stopped: RequisitionLine) -> None:
    line = accounts.rebook(line=stopped, account=None, by=cast.manager, at=NOW)
    line.refresh_from_db()
    assert (line.account, line.is_account_chosen) == (cast.account, False)


def test_the_requester_mends_it_and_may_revise_it_afterwards(
    cast: Cast, stopped: RequisitionLine, opened: AccountingCode
) -> None:
    decisions.return_with_question(lines=[stopped], question="Vilket konto?", by=cast.manager, at=NOW)
    accounts.rebook(line=stopped, account=opened, by=cast.requester, at=NOW)
    new = amendments.revise_line(
        line=stopped, quantity=Decimal(3), specification="", by=cast.requester, at=NOW
    )
    assert new.account == opened


@pytest.mark.parametrize("who", ["colleague", "stranger", "budget_holder", "controller", "office_deputy"])
def test_nobody_else_changes_it(
    cast: Cast, stopped: RequisitionLine, opened: AccountingCode, who: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        accounts.rebook(line=stopped, account=opened, by=getattr(cast, who), at=NOW)
    assert refusal.value.code == "not_your_line"


def test_a_closed_account_or_an_activity_is_no_account(cast: Cast, stopped: RequisitionLine) -> None:
    for account, code in ((stopped.account, "account_closed"), (cast.activity, "not_an_account")):
        if account is not None:
            account.refresh_from_db()
        with pytest.raises(DomainError) as refusal:
            accounts.rebook(line=stopped, account=account, by=cast.manager, at=NOW)
        assert refusal.value.code == code


def test_a_decided_line_keeps_its_account(cast: Cast, opened: AccountingCode) -> None:
    line = approve(worlds.line(cast), cast.manager)
    with pytest.raises(DomainError) as refusal:
        accounts.rebook(line=line, account=opened, by=cast.manager, at=NOW)
    assert refusal.value.code == "line_is_decided"


def test_the_page_offers_it_only_when_the_line_is_stopped(
    cast: Cast, stopped: RequisitionLine, opened: AccountingCode
) -> None:
    client, url = signed_in(cast.manager), f"/rader/{stopped.pk}/"
    page = client.get(url).content.decode()
    assert "4699 Gammalt är stängt, så raden går inte att godkänna." in page
    assert "Vilket konto ska raden ha?" not in signed_in(cast.auditor).get(url).content.decode()
    answer = client.post(f"{url}konto/", {"account": opened.pk}, follow=True).content.decode()
    assert "Raden bokförs på 4611 Engångsmaterial." in answer
    assert "Vilket konto ska raden ha?" not in answer


def test_an_account_that_follows_its_category_needs_no_mending(cast: Cast, opened: AccountingCode) -> None:
    line = worlds.line(cast)
    AccountingCode.objects.filter(pk=cast.account.pk).update(closed_date=TODAY)
    Category.objects.update(account=opened)
    page = signed_in(User.objects.get(pk=cast.manager.pk)).get(f"/rader/{line.pk}/").content.decode()
    assert "Vilket konto ska raden ha?" not in page
