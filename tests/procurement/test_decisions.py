"""Decisions on lines: success, separation of duties, states, bulk, queries."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from catalog.models import Item
from catalog.permissions import ItemNotOrderable
from catalog.states import ItemStatus
from core.errors import DomainError
from organizations.models import Absence, Role, User
from procurement import approving
from procurement.models import DecisionKind, DecisionRule, RejectionReason, RequisitionLine, RoutingRule
from procurement.operations import decisions
from procurement.permissions import LineIsDecided, NotYourLine, OwnRequest
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, delegation, many_items, membership
from tests.procurement.deciding import approve, committed

ACTS: dict[str, Callable[[RequisitionLine, User], RequisitionLine]] = {
    "approve": approve,
    "adjust": lambda line, by: decisions.adjust(
        line=line, quantity=Decimal(1), by=by, at=NOW, comment="Räcker"
    ).only(),
    "return": lambda line, by: decisions.return_with_question(
        lines=[line], question="Varför?", by=by, at=NOW
    ).only(),
    "reject": lambda line, by: decisions.reject(
        lines=[line], reason_code=RejectionReason.IN_STOCK, comment="", by=by, at=NOW
    ).only(),
    "substitute": lambda line, by: decisions.substitute(
        line=line, item=Item.objects.get(number="104412"), quantity=Decimal(1), by=by, at=NOW, comment="Finns"
    ).only(),
}


def test_approve_commits_decides_and_records(cast: Cast) -> None:
    line = approve(worlds.line(cast, (cast.gloves, 20)), cast.manager)
    line.refresh_from_db()
    assert line.status == LineStatus.APPROVED
    assert (line.approved_quantity, line.approved_amount) == (Decimal(20), Decimal("1160.00"))
    assert (line.approved_agreement, line.approved_supplier) == (cast.agreement, cast.supplier)
    assert (line.decided_by, line.decided_at) == (cast.manager, NOW)
    assert line.order_due_at is not None
    assert line.order_due_at.isoformat() == "2021-05-18T13:00:00+00:00"
    decision = line.decisions.get()
    assert (decision.kind, decision.rule, decision.on_behalf_of) == (
        DecisionKind.APPROVED,
        DecisionRule.MANAGER,
        None,
    )
    assert committed(cast) == Decimal("1160.00")
    assert Entry.objects.about(line).get(event="line.approved").details["agreement"] == "RA 2020-014"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    "actor", ["requester", "colleague", "stranger", "budget_holder", "controller", "auditor", "administrator"]
)
def test_decide_by_someone_without_the_right_is_refused(cast: Cast, act: str, actor: str) -> None:
    line = worlds.line(cast)
    with pytest.raises(OwnRequest if actor == "requester" else NotYourLine):
        ACTS[act](line, getattr(cast, actor))
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING
    assert committed(cast) == 0


@pytest.mark.parametrize("act", ACTS)
def test_decide_twice_is_refused(cast: Cast, act: str) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    with pytest.raises(LineIsDecided):
        ACTS[act](line, cast.manager)
    assert line.decisions.count() == 1


def test_decide_as_deputy_while_the_manager_is_away(cast: Cast) -> None:
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, date(2021, 5, 25)))
    decision = approve(worlds.line(cast), cast.deputy).decisions.get()
    assert (decision.rule, decision.on_behalf_of) == (DecisionRule.DEPUTY, cast.manager)


def test_decide_as_deputy_while_the_manager_is_at_work_is_refused(cast: Cast) -> None:
    with pytest.raises(NotYourLine):
        approve(worlds.line(cast), cast.deputy)


def test_decide_by_delegation(cast: Cast) -> None:
    line = worlds.line(cast)
    delegation(cast.manager, cast.controller)
    decision = approve(line, cast.controller).decisions.get()
    assert (decision.rule, decision.on_behalf_of) == (DecisionRule.DELEGATE, cast.manager)


def test_decide_own_request_through_a_delegation_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    delegation(cast.manager, cast.requester)
    with pytest.raises(OwnRequest):
        approve(line, cast.requester)


def test_decide_the_request_of_whom_one_acts_for_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    membership(cast.requester, Role.BUDGET_HOLDER, cast.home, "1000")
    delegation(cast.requester, cast.manager)
    with pytest.raises(OwnRequest):
        approve(line, cast.manager)


def test_decide_own_request_as_head_is_refused(cast: Cast) -> None:
    membership(cast.head, Role.REQUESTER, cast.ward, "10000")
    with pytest.raises(OwnRequest):
        approve(worlds.line(cast, by=cast.head), cast.head)


def test_adjust_keeps_what_was_asked_for(cast: Cast) -> None:
    line = decisions.adjust(
        line=worlds.line(cast, (cast.gloves, 40)),
        quantity=Decimal(24),
        by=cast.manager,
        at=NOW,
        comment="Resten i juni",
    ).only()
    assert (line.quantity, line.approved_quantity, line.approved_amount) == (
        Decimal(40),
        Decimal(24),
        Decimal("1392.00"),
    )
    assert line.is_adjusted
    assert line.decisions.get().comment == "Resten i juni"


@pytest.mark.parametrize(
    ("quantity", "error"),
    [
        ("41", "larger_than_asked"),
        ("0", "quantity_out_of_range"),
        ("-1", "quantity_out_of_range"),
        ("NaN", "quantity_out_of_range"),
        ("1e30", "quantity_out_of_range"),
    ],
)
def test_adjust_to_the_impossible_is_refused(cast: Cast, quantity: str, error: str) -> None:
    with pytest.raises(DomainError) as refusal:
        decisions.adjust(
            line=worlds.line(cast, (cast.gloves, 40)),
            quantity=Decimal(quantity),
            by=cast.manager,
            at=NOW,
            comment="Nej",
        ).only()
    assert refusal.value.code == error


def test_adjust_without_a_reason_is_refused(cast: Cast) -> None:
    with pytest.raises(decisions.ReasonMissing):
        decisions.adjust(line=worlds.line(cast), quantity=Decimal(1), by=cast.manager, at=NOW, comment=" ")


def test_substitute_takes_the_other_items_price(cast: Cast) -> None:
    line = decisions.substitute(
        line=worlds.line(cast, (cast.gloves, 5)),
        item=cast.gown,
        quantity=Decimal(2),
        by=cast.manager,
        at=NOW,
        comment="Finns",
    ).only()
    assert line.is_substituted
    assert (line.item, line.approved_item, line.approved_amount) == (
        cast.gloves,
        cast.gown,
        Decimal("298.00"),
    )


def test_substitute_that_outgrows_the_limit_asks_for_attest(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 5))
    decisions.substitute(
        line=line, item=cast.gown, quantity=Decimal(80), by=cast.manager, at=NOW, comment="Större behov"
    )
    assert line.requisition.attests.get().status == AttestStatus.PENDING


def test_substitute_with_a_retired_item_is_refused(cast: Cast) -> None:
    cast.gown.status = ItemStatus.RETIRED
    cast.gown.save()
    with pytest.raises(ItemNotOrderable):
        decisions.substitute(
            line=worlds.line(cast),
            item=cast.gown,
            quantity=Decimal(1),
            by=cast.manager,
            at=NOW,
            comment="Finns",
        ).only()


def test_reject_keeps_its_reason(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.reject(
        lines=[line],
        reason_code=RejectionReason.ALREADY_ORDERED,
        comment="Den 10 maj",
        by=cast.manager,
        at=NOW,
    )
    line.refresh_from_db()
    assert (line.status, line.decisions.get().reason_code) == (
        LineStatus.REJECTED,
        RejectionReason.ALREADY_ORDERED,
    )


def test_approve_in_bulk_lets_the_good_through(cast: Cast) -> None:
    gloves, chair = worlds.submitted(cast, (cast.gloves, 10), (cast.chair, 1)).lines.order_by("position")
    outcome = decisions.approve(lines=[gloves, chair], by=cast.manager, at=NOW)
    assert [line.pk for line in outcome.done] == [gloves.pk]
    ((line, refusal),) = outcome.refused
    assert (line.pk, type(refusal)) == (chair.pk, NotYourLine)


def test_reassign_category_finds_a_new_responsible(cast: Cast) -> None:
    line = worlds.free_text(cast, "Xylofon till väntrummet")
    moved = decisions.reassign_category(line=line, category=cast.office, by=cast.head, at=NOW)
    assert (moved.responsible, moved.category, moved.routing_rule) == (
        cast.deputy,
        cast.office,
        RoutingRule.MANAGER,
    )


def test_approve_free_text_needs_a_supplier(cast: Cast) -> None:
    line = worlds.free_text(cast, "Xylofon till väntrummet", category=cast.office)
    with pytest.raises(approving.SupplierMissing):
        approve(line, cast.head)
    approved = decisions.approve(
        lines=[line], by=cast.head, at=NOW, supplier=cast.paper_supplier, unit_price=Decimal("899.90")
    ).only()
    assert approved.approved_amount == Decimal("1799.80")


def queries_of(cast: Cast, count: int, act: Callable[[list[RequisitionLine]], Any]) -> int:
    """Count the queries of deciding so many lines at once."""
    lines = list(worlds.submitted(cast, *((each, 1) for each in many_items(cast, count))).lines.all())
    manager = User.objects.get(pk=cast.manager.pk)
    cast.manager = manager
    with CaptureQueriesContext(connection) as captured:
        act(lines)
    return len(captured)


@pytest.mark.parametrize(
    ("act", "most"),
    [
        (lambda cast, lines: decisions.approve(lines=lines, by=cast.manager, at=NOW), 14),
        (
            lambda cast, lines: decisions.return_with_question(
                lines=lines, question="?", by=cast.manager, at=NOW
            ),
            11,
        ),
        (
            lambda cast, lines: decisions.reject(
                lines=lines, reason_code=RejectionReason.IN_STOCK, comment="", by=cast.manager, at=NOW
            ),
            12,
        ),
    ],
)
def test_bulk_decisions_use_the_same_queries_for_one_line_and_for_forty(
    cast: Cast, act: Callable[[Cast, list[RequisitionLine]], Any], most: int
) -> None:
    few = queries_of(cast, 1, lambda lines: act(cast, lines))
    many = queries_of(cast, 40, lambda lines: act(cast, lines))
    assert few == many
    assert many <= most


def test_a_delegate_sees_the_lines_that_she_may_decide(cast: Cast) -> None:
    line = worlds.line(cast)
    delegation(cast.manager, cast.stranger)
    assert RequisitionLine.objects.visible_to(cast.stranger).get() == line
    assert not RequisitionLine.objects.visible_to(cast.office_deputy).exists()


def test_a_line_that_is_moved_twice_is_moved_once(cast: Cast) -> None:
    """Its response day is not put off, and the trail has one entry."""
    line = worlds.free_text(cast, "Gåbord", category=cast.medical)
    decisions.reassign_category(line=line, category=cast.office, by=cast.head, at=NOW)
    later = NOW + timedelta(days=2)
    with pytest.raises(decisions.HasThatCategory):
        decisions.reassign_category(line=line, category=cast.office, by=cast.head, at=later)
    assert Entry.objects.filter(event="line.rerouted").count() == 1
