"""A change is a new version: what it resets and what stands, before a decision, after one, and what the reader sees of it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from audit.models import Entry
from categories.models import CategoryPolicy
from core.errors import DomainError
from procurement.models import PurchaseOrder, RequisitionLine
from procurement.operations import amendments, attests, decisions, orders
from procurement.operations.amendments import NothingChanged
from procurement.permissions import LineIsCancelled, LineIsOrdered, LineIsReplaced, NotYourRequisition
from procurement.states import AttestStatus, LineStatus
from procurement.trail import details
from procurement.versions import differences
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.deciding import approve, committed

LATER = NOW + timedelta(minutes=5)


def revised(cast: Cast, line: RequisitionLine, quantity: int = 4, specification: str = "") -> RequisitionLine:
    return amendments.revise_line(
        line=line, quantity=Decimal(quantity), specification=specification, by=cast.requester, at=LATER
    )


def test_a_change_after_approval_is_decided_anew(cast: Cast) -> None:
    old = worlds.line(cast)
    approve(old, cast.manager)
    new = revised(cast, old)
    old.refresh_from_db()
    assert (old.status, old.approved_amount, old.order_due_at) == (LineStatus.SUPERSEDED, None, None)
    assert (new.version, new.status, new.responsible, new.decided_by) == (
        2,
        LineStatus.AWAITING,
        cast.manager,
        None,
    )
    assert committed(cast) == 0
    assert [each.kind for each in old.decisions.all()] == ["approved"], "what was decided stays written down"
    entry = Entry.objects.about(new).get(event="line.revised")
    assert "Karin Sundblad" in dict(details(entry)).values()
    assert orders.consolidate(at=LATER, due_only=False) == []
    approve(new, cast.manager)
    assert orders.consolidate(at=LATER, due_only=False)[0].lines.get().quantity == 4
    assert committed(cast) == Decimal(232)


def test_what_is_decided_of_other_lines_stands(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 2))
    changed, other = requisition.lines.order_by("position")
    decisions.approve(lines=[changed, other], by=cast.manager, at=NOW)
    revised(cast, changed)
    other.refresh_from_db()
    assert (other.status, other.decided_by) == (LineStatus.APPROVED, cast.manager)
    assert committed(cast) == Decimal(298)


@pytest.mark.parametrize(
    ("quantity", "statuses"),
    [
        (2, [AttestStatus.ATTESTED]),
        (4, [AttestStatus.SUPERSEDED, AttestStatus.PENDING]),
    ],
)
def test_an_attest_is_asked_for_anew_only_for_a_larger_sum(
    cast: Cast, quantity: int, statuses: list[str]
) -> None:
    line = worlds.line(cast, (cast.chair, 3))
    approve(line, cast.deputy)
    attests.attest(attest=line.requisition.attests.get(), by=cast.budget_holder, at=NOW)
    revised(cast, line, quantity)
    assert list(line.requisition.attests.order_by("pk").values_list("status", flat=True)) == statuses


def test_a_standing_approval_is_given_or_not_to_the_new_version(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(600))
    old = worlds.line(cast, (cast.gloves, 10))
    assert old.status == LineStatus.APPROVED
    new = revised(cast, old, 12)
    new.refresh_from_db()
    assert new.status == LineStatus.AWAITING, "696 kr is above what stands approved"
    smaller = revised(cast, new, 2)
    smaller.refresh_from_db()
    assert smaller.status == LineStatus.APPROVED


def test_what_is_ordered_or_closed_is_not_changed(cast: Cast) -> None:
    ordered = worlds.line(cast)
    approve(ordered, cast.manager)
    orders.consolidate(at=NOW, due_only=False)
    with pytest.raises(LineIsOrdered):
        revised(cast, ordered)
    orders.cancel_order(order=PurchaseOrder.objects.get(), reason="Fel", by=cast.manager, at=NOW)
    with pytest.raises(LineIsCancelled):
        revised(cast, ordered)


def test_nobody_else_changes_it_and_a_refused_change_leaves_the_approval(cast: Cast) -> None:
    line = worlds.line(cast)
    approve(line, cast.manager)
    with pytest.raises(NotYourRequisition):
        amendments.revise_line(line=line, quantity=Decimal(4), specification="", by=cast.colleague, at=LATER)
    for quantity, refusal in ((10, NothingChanged), (0, DomainError)):
        with pytest.raises(refusal):
            revised(cast, line, quantity)
    line.refresh_from_db()
    assert (line.status, committed(cast)) == (LineStatus.APPROVED, Decimal(580))


def test_changed_twice_at_once_is_changed_once(cast: Cast) -> None:
    line = worlds.line(cast)
    revised(cast, line)
    with pytest.raises(LineIsReplaced):
        revised(cast, line, 5)


def test_differences_are_those_of_the_version_before(cast: Cast) -> None:
    old = worlds.line(cast)
    new = revised(cast, old, 4, "Bara blå")
    assert differences(old) == []
    change_by_field = {str(each.name): (each.before, each.after) for each in differences(new)}
    assert change_by_field == {"Antal": ("10 askar", "4 askar"), "Mer om behovet": ("", "Bara blå")}


@pytest.mark.usefixtures("at_nine")
def test_the_manager_and_the_requester_see_what_has_changed(cast: Cast) -> None:
    new = revised(cast, worlds.line(cast), 4, "Bara blå")
    for who, address in (
        ("manager", f"/ko/?rad={new.pk}"),
        ("manager", f"/rader/{new.pk}/"),
        ("requester", f"/bestallningar/{new.requisition.number}/"),
    ):
        page = text_of(signed_in(getattr(cast, who)).get(address))
        assert "<del>10 askar</del>" in page, address
        assert "<ins>4 askar</ins>" in page, address
