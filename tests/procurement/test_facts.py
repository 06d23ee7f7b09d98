"""What was asked for, attested and sent stays as it was, whatever the code does."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from procurement.frozen import ATTEST_FROZEN, LINE_FROZEN
from procurement.models import (
    Allocation,
    BudgetAttest,
    LineKind,
    OrderLine,
    PurchaseOrder,
    Requisition,
    RequisitionLine,
)
from procurement.operations import attests, sending
from procurement.states import AttestStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.proposing import proposal


def is_refused(change: Callable[[], Any]) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError as error:
        return "append-only" in str(error) or "edited" in str(error) or "sent" in str(error)
    return False


def other_values(cast: Cast, other: RequisitionLine) -> dict[str, Any]:
    """Another value for each field of a line."""
    return {
        "id": 10**9,
        "requisition": other.requisition_id,
        "position": 99,
        "version": 99,
        "replaces": other.pk,
        "kind": LineKind.FREE_TEXT,
        "item": cast.gown.pk,
        "description": "Något annat",
        "specification": "Något annat",
        "service_place": "Någon annanstans",
        "service_start_date": NOW.date(),
        "service_end_date": NOW.date(),
        "suggested_supplier": "Någon annan",
        "supplier_proposal": proposal(cast).pk,
        "quantity": Decimal(99),
        "unit": "låda",
        "units_per_order_unit": Decimal(7),
        "unit_price": Decimal("1.23"),
        "is_price_estimated": True,
        "amount": Decimal("1.23"),
        "agreement": None,
        "supplier": cast.paper_supplier.pk,
        "charged_department": cast.home.pk,
        "delivery_place": cast.home_place.pk,
        "needed_by_date": NOW.date(),
        "lead_days": 99,
        "submitted_at": NOW + timedelta(days=1),
    }


@pytest.mark.parametrize("field", sorted(LINE_FROZEN))
def test_submitted_line_keeps_every_field_that_was_asked_for(cast: Cast, field: str) -> None:
    other = worlds.line(cast, (cast.gown, 1))
    line = worlds.line(cast)
    value = other_values(cast, other)[field]
    assert is_refused(lambda: RequisitionLine.objects.filter(pk=line.pk).update(**{field: value}))


def test_submitted_requisition_and_its_lines_are_not_deleted(cast: Cast) -> None:
    line = worlds.line(cast)
    assert is_refused(lambda: RequisitionLine.objects.filter(pk=line.pk)._raw_delete("default"))
    assert is_refused(lambda: Requisition.objects.filter(pk=line.requisition_id)._raw_delete("default"))


def test_basket_can_be_changed_and_emptied(cast: Cast) -> None:
    basket = worlds.basket(cast)
    basket.lines.update(quantity=3, lead_days=9)
    basket.lines.all().delete()
    basket.delete()
    assert not Requisition.objects.exists()


@pytest.mark.parametrize("field", sorted(ATTEST_FROZEN))
def test_attest_that_is_given_stays_as_it_was_given(cast: Cast, field: str) -> None:
    other = worlds.submitted(cast, (cast.chair, 4))
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    attests.attest(attest=attest, by=cast.budget_holder, at=NOW)
    values = {
        "id": 10**9,
        "requisition": other.pk,
        "department": cast.home.pk,
        "delivery_place": cast.home_place.pk,
        "needed_by_date": NOW.date(),
        "amount": 1,
        "judged_amount": 10**6,
        "limit": 1,
        "over_frame_amount": 1,
        "earlier_amount": 1,
        "responsible": cast.head.pk,
        "requested_at": NOW + timedelta(days=1),
        "decided_by": cast.head.pk,
        "on_behalf_of": cast.head.pk,
        "decided_at": NOW + timedelta(days=1),
        "comment": "Något annat",
        "escalation": "head",
        "escalated_from": cast.head.pk,
    }
    assert is_refused(lambda: BudgetAttest.objects.filter(pk=attest.pk).update(**{field: values[field]}))


def test_attest_that_is_given_is_superseded_or_stands_again_and_nothing_else(cast: Cast) -> None:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    attests.attest(attest=attest, by=cast.budget_holder, at=NOW)
    rows = BudgetAttest.objects.filter(pk=attest.pk)
    assert is_refused(lambda: rows.update(status=AttestStatus.REFUSED))
    assert is_refused(lambda: rows._raw_delete("default"))
    assert rows.update(status=AttestStatus.SUPERSEDED) == 1
    assert is_refused(lambda: rows.update(status=AttestStatus.CLOSED))
    assert rows.update(status=AttestStatus.ATTESTED) == 1


def sent(cast: Cast) -> PurchaseOrder:
    (order,) = worlds.ordered(cast)
    order = sending.send_order(order=order, at=NOW)
    assert order.sent_at is not None
    return order


SENT_LINE_CHANGES: dict[str, Any] = {
    "position": 9,
    "item": None,
    "description": "Något annat",
    "quantity": 1,
    "unit": "låda",
    "unit_price": 1,
    "amount": 1,
    "requested_date": NOW.date(),
}
"""The day that is expected moves with the supplier's answer; the one that was asked for does not."""


@pytest.mark.parametrize("field", SENT_LINE_CHANGES)
def test_line_of_a_sent_order_stays(cast: Cast, field: str) -> None:
    line = sent(cast).lines.get()
    assert is_refused(
        lambda: OrderLine.objects.filter(pk=line.pk).update(**{field: SENT_LINE_CHANGES[field]})
    )


def test_sent_order_gets_and_loses_no_line(cast: Cast) -> None:
    order = sent(cast)
    line = order.lines.get()
    assert is_refused(lambda: line.allocations.all()._raw_delete("default"))
    assert is_refused(lambda: order.lines.all()._raw_delete("default"))
    assert is_refused(lambda: PurchaseOrder.objects.filter(pk=order.pk)._raw_delete("default"))
    line.pk, line.position = None, 2
    assert is_refused(lambda: line.save(force_insert=True))


def test_sent_order_stays_with_its_supplier_and_place(cast: Cast) -> None:
    order = PurchaseOrder.objects.filter(pk=sent(cast).pk)
    assert is_refused(lambda: order.update(supplier=cast.paper_supplier))
    assert is_refused(lambda: order.update(delivery_place=cast.home_place))
    assert is_refused(lambda: order.update(sent_at=NOW + timedelta(days=1)))
    assert is_refused(lambda: order.update(sent_at=None, status="ready"))


def test_what_has_come_is_counted_on_a_sent_order(cast: Cast) -> None:
    allocations = Allocation.objects.filter(order_line__order=sent(cast))
    assert allocations.update(received_quantity=1) == 1
    assert is_refused(lambda: allocations.update(quantity=3))
