"""The manager of another category, a deputy whose manager is at work, and one who answers no longer: every act."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from categories.models import CategoryAssignment
from core.errors import NotPermitted
from organizations.models import Absence, Membership, User
from procurement import permissions
from procurement.models import PurchaseOrder, RejectionReason, RequisitionLine
from procurement.operations import accounts, attests, decisions, orders, resending
from procurement.permissions import NotYourAttest, NotYourOrder
from procurement.states import LineStatus, OrderStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, category, delegation
from tests.pages import signed_in

Act = Callable[[Cast, RequisitionLine, User], Any]

ACTS: dict[str, Act] = {
    "approve": lambda cast, line, by: decisions.approve(lines=[line], by=by, at=NOW).only(),
    "adjust": lambda cast, line, by: decisions.adjust(
        line=line, quantity=Decimal(1), by=by, at=NOW, comment="x"
    ).only(),
    "substitute": lambda cast, line, by: decisions.substitute(
        line=line, item=cast.gown, quantity=Decimal(1), by=by, at=NOW, comment="x"
    ).only(),
    "return": lambda cast, line, by: decisions.return_with_question(
        lines=[line], question="x", by=by, at=NOW
    ).only(),
    "reject": lambda cast, line, by: decisions.reject(
        lines=[line], reason_code=RejectionReason.NOT_NEEDED, comment="x", by=by, at=NOW
    ).only(),
}


def outsider(cast: Cast, who: str) -> User:
    """Somebody who answers for something, but not for this line."""
    if who == "manager of another category":
        other = category("90", "Livsmedel", account=cast.account)
        CategoryAssignment.objects.create(category=other, manager=cast.office_deputy, valid_during=ALWAYS)
        return cast.office_deputy
    if who == "deputy whose manager is at work":
        return cast.deputy
    cast.medical.assignments.update(valid_during=DateRange(None, TODAY))
    return cast.manager


OUTSIDERS = ["manager of another category", "deputy whose manager is at work", "manager until yesterday"]


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("act", ACTS)
def test_a_line_of_somebody_else_is_not_decided(cast: Cast, act: str, who: str) -> None:
    line = worlds.line(cast)
    by = outsider(cast, who)
    with pytest.raises(NotPermitted):
        ACTS[act](cast, line, by)
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_approval_of_somebody_else_is_not_undone(cast: Cast, who: str) -> None:
    line = worlds.approved(cast).lines.get()
    with pytest.raises(NotPermitted):
        decisions.undo(lines=[line], by=outsider(cast, who), at=NOW).only()


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_need_of_somebody_else_is_not_moved(cast: Cast, who: str) -> None:
    line = worlds.free_text(cast, "Handskar", category=cast.medical)
    with pytest.raises(NotPermitted):
        decisions.reassign_category(line=line, category=cast.services, by=outsider(cast, who), at=NOW)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_order_of_somebody_else_is_neither_made_nor_cancelled(cast: Cast, who: str) -> None:
    worlds.approved(cast)
    by = outsider(cast, who)
    assert not permissions.orderable_lines(by, at=NOW).exclude(responsible=by).exists()
    (order,) = orders.consolidate(at=NOW, due_only=False)
    fresh = User.objects.get(pk=by.pk)
    with pytest.raises(NotYourOrder):
        orders.cancel_order(order=order, reason="x", by=fresh, at=NOW)
    order.refresh_from_db()
    assert order.status != OrderStatus.CANCELLED
    type(order).objects.filter(pk=order.pk).update(status=OrderStatus.NOT_SENT, send_error="x")
    with pytest.raises(NotPermitted):
        resending.retry_sending(order=order, by=fresh, at=NOW)


@pytest.mark.usefixtures("at_nine")
def test_a_deputy_at_the_page_cancels_only_while_the_manager_is_away(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    url = f"/inkopsordrar/{order.number}/makulera/"
    assert signed_in(cast.deputy).post(url, {"reason": "x"}).status_code == 403
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=1)))
    assert signed_in(cast.deputy).post(url, {"reason": "x"}).status_code == 302
    entry = Entry.objects.get(event="order.cancelled")
    assert (entry.by_name, entry.on_behalf_of_name, entry.rule) == (
        "Sofia Ekdahl",
        "Karin Sundblad",
        "deputy",
    )
    assert set(Entry.objects.filter(event="line.cancelled").values_list("on_behalf_of_name", flat=True)) == {
        "Karin Sundblad"
    }


def test_an_order_of_two_categories_is_cancelled_by_who_answers_for_both(cast: Cast) -> None:
    requisition = worlds.approved(cast, (cast.gloves, 1), (cast.gown, 1))
    other_category = category("91", "Skyddskläder", account=cast.account)
    CategoryAssignment.objects.create(
        category=other_category, manager=cast.office_deputy, valid_during=ALWAYS
    )
    requisition.lines.filter(item=cast.gown).update(category=other_category)
    (order,) = orders.consolidate(at=NOW, due_only=False)
    for by in (cast.manager, cast.office_deputy):
        with pytest.raises(NotYourOrder):
            orders.cancel_order(order=order, reason="x", by=by, at=NOW)
    orders.cancel_order(order=order, reason="x", by=cast.head, at=NOW)


def test_a_delegate_cancels_in_the_managers_place(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    delegation(cast.manager, cast.controller)
    orders.cancel_order(order=order, reason="x", by=cast.controller, at=NOW)
    entry = Entry.objects.get(event="order.cancelled")
    assert (entry.on_behalf_of_name, entry.rule) == ("Karin Sundblad", "delegate")


def test_a_budget_holder_whose_role_has_ended_attests_nothing(cast: Cast) -> None:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    delegation(cast.budget_holder, cast.stranger)
    Membership.objects.filter(user=cast.budget_holder).update(valid_during=DateRange(None, TODAY))
    for by in (cast.budget_holder, cast.stranger):
        with pytest.raises(NotYourAttest):
            attests.attest(attest=attest, by=User.objects.get(pk=by.pk), at=NOW)


def test_an_attest_in_somebodys_place_is_told_so(cast: Cast) -> None:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    delegation(cast.budget_holder, cast.stranger)
    attests.attest(attest=attest, by=cast.stranger, at=NOW)
    entry = Entry.objects.get(event="attest.given")
    assert (entry.by_name, entry.on_behalf_of_name, entry.rule) == (
        "Jonas Kvarnström",
        "Marianne Klintberg",
        "delegate",
    )


@pytest.mark.parametrize("role", ["deputy", "delegate"])
def test_every_decision_in_somebodys_place_is_told_so(cast: Cast, role: str) -> None:
    """And what the manager does herself is done on nobody's behalf."""
    lines = [worlds.line(cast) for _number in range(3)]
    decisions.approve(lines=lines[:1], by=cast.manager, at=NOW)
    if role == "deputy":
        Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=1)))
        by = cast.deputy
    else:
        delegation(cast.manager, cast.controller)
        by = cast.controller
    decisions.approve(lines=lines[1:2], by=by, at=NOW)
    decisions.reject(lines=lines[2:], reason_code=RejectionReason.NOT_NEEDED, comment="x", by=by, at=NOW)
    entries = Entry.objects.filter(event__in=["line.approved", "line.rejected"]).order_by("pk")
    assert list(entries.values_list("event", "by_name", "on_behalf_of_name", "rule")) == [
        ("line.approved", "Karin Sundblad", "", "manager"),
        ("line.approved", by.full_name, "Karin Sundblad", role),
        ("line.rejected", by.full_name, "Karin Sundblad", role),
    ]


