"""States to start a test from, each reached by the real operations, so none is impossible."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from catalog.models import Item
from categories.models import Category
from organizations.models import User
from procurement.models import Allocation, PurchaseOrder, Receipt, Requisition, RequisitionLine
from procurement.operations import attests, baskets, decisions, orders, receipts, requisitions, sending
from tests.cast import NOW, Cast
from tests.database.world_cache import remembered


@remembered
def basket(
    cast: Cast,
    *wanted: tuple[Item, int],
    by: User | None = None,
    at: datetime = NOW,
    needed_by_date: date | None = None,
) -> Requisition:
    """A complete basket of the ward's, holding items and quantities (ten boxes of gloves when none are given)."""
    by = by or cast.requester
    new_basket = baskets.open_basket(department=cast.ward, by=by, at=at)
    for item, quantity in wanted or ((cast.gloves, 10),):
        baskets.add_item(basket=new_basket, item=item, quantity=Decimal(quantity), by=by, at=at)
    return baskets.save_details(
        basket=new_basket,
        delivery_place=cast.place,
        charged_department=cast.ward,
        activity=cast.activity,
        account=None,
        project=None,
        needed_by_date=needed_by_date or (at + timedelta(days=7)).date(),
        reason="Veckobehov",
        by=by,
        at=at,
    )


@remembered
def submitted(
    cast: Cast,
    *wanted: tuple[Item, int],
    by: User | None = None,
    at: datetime = NOW,
    needed_by_date: date | None = None,
) -> Requisition:
    """A submitted requisition, needed in a week unless another day is given."""
    new_basket = basket(cast, *wanted, by=by, at=at, needed_by_date=needed_by_date)
    return requisitions.submit(basket=new_basket, by=by or cast.requester, at=at)


def line(
    cast: Cast, *wanted: tuple[Item, int], by: User | None = None, at: datetime = NOW
) -> RequisitionLine:
    """The first line of a submitted requisition."""
    return submitted(cast, *wanted, by=by, at=at).lines.order_by("position")[0]


@remembered
def free_text(
    cast: Cast, description: str, *, category: Category | None = None, unit: str = "st"
) -> RequisitionLine:
    """A submitted need in free text: two of a unit, at about 950 kr each."""
    new_basket = basket(cast)
    free_text_in(cast, new_basket, description, category=category, unit=unit)
    requisitions.submit(basket=new_basket, by=cast.requester, at=NOW)
    return new_basket.lines.get(kind="free_text")


def free_text_in(
    cast: Cast, held: Requisition, description: str, *, category: Category | None = None, unit: str = "st"
) -> RequisitionLine:
    """The same need in a basket."""
    return baskets.add_free_text(
        basket=held,
        description=description,
        specification="",
        category=category,
        quantity=Decimal(2),
        unit=unit,
        estimated_unit_price=Decimal(950),
        suggested_supplier="",
        by=cast.requester,
        at=NOW,
    )


@remembered
def approved(
    cast: Cast, *wanted: tuple[Item, int], at: datetime = NOW, needed_by_date: date | None = None
) -> Requisition:
    """A requisition whose lines the manager (or the head) has approved, attested where needed."""
    requisition = submitted(cast, *wanted, at=at, needed_by_date=needed_by_date)
    outcome = decisions.approve(lines=list(requisition.lines.all()), by=cast.head, at=at)
    assert not outcome.refused, outcome.refused
    for attest in requisition.attests.awaiting(cast.budget_holder):
        attests.attest(attest=attest, by=cast.budget_holder, at=at)
    return requisition


@remembered
def ordered(cast: Cast, *wanted: tuple[Item, int], at: datetime = NOW) -> list[PurchaseOrder]:
    """The orders made from an approved requisition."""
    approved(cast, *wanted, at=at)
    return orders.consolidate(at=at, due_only=False)


@remembered
def unsent(cast: Cast, *wanted: tuple[Item, int], at: datetime = NOW) -> PurchaseOrder:
    """An order whose attempts at sending are used up."""
    (order,) = ordered(cast, *wanted, at=at)
    PurchaseOrder.objects.filter(pk=order.pk).update(send_attempts=sending.MOST_ATTEMPTS)
    return sending.send_order(order=order, at=at)


@remembered
def received(cast: Cast, *wanted: tuple[Item, int], at: datetime = NOW) -> Receipt:
    """A requisition ordered and received in full by the colleague."""
    new_orders = ordered(cast, *wanted, at=at)
    entries = [
        receipts.ReceiptEntry(allocation.pk, allocation.quantity)
        for allocation in Allocation.objects.filter(order_line__order__in=new_orders).order_by("pk")
    ]
    return receipts.receive(key=uuid4(), department=cast.ward, entries=entries, by=cast.colleague, at=at)
