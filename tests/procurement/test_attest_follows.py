"""An attest follows the amount of its requisition up and down, in whatever way the amount changes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from catalog.models import Price
from organizations.models import Absence, Membership, Role
from procurement.attesting import NobodyCanAttest, attest_of
from procurement.models import BudgetAttest, PurchaseOrder, Requisition, RequisitionLine
from procurement.operations import amendments, attests, decisions, orders
from procurement.operations.answered_lines import LineAnswer
from procurement.states import AttestStatus, LineStatus
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.changes import assign_category
from tests.pages import signed_in, text_of
from tests.procurement.answering import LATER, REFUSED, say
from tests.procurement.deciding import approve, committed
from tests.procurement.events import accept_prices


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


def dearer(cast: Cast) -> tuple[RequisitionLine, RequisitionLine, RequisitionLine]:
    """
    Lines of two requisitions that wait while gloves have risen to 66 kr and nobody attests any longer.

    The first would take its requisition past the limit; the second, of the same requisition, costs what it did, and the
    third, of another week, stays below the limit.
    """
    large = worlds.submitted(cast, (cast.gloves, 145), (cast.gown, 10))
    small = worlds.line(cast, (cast.gloves, 10), at=NOW - timedelta(days=10))
    without_attesters(cast)
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(66))
    accept_prices(cast)
    gloves, gown = large.lines.order_by("position")
    return gloves, gown, small


def test_only_the_lines_that_nobody_can_attest_are_refused(cast: Cast) -> None:
    gloves, gown, small = dearer(cast)
    outcome = decisions.approve(lines=[gloves, gown, small], by=cast.manager, at=NOW, unit_price=Decimal(66))
    assert [(line.pk, type(refusal)) for line, refusal in outcome.refused] == [(gloves.pk, NobodyCanAttest)]
    assert [line.pk for line in outcome.done] == [gown.pk, small.pk]
    lines = RequisitionLine.objects.in_bulk([gloves.pk, gown.pk, small.pk])
    assert [lines[pk].status for pk in (gloves.pk, gown.pk, small.pk)] == [
        LineStatus.AWAITING,
        LineStatus.APPROVED,
        LineStatus.APPROVED,
    ]
    assert (gloves.decisions.count(), gown.decisions.count()) == (0, 1)
    assert committed(cast) == sum(lines[pk].approved_amount or 0 for pk in (gown.pk, small.pk))
    assert not Entry.objects.about(gloves).filter(event="line.approved").exists()


def test_what_nobody_can_attest_is_kept_in_the_queue_and_the_page_says_why(cast: Cast, at_nine: None) -> None:
    lines = dearer(cast)
    ids = ",".join(str(line.pk) for line in lines)
    seen_prices = [f"{line.pk}:66.0000" for line in lines if line.item == cast.gloves]
    answer = signed_in(cast.manager).post("/ko/beslut/", {"approve": ids, "seen": seen_prices}, follow=True)
    assert "ingen annan än den som har beställt kan ge den" in text_of(answer)
    assert "Du godkände 2 rader" in text_of(answer)
    assert [line.decisions.count() for line in lines] == [0, 1, 1]


def test_the_api_approves_the_others_too(cast: Cast, at_nine: None) -> None:
    gloves, gown, small = dearer(cast)
    answer = Program(cast.manager).post(
        "lines/approve/", lines=[gloves.pk, gown.pk, small.pk], unit_price="66"
    )
    assert [(each["line"], each["code"]) for each in answer.data["refused"]] == [
        (gloves.pk, "nobody_can_attest")
    ]
    assert [each["id"] for each in answer.data["done"]] == [gown.pk, small.pk]


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


def test_attest_that_a_deputy_asks_for_tells_in_whose_place(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 100))
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=1)))
    decisions.substitute(
        line=line, item=cast.gown, quantity=Decimal(100), by=cast.deputy, at=NOW, comment="Finns"
    ).only()
    entry = Entry.objects.about(line.requisition).get(event="attest.requested")
    assert (entry.by_name, entry.on_behalf_of_name) == (cast.deputy.full_name, cast.manager.full_name)


def attested(cast: Cast) -> Requisition:
    """Gloves for 11 020 kr that are ordered, and two gowns that wait, attested together at 11 318 kr."""
    requisition = worlds.submitted(cast, (cast.gloves, 190), (cast.gown, 2))
    attest(requisition, cast)
    gloves, _gown = requisition.lines.order_by("position")
    approve(gloves, cast.manager)
    orders.consolidate(at=NOW, due_only=False)
    return requisition


def gowns_of(requisition: Requisition) -> RequisitionLine:
    return requisition.lines.live().get(position=2)


def revise(line: RequisitionLine, quantity: int, cast: Cast) -> RequisitionLine:
    return amendments.revise_line(
        line=line, quantity=Decimal(quantity), specification="", by=cast.requester, at=NOW
    )


@pytest.mark.parametrize("back", ["revised", "withdrawn"])
def test_what_was_attested_stands_again_when_more_is_no_longer_asked_for(cast: Cast, back: str) -> None:
    requisition = attested(cast)
    more = revise(gowns_of(requisition), 6, cast)
    assert asked(requisition) == [("superseded", Decimal(11318)), ("pending", Decimal(11914))]
    if back == "revised":
        revise(more, 1, cast)
    else:
        amendments.withdraw_line(line=more, by=cast.requester, at=NOW)
    assert asked(requisition) == [("attested", Decimal(11318)), ("closed", Decimal(11914))]
    assert Entry.objects.filter(event="attest.stands", details__amount="11318.00").count() == 1


def test_less_than_asked_for_and_more_than_attested_is_asked_for(cast: Cast) -> None:
    requisition = attested(cast)
    revise(revise(gowns_of(requisition), 6, cast), 4, cast)
    assert asked(requisition)[1:] == [("superseded", Decimal(11914)), ("pending", Decimal(11616))]


def refused(cast: Cast) -> Requisition:
    """The same when more gowns were asked for, and an attest of that was refused."""
    requisition = attested(cast)
    revise(gowns_of(requisition), 6, cast)
    attests.refuse_attest(
        attest=requisition.attests.pending().get(), by=cast.budget_holder, at=NOW, comment="För många"
    )
    return requisition


def test_what_a_supplier_does_not_deliver_is_attested_anew_where_an_attest_was_refused(cast: Cast) -> None:
    requisition = refused(cast)
    say(orders.send_order(order=PurchaseOrder.objects.get(), at=NOW), LineAnswer(1, REFUSED), by=cast.manager)
    assert asked(requisition)[1:] == [("refused", Decimal(11914)), ("pending", Decimal(11020))]
    line = approve(requisition.lines.live().get(), cast.manager)
    assert orders.consolidate(at=LATER, due_only=False) == []
    attests.attest(attest=requisition.attests.pending().get(), by=cast.budget_holder, at=LATER)
    assert orders.consolidate(at=LATER, due_only=False)
    line.refresh_from_db()
    assert line.status == LineStatus.ORDERED


def test_what_lapses_before_it_is_sent_is_attested_anew_where_an_attest_was_refused(cast: Cast) -> None:
    requisition = refused(cast)
    cast.supplier.blocked_reason = "Konkurs"
    cast.supplier.save()
    orders.send_order(order=PurchaseOrder.objects.get(), at=NOW)
    assert asked(requisition)[1:] == [("refused", Decimal(11914)), ("pending", Decimal(11020))]


def test_what_was_attested_does_not_stand_again_when_it_was_refused_since(cast: Cast) -> None:
    requisition = refused(cast)
    say(orders.send_order(order=PurchaseOrder.objects.get(), at=NOW), LineAnswer(1, REFUSED), by=cast.manager)
    revise(requisition.lines.live().get(), 180, cast)
    assert asked(requisition)[2:] == [("superseded", Decimal(11020)), ("pending", Decimal(10440))]


def test_what_was_refused_is_judged_anew_by_the_limit(cast: Cast) -> None:
    """Below it nothing more is attested, and the line does not wait for ever."""
    requisition = refused(cast)
    say(orders.send_order(order=PurchaseOrder.objects.get(), at=NOW), LineAnswer(1, REFUSED), by=cast.manager)
    line = approve(revise(requisition.lines.live().get(), 100, cast), cast.manager)
    assert asked(requisition)[2:] == [("closed", Decimal(11020))]
    assert attest_of(line, requisition.attests.all()) is None
    assert orders.consolidate(at=LATER, due_only=False)