def undone(cast: Cast, line: RequisitionLine, by: User) -> object:
    decisions.approve(lines=[line], by=cast.head, at=NOW).only()
    return decisions.undo(lines=[line], by=by, at=NOW).only()


def not_sent(cast: Cast, line: RequisitionLine) -> PurchaseOrder:
    decisions.approve(lines=[line], by=cast.head, at=NOW).only()
    (order,) = orders.consolidate(at=NOW, due_only=False)
    PurchaseOrder.objects.filter(pk=order.pk).update(status=OrderStatus.NOT_SENT, send_error="x")
    return order


IN_PLACE: dict[str, tuple[Act, str]] = {
    "adjust": (ACTS["adjust"], "line.adjusted"),
    "substitute": (ACTS["substitute"], "line.substituted"),
    "return": (ACTS["return"], "line.returned"),
    "undo": (undone, "line.approval_undone"),
    "reassign": (
        lambda cast, line, by: decisions.reassign_category(
            line=worlds.free_text(cast, "Handskar", category=cast.medical),
            category=cast.services,
            by=by,
            at=NOW,
        ),
        "line.rerouted",
    ),
    "rebook": (
        lambda cast, line, by: accounts.rebook(line=line, account=cast.account, by=by, at=NOW),
        "line.rebooked",
    ),
    "retry": (
        lambda cast, line, by: resending.retry_sending(order=not_sent(cast, line), by=by, at=NOW),
        "order.retried",
    ),
    "confirm": (
        lambda cast, line, by: resending.confirm_received_by_supplier(
            order=not_sent(cast, line), by=by, at=NOW
        ),
        "order.sent",
    ),
}
"""The acts beside approving, rejecting, attesting and cancelling, and what the trail calls them."""


@pytest.mark.parametrize("role", ["manager", "deputy", "delegate"])
@pytest.mark.parametrize("name", IN_PLACE)
def test_every_act_in_somebodys_place_is_told_so(cast: Cast, name: str, role: str) -> None:
    act, event = IN_PLACE[name]
    line = worlds.line(cast)
    by, place = cast.manager, ""
    if role == "deputy":
        by, place = cast.deputy, cast.manager.full_name
        Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=1)))
    elif role == "delegate":
        by, place = cast.controller, cast.manager.full_name
        delegation(cast.manager, cast.controller)
    act(cast, line, User.objects.get(pk=by.pk))
    entry = Entry.objects.filter(event=event, by_name=by.full_name).latest("pk")
    assert entry.on_behalf_of_name == place


def test_a_refused_attest_in_somebodys_place_is_told_so(cast: Cast) -> None:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    delegation(cast.budget_holder, cast.stranger)
    attests.refuse_attest(attest=attest, by=cast.stranger, at=NOW, comment="Ryms inte")
    entry = Entry.objects.get(event="attest.refused")
    assert (entry.by_name, entry.on_behalf_of_name) == ("Jonas Kvarnström", "Marianne Klintberg")


def test_an_own_line_is_rebooked_on_nobodys_behalf(cast: Cast) -> None:
    accounts.rebook(line=worlds.line(cast), account=cast.account, by=cast.requester, at=NOW)
    assert Entry.objects.get(event="line.rebooked").on_behalf_of_name == ""


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_line_of_somebody_else_is_not_rebooked(cast: Cast, who: str) -> None:
    line = worlds.line(cast)
    with pytest.raises(NotPermitted):
        accounts.rebook(line=line, account=cast.account, by=outsider(cast, who), at=NOW)
