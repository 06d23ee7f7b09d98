"""An attest follows the amount of its requisition up and down, in whatever way the amount changes."""

from decimal import Decimal

import pytest

from catalog.models import Price
from organizations.models import Membership, Role
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.operations import amendments, attests, decisions, orders
from procurement.operations.responsibility import assign_category
from procurement.planning import NobodyCanAttest
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of
from tests.procurement.deciding import approve


def asked(requisition: Requisition) -> list[tuple[str, Decimal]]:
    """Every attest of a requisition, oldest first: its status and amount."""
    rows = BudgetAttest.objects.filter(requisition=requisition).order_by("pk")
    return list(rows.values_list("status", "amount"))


def adjust(line: RequisitionLine, quantity: int, cast: Cast) -> None:
    decisions.adjust(line=line, quantity=Decimal(quantity), by=cast.manager, at=NOW, comment="Räcker").only()


def attest(requisition: Requisition, cast: Cast) -> None:
    attests.attest(attest=requisition.attests.current().get(), by=cast.budget_holder, at=NOW)


def test_attest_is_asked_for_when_a_revision_passes_the_limit(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 10))
    assert asked(line.requisition) == []
    amendments.revise_line(line=line, quantity=Decimal(200), specification="", by=cast.requester, at=NOW)
    assert asked(line.requisition) == [("pending", Decimal(11600))]


def test_larger_attest_is_asked_for_when_a_revision_passes_what_is_attested(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 200))
    attest(line.requisition, cast)
    amendments.revise_line(line=line, quantity=Decimal(300), specification="", by=cast.requester, at=NOW)
    assert asked(line.requisition) == [("superseded", Decimal(11600)), ("pending", Decimal(17400))]


def test_attest_is_asked_for_again_when_an_adjustment_below_the_limit_is_undone(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 200))
    adjust(line, 100, cast)
    assert asked(line.requisition) == [("closed", Decimal(11600))]
    decisions.undo(lines=[line], by=cast.manager, at=NOW)
    assert asked(line.requisition) == [("closed", Decimal(11600)), ("pending", Decimal(11600))]


def test_larger_attest_is_asked_for_when_an_attested_adjustment_is_undone(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 300))
    adjust(line, 200, cast)
    attest(line.requisition, cast)
    decisions.undo(lines=[line], by=cast.manager, at=NOW)
    approve(line, cast.manager)
    assert asked(line.requisition)[-1] == ("pending", Decimal(17400))
    assert orders.consolidate(at=NOW, due_only=False) == []


def test_attest_is_asked_for_again_when_what_was_adjusted_is_taken_back(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 200))
    adjust(line, 100, cast)
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(66))
    orders.consolidate(at=NOW, due_only=False)
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING
    assert asked(line.requisition) == [("closed", Decimal(11600)), ("pending", Decimal(11600))]


def test_attest_is_asked_for_when_terms_take_a_need_past_the_limit(cast: Cast) -> None:
    line = worlds.free_text(cast, "Gåbord", category=cast.office)
    assert asked(line.requisition) == []
    decisions.approve(
        lines=[line], by=cast.deputy, at=NOW, supplier=cast.paper_supplier, unit_price=Decimal(5000)
    ).only()
    assert asked(line.requisition) == [("pending", Decimal(10580))]


def test_attest_is_asked_for_when_a_substitute_takes_the_sum_past_the_limit(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 100))
    decisions.substitute(
        line=line, item=cast.gown, quantity=Decimal(100), by=cast.manager, at=NOW, comment="Finns"
    ).only()
    assert asked(line.requisition) == [("pending", Decimal(14900))]


def test_requester_without_a_limit_needs_no_attest_however_the_sum_grows(cast: Cast) -> None:
    Membership.objects.filter(user=cast.requester).update(amount_limit=None)
    line = worlds.free_text(cast, "Gåbord", category=cast.office)
    decisions.approve(
        lines=[line], by=cast.deputy, at=NOW, supplier=cast.paper_supplier, unit_price=Decimal(50000)
    ).only()
    assert asked(line.requisition) == []


def test_requester_whose_role_has_ended_needs_an_attest_from_the_first_krona(cast: Cast) -> None:
    line = worlds.free_text(cast, "Gåbord", category=cast.office)
    Membership.objects.filter(user=cast.requester).delete()
    decisions.approve(
        lines=[line], by=cast.deputy, at=NOW, supplier=cast.paper_supplier, unit_price=Decimal(951)
    ).only()
    assert asked(line.requisition) == [("pending", Decimal(2482))]


def test_given_attest_stands_when_the_sum_shrinks(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 200))
    attest(line.requisition, cast)
    adjust(line, 100, cast)
    assert asked(line.requisition) == [(AttestStatus.ATTESTED, Decimal(11600))]


def without_attesters(cast: Cast) -> None:
    """Nobody attests any longer; the manager keeps her category."""
    Membership.objects.filter(role__in=[Role.BUDGET_HOLDER, Role.HEAD_OF_PROCUREMENT]).delete()


def test_what_nobody_can_attest_is_not_approved_and_the_page_says_why(cast: Cast, at_nine: None) -> None:
    line = worlds.line(cast, (cast.gloves, 170))
    without_attesters(cast)
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(66))
    answer = signed_in(cast.manager).post(
        "/ko/beslut/", {"approve": str(line.pk), "seen": f"{line.pk}:66.0000"}, follow=True
    )
    assert (answer.status_code, line.decisions.count()) == (409, 0)
    assert "ingen annan än den som har beställt kan ge den" in text_of(answer)


def test_what_nobody_could_attest_when_it_was_undone_is_not_approved_again(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 200))
    adjust(line, 100, cast)
    without_attesters(cast)
    decisions.undo(lines=[line], by=cast.manager, at=NOW)
    with pytest.raises(NobodyCanAttest):
        approve(line, cast.manager)
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


def test_attest_is_asked_for_when_needs_of_the_week_turn_out_to_be_of_one_category(cast: Cast) -> None:
    Membership.objects.filter(user=cast.requester).update(amount_limit=Decimal(4000))
    first = worlds.free_text(cast, "Gåbord", category=cast.office)
    second = worlds.free_text(cast, "Rollator", category=cast.services)
    assert asked(first.requisition) == asked(second.requisition) == []
    decisions.reassign_category(line=second, category=cast.office, by=cast.deputy, at=NOW)
    assert asked(second.requisition) == [("pending", Decimal(2480))]


def test_attest_moves_from_whoever_is_given_a_line_to_decide(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 200))
    assert requisition.attests.get().responsible == cast.budget_holder
    assign_category(
        category=cast.medical, manager=cast.budget_holder, deputy=None, from_date=TODAY, by=cast.head, at=NOW
    )
    assert requisition.lines.get().responsible == cast.budget_holder
    assert requisition.attests.get().responsible == cast.head
