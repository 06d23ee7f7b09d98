"""A line that is stopped by a closed account gets another one, from who answers for it or asked for it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from categories.models import Category
from core.errors import DomainError
from organizations.models import AccountingCode, Dimension, User
from procurement.models import Requisition, RequisitionLine
from procurement.operations import accounts, amendments, decisions, orders, requisitions
from procurement.states import LineStatus
from tests import worlds
from tests.api.clients import Program
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
    approved = approve(stopped, cast.manager)
    approved.refresh_from_db()
    assert (approved.status, approved.account, approved.is_account_chosen) == (
        LineStatus.APPROVED,
        opened,
        True,
    )
    entry = Entry.objects.about(stopped).get(event="line.rebooked")
    assert (entry.by_name, entry.details) == (
        "Karin Sundblad",
        {"before": "4699 Gammalt", "account": "4611 Engångsmaterial"},
    )


@pytest.fixture
def codes(cast: Cast) -> dict[str, AccountingCode]:
    """Another activity and another project, both open."""
    return {
        "activity": AccountingCode.objects.create(
            dimension=Dimension.ACTIVITY, code="5551", name="Ny verksamhet"
        ),
        "project": AccountingCode.objects.create(
            dimension=Dimension.PROJECT, code="70001", name="Nytt projekt"
        ),
    }


@pytest.fixture
def closed(cast: Cast) -> RequisitionLine:
    """A line whose activity and project were closed while it waited."""
    project = AccountingCode.objects.create(dimension=Dimension.PROJECT, code="70000", name="Gammalt projekt")
    basket = worlds.basket(cast, (cast.gloves, 10), (cast.gown, 5))
    basket.project = project
    basket.save()
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    AccountingCode.objects.filter(pk__in=[project.pk, cast.activity.pk]).update(closed_date=TODAY)
    return basket.lines.get(item=cast.gloves)


def refusal_of(line: RequisitionLine, cast: Cast, **codes: AccountingCode | None) -> str:
    """Why the manager may not book the line on these codes."""
    with pytest.raises(DomainError) as refusal:
        accounts.rebook(line=line, **codes, by=cast.manager, at=NOW)  # type: ignore[arg-type]
    return refusal.value.code


def test_line_is_approved_on_its_new_activity_and_project(
    cast: Cast, closed: RequisitionLine, codes: dict[str, AccountingCode]
) -> None:
    accounts.rebook(line=closed, activity=codes["activity"], by=cast.manager, at=NOW)
    with pytest.raises(DomainError) as refusal:
        approve(closed, cast.manager)
    assert refusal.value.code == "code_closed"
    accounts.rebook(line=closed, project=codes["project"], by=cast.requester, at=NOW)
    assert approve(closed, cast.manager).status == LineStatus.APPROVED
    closed.requisition.refresh_from_db()
    assert (closed.requisition.activity, closed.requisition.project) == tuple(codes.values())
    first, second = Entry.objects.about(closed).filter(event="line.rebooked").order_by("pk")
    assert (first.by_name, first.details) == (
        "Karin Sundblad",
        {"activity_before": str(cast.activity), "activity": "5551 Ny verksamhet"},
    )
    assert second.details == {"project_before": "70000 Gammalt projekt", "project": "70001 Nytt projekt"}


def test_project_can_be_taken_away_and_the_account_is_kept(
    cast: Cast, closed: RequisitionLine, codes: dict[str, AccountingCode]
) -> None:
    line = accounts.rebook(line=closed, activity=codes["activity"], project=None, by=cast.manager, at=NOW)
    line.refresh_from_db()
    assert (line.requisition.project, line.account) == (None, cast.account)


def test_code_of_another_kind_or_a_closed_one_is_refused(
    cast: Cast, closed: RequisitionLine, codes: dict[str, AccountingCode]
) -> None:
    closed.requisition.refresh_from_db()
    assert refusal_of(closed, cast, activity=codes["project"]) == "wrong_dimension"
    assert refusal_of(closed, cast, project=codes["activity"]) == "wrong_dimension"
    assert refusal_of(closed, cast, activity=closed.requisition.activity) == "code_closed"
    assert refusal_of(closed, cast, project=closed.requisition.project) == "code_closed"


def test_what_is_partly_ordered_stays_booked_as_it_was_ordered(
    cast: Cast, codes: dict[str, AccountingCode]
) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 5))
    gloves, gown = requisition.lines.order_by("position")
    approve(gloves, cast.manager)
    orders.consolidate(at=NOW, due_only=False)
    assert refusal_of(gown, cast, **codes) == "partly_ordered"
    assert accounts.rebook(line=gown, account=None, by=cast.manager, at=NOW).account == cast.account
    for field, code in codes.items():
        with pytest.raises(IntegrityError, match="stays booked"), transaction.atomic():
            Requisition.objects.filter(pk=requisition.pk).update(**{field: code})


def test_the_page_asks_for_what_is_closed_and_the_queue_leads_there(
    cast: Cast, closed: RequisitionLine, codes: dict[str, AccountingCode]
) -> None:
    client, url = signed_in(cast.manager), f"/rader/{closed.pk}/"
    queue = client.post("/ko/beslut/", {"approve": str(closed.pk)}, follow=True).content.decode()
    assert f'href="{url}#kontering">Byt kontering</a>' in queue
    page = client.get(url).content.decode()
    assert "70000 Gammalt projekt är stängt, så raden går inte att godkänna." in page
    assert 'name="activity"' in page
    assert 'name="project"' in page
    assert 'name="account"' not in page
    fields = {"activity": codes["activity"].pk, "project": codes["project"].pk}
    answer = client.post(f"{url}konto/", fields, follow=True).content.decode()
    assert "Raden bokförs på 5551 Ny verksamhet, 70001 Nytt projekt." in answer
    assert "Vad ska raden bokföras på?" not in answer


def test_the_api_changes_what_is_named(
    cast: Cast, closed: RequisitionLine, codes: dict[str, AccountingCode]
) -> None:
    program = Program(cast.manager)
    assert program.post(f"lines/{closed.pk}/rebook/").status_code == 400
    assert program.post(f"lines/{closed.pk}/rebook/", activity="5551", project=None).status_code == 200
    closed.requisition.refresh_from_db()
    assert (closed.requisition.activity, closed.requisition.project) == (codes["activity"], None)


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
    assert "Vad ska raden bokföras på?" not in signed_in(cast.auditor).get(url).content.decode()
    answer = client.post(f"{url}konto/", {"account": opened.pk}, follow=True).content.decode()
    assert "Raden bokförs på 4611 Engångsmaterial." in answer
    assert "Vad ska raden bokföras på?" not in answer


def test_an_account_that_follows_its_category_needs_no_mending(cast: Cast, opened: AccountingCode) -> None:
    line = worlds.line(cast)
    AccountingCode.objects.filter(pk=cast.account.pk).update(closed_date=TODAY)
    Category.objects.update(account=opened)
    page = signed_in(User.objects.get(pk=cast.manager.pk)).get(f"/rader/{line.pk}/").content.decode()
    assert "Vad ska raden bokföras på?" not in page
