"""What is so before somebody acts at a door."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from catalog.models import Price
from catalog.states import ItemStatus
from procurement.models import AnswerOutcome, BudgetAttest, PurchaseOrder, Requisition, RequisitionLine
from procurement.operations import answers, attests, baskets, decisions, orders, requisitions, resending
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.price_questions import ask_about_prices
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.events import accept_prices, price_fell, price_rose


def line_of(requisition: Requisition) -> RequisitionLine:
    return requisition.lines.order_by("pk")[0]


def with_retired(cast: Cast) -> Requisition:
    basket = with_reason(cast)
    type(cast.gloves).objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)
    return basket


def with_minimum(cast: Cast) -> Requisition:
    basket = worlds.basket(cast)
    Price.objects.filter(item=cast.gloves).update(minimum_quantity=5)
    return basket


def free_text_line(cast: Cast) -> RequisitionLine:
    basket = baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW)
    baskets.add_free_text(
        basket=basket, description="Specialgungor", specification="", category=cast.office, quantity=Decimal(2),
        unit="st", estimated_unit_price=Decimal(100), suggested_supplier="", by=cast.requester, at=NOW,
    )  # fmt: skip
    return line_of(requisitions.submit(basket=with_details(cast, basket), by=cast.requester, at=NOW))


def with_details(cast: Cast, made: Requisition, reason: str = "") -> Requisition:
    return baskets.save_details(
        basket=made, delivery_place=cast.place, charged_department=cast.ward, activity=cast.activity, account=None,
        project=None, needed_by_date=(NOW + timedelta(days=7)).date(), reason=reason, by=cast.requester, at=NOW,
    )  # fmt: skip


def dearer(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    price_rose(cast)
    accept_prices(cast)
    return line


def unaccepted(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    price_rose(cast)
    ask_about_prices(at=NOW)
    return line


def fallen_back(cast: Cast) -> RequisitionLine:
    line = unaccepted(cast)
    price_fell(cast)
    return line


def approved(cast: Cast) -> RequisitionLine:
    return line_of(worlds.approved(cast))


def ordered(cast: Cast) -> RequisitionLine:
    worlds.ordered(cast)
    return RequisitionLine.objects.order_by("pk")[0]


def returned(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW)
    return line


def costly(cast: Cast) -> BudgetAttest:
    worlds.submitted(cast, (cast.chair, 5))
    return BudgetAttest.objects.get()


def attested(cast: Cast) -> BudgetAttest:
    attest = costly(cast)
    return attests.attest(attest=attest, by=cast.budget_holder, at=NOW)


def order(cast: Cast) -> PurchaseOrder:
    return worlds.ordered(cast)[0]


def sent_order(cast: Cast) -> PurchaseOrder:
    return resending.confirm_received_by_supplier(order=worlds.unsent(cast), by=cast.manager, at=NOW)


def changed_order(cast: Cast) -> PurchaseOrder:
    """An order of which the supplier wants to deliver later."""
    purchase_order = sent_order(cast)
    answers.register_answer(
        order=purchase_order,
        key=uuid4(),
        version=1,
        lines=[LineAnswer(1, AnswerOutcome.CHANGED, delivery_date=date(2021, 6, 10))],
        by=cast.manager,
        at=NOW,
    )
    return purchase_order


def received_order(cast: Cast) -> PurchaseOrder:
    worlds.received(cast)
    return PurchaseOrder.objects.get()


def cancelled_order(cast: Cast) -> PurchaseOrder:
    return orders.cancel_order(order=order(cast), reason="Fel", by=cast.head, at=NOW)


def unsent_order(cast: Cast) -> PurchaseOrder:
    return worlds.unsent(cast)


def nothing(cast: Cast) -> None:
    return None


def with_reason(cast: Cast) -> Requisition:
    return with_details(cast, worlds.basket(cast), reason="Magsjuka")


def without_price(cast: Cast) -> RequisitionLine:
    line = worlds.line(cast)
    Price.objects.filter(item=cast.gown).delete()
    return line
