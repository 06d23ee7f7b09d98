"""Decisions on lines: success, separation of duties, ceilings, states, bulk, queries."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from catalog.models import Item, ItemCeiling, Price
from catalog.permissions import ItemNotOrderable
from catalog.states import ItemStatus
from core.errors import DomainError
from organizations.models import Absence, Delegation, Role, User
from procurement.models import DecisionKind, DecisionRule, RejectionReason, RequisitionLine, RoutingRule
from procurement.operations import amendments, ceilings, decisions, orders
from procurement.permissions import LineIsDecided, LineIsOrdered, NotYourLine, OwnRequest
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, item, membership


def approve(line: RequisitionLine, by: User) -> RequisitionLine:
    return decisions.approve(lines=[line], by=by, at=NOW).only()


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


def committed(cast: Cast) -> Decimal:
    cast.agreement.refresh_from_db()
    return Decimal(cast.agreement.committed_amount)


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
    Delegation.objects.create(
        delegator=cast.manager, delegate=cast.controller, valid_during=ALWAYS, reason="Kurs"
    )
    decision = approve(line, cast.controller).decisions.get()
    assert (decision.rule, decision.on_behalf_of) == (DecisionRule.DELEGATE, cast.manager)


def test_decide_own_request_through_a_delegation_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    Delegation.objects.create(
        delegator=cast.manager, delegate=cast.requester, valid_during=ALWAYS, reason="Kurs"
    )
    with pytest.raises(OwnRequest):
        approve(line, cast.requester)


def test_decide_the_request_of_whom_one_acts_for_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    Delegation.objects.create(
        delegator=cast.requester, delegate=cast.manager, valid_during=ALWAYS, reason="Ledighet"
    )
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
    with pytest.raises(ItemNotOrderable):
        decisions.substitute(
            line=worlds.line(cast),
            item=cast.gown,
            quantity=Decimal(1),
            by=cast.manager,
            at=NOW,
            comment="Finns",
        )


def test_question_and_answer_go_there_and_back(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Kan ni ta från förrådet?", by=cast.manager, at=NOW)
    line.refresh_from_db()
    assert line.status == LineStatus.RETURNED
    line = amendments.answer(line=line, text="Nej, det är tomt.", by=cast.requester, at=NOW)
    assert line.status == LineStatus.AWAITING
    assert line.decisions.get().reply.text == "Nej, det är tomt."


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


def test_approve_past_the_ceiling_is_refused_with_what_is_left(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 40))
    cast.agreement.committed_amount = Decimal("98600")
    cast.agreement.save()
    with pytest.raises(ceilings.CeilingReached) as refusal:
        approve(line, cast.manager)
    assert refusal.value.facts == {"agreement": "RA 2020-014", "remaining": Decimal("1400.00"), "fits": 24}
    assert committed(cast) == Decimal("98600")


def test_approve_up_to_the_ceiling_is_allowed(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 20))
    cast.agreement.committed_amount = Decimal("98840.00")
    cast.agreement.save()
    approve(line, cast.manager)
    assert committed(cast) == Decimal("100000.00")


def test_approve_past_the_items_ceiling_is_refused(cast: Cast) -> None:
    ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=Decimal(15))
    approve(worlds.line(cast, (cast.gloves, 10)), cast.manager)
    with pytest.raises(ceilings.ItemCeilingReached):
        approve(worlds.line(cast, (cast.gloves, 10)), cast.manager)


def test_the_database_itself_refuses_to_pass_a_ceiling(cast: Cast) -> None:
    cast.agreement.committed_amount = Decimal("100000.01")
    with pytest.raises(IntegrityError, match="agreement_within_ceiling"), transaction.atomic():
        cast.agreement.save()


def test_approve_under_an_ended_agreement_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    cast.agreement.valid_during = DateRange(date(2020, 1, 1), TODAY)
    cast.agreement.save()
    with pytest.raises(ceilings.AgreementNotValid):
        approve(line, cast.manager)


def test_approve_from_a_blocked_supplier_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    cast.supplier.blocked_reason = "Brister i uppförandekoden"
    cast.supplier.save()
    with pytest.raises(ceilings.SupplierBlocked):
        approve(line, cast.manager)


def test_approve_in_bulk_lets_the_good_through(cast: Cast) -> None:
    gloves, chair = worlds.submitted(cast, (cast.gloves, 10), (cast.chair, 1)).lines.order_by("position")
    outcome = decisions.approve(lines=[gloves, chair], by=cast.manager, at=NOW)
    assert [line.pk for line in outcome.done] == [gloves.pk]
    ((line, refusal),) = outcome.refused
    assert (line.pk, type(refusal)) == (chair.pk, NotYourLine)


def test_approve_in_bulk_commits_in_order_until_the_ceiling(cast: Cast) -> None:
    cast.agreement.committed_amount = Decimal("98800")
    cast.agreement.save()
    lines = [worlds.line(cast, (cast.gloves, 10)) for _number in range(3)]
    outcome = decisions.approve(lines=lines, by=cast.manager, at=NOW)
    assert len(outcome.done) == 2
    assert isinstance(outcome.refused[0][1], ceilings.CeilingReached)
    assert committed(cast) == Decimal("99960.00")


def test_undo_releases_the_ceiling_and_returns_to_the_queue(cast: Cast) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    decisions.undo(lines=[line], by=cast.manager, at=NOW)
    line.refresh_from_db()
    assert (line.status, line.approved_amount, line.decided_by) == (LineStatus.AWAITING, None, None)
    assert committed(cast) == 0
    assert [decision.kind for decision in line.decisions.order_by("pk")] == [
        DecisionKind.APPROVED,
        DecisionKind.UNDONE,
    ]


def test_undo_after_ordering_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    orders.consolidate(at=NOW, due_only=False)
    with pytest.raises(LineIsOrdered):
        decisions.undo(lines=[line], by=cast.manager, at=NOW).only()


def test_withdraw_after_approval_releases_the_ceiling(cast: Cast) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    amendments.withdraw_line(line=line, by=cast.requester, at=NOW)
    assert committed(cast) == 0


def test_revise_makes_a_new_version_and_resets_the_decision(cast: Cast) -> None:
    old = worlds.line(cast, (cast.gloves, 10))
    decisions.return_with_question(lines=[old], question="Räcker 5?", by=cast.manager, at=NOW)
    new = amendments.revise_line(line=old, quantity=Decimal(5), specification="", by=cast.requester, at=NOW)
    old.refresh_from_db()
    assert (old.status, old.quantity) == (LineStatus.SUPERSEDED, Decimal(10))
    assert (new.version, new.replaces, new.quantity, new.status) == (2, old, Decimal(5), LineStatus.AWAITING)


def test_a_submitted_line_cannot_be_edited_even_in_the_database(cast: Cast) -> None:
    line = worlds.line(cast)
    with pytest.raises(IntegrityError, match="superseded"), transaction.atomic():
        RequisitionLine.objects.filter(pk=line.pk).update(quantity=99)


def test_a_decision_cannot_be_edited_even_in_the_database(cast: Cast) -> None:
    line = approve(worlds.line(cast), cast.manager)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        line.decisions.update(comment="Efterhand")


def test_reassign_category_finds_a_new_responsible(cast: Cast) -> None:
    line = worlds.free_text(cast, "Xylofon till väntrummet")
    moved = decisions.reassign_category(line=line, category=cast.office, by=cast.head, at=NOW)
    assert (moved.responsible, moved.category, moved.routing_rule) == (
        cast.deputy,
        cast.office,
        RoutingRule.MANAGER,
    )


def test_approve_free_text_needs_a_supplier(cast: Cast) -> None:
    line = worlds.free_text(cast, "Xylofon till väntrummet")
    with pytest.raises(decisions.SupplierMissing):
        approve(line, cast.head)
    done = decisions.approve(
        lines=[line], by=cast.head, at=NOW, supplier=cast.paper_supplier, unit_price=Decimal("899.90")
    ).only()
    assert done.approved_amount == Decimal("1799.80")


def queries_of(cast: Cast, count: int, act: Callable[[list[RequisitionLine]], Any]) -> int:
    """Count the queries of deciding so many lines at once."""
    items = [
        item(f"{count}-{number}", f"Artikel {number}", cast.gloves_category, unit="st")
        for number in range(count)
    ]
    for each in items:
        Price.objects.create(
            item=each,
            agreement=cast.agreement,
            supplier=cast.supplier,
            unit_price=Decimal(1),
            valid_during=ALWAYS,
        )
    lines = list(worlds.submitted(cast, *[(each, 1) for each in items]).lines.all())
    manager = User.objects.get(pk=cast.manager.pk)
    cast.manager = manager
    with CaptureQueriesContext(connection) as captured:
        act(lines)
    return len(captured)


@pytest.mark.parametrize(
    ("act", "most"),
    [
        (lambda cast, lines: decisions.approve(lines=lines, by=cast.manager, at=NOW), 13),
        (
            lambda cast, lines: decisions.return_with_question(
                lines=lines, question="?", by=cast.manager, at=NOW
            ),
            10,
        ),
        (
            lambda cast, lines: decisions.reject(
                lines=lines, reason_code=RejectionReason.IN_STOCK, comment="", by=cast.manager, at=NOW
            ),
            10,
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
    Delegation.objects.create(
        delegator=cast.manager,
        delegate=cast.stranger,
        valid_during=DateRange(date(2018, 1, 1), None),
        reason="Kurs",
    )
    assert RequisitionLine.objects.visible_to(cast.stranger).get() == line
    assert not RequisitionLine.objects.visible_to(cast.office_deputy).exists()
