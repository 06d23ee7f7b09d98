"""Purchase orders: order before the clock does, cancel, read, fetch as a file."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import CsvRenderer, PdfRenderer, Resource
from core.compiled import compiled_once
from core.money import ZERO
from core.representation import represent
from organizations.api import person
from procurement.api.filters import OrderFilter
from procurement.api.inputs import ConsolidateInput, ReasonInput
from procurement.api.order_answers import OrderAnswerInput, OtherDaysInput, ReduceInput, SettleInput
from procurement.api.serializers import OrderDetailSerializer, OrderSerializer
from procurement.documents.order import order_csv, order_facts, order_pdf
from procurement.models import Allocation, OrderLine, PurchaseOrder, SendAttempt
from procurement.models.orders import PurchaseOrderQuerySet
from procurement.operations import answers, orders, other_days, reducing, resending, settling


def detailed(ids: list[int]) -> list[PurchaseOrder]:
    """Read orders with what their detail shows: four queries, whatever the number of lines."""
    orders_shown: list[Any] = _orders(ids)
    lines: list[Any] = _lines(ids)
    by_order, by_line = defaultdict(list), defaultdict(list)
    for allocation in _allocations([line.pk for line in lines]):
        by_line[allocation.order_line_id].append(allocation)
    for line in lines:
        line.shown_allocations = by_line[line.pk]
        by_order[line.order_id].append(line)
    attempts = defaultdict(list)
    for attempt in _attempts(ids):
        attempts[attempt.order_id].append(attempt)
    for order in orders_shown:
        order.shown_lines = by_order[order.pk]
        order.shown_attempts = attempts[order.pk]
    return summed(orders_shown)


def summed(rows: list[Any]) -> list[Any]:
    """Put the number and the sum of their lines on orders that are shown with them."""
    for order in rows:
        order.line_count = len(order.shown_lines)
        order.total_amount = sum((line.amount for line in order.shown_lines), ZERO)
    return rows


@compiled_once
def _orders(ids: list[int]) -> QuerySet[PurchaseOrder]:
    return for_display(PurchaseOrder.objects.filter(pk__among=ids).order_by("pk"))


@compiled_once
def _lines(orders: list[int]) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order__among=orders).select_related("item").order_by("position", "pk")


@compiled_once
def _attempts(orders: list[int]) -> QuerySet[SendAttempt]:
    return SendAttempt.objects.filter(order__among=orders).in_order()


@compiled_once
def _allocations(order_lines: list[int]) -> QuerySet[Allocation]:
    return Allocation.objects.filter(order_line__among=order_lines).order_by("pk")


def for_display(queryset: PurchaseOrderQuerySet) -> PurchaseOrderQuerySet:
    """With what an order shows of others."""
    return queryset.select_related("supplier", "agreement", "delivery_place__department")


class OrderResource(ListModelMixin, RetrieveModelMixin, Resource[PurchaseOrder]):
    """Orders with a line that the person may see."""

    serializer_class = OrderSerializer
    queryset = PurchaseOrder.objects.none()
    filterset_class = OrderFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> PurchaseOrderQuerySet:
        """Those that the person may see."""
        queryset = PurchaseOrder.objects.visible_to(person(self.request))
        return for_display(queryset).with_totals() if self.action == "list" else queryset

    @extend_schema(responses=OrderDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show an order with its lines and what each requisition has of them."""
        (detail,) = detailed([self.get_object().pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(request=ConsolidateInput, responses=OrderDetailSerializer(many=True), filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def consolidate(self, request: Request) -> Response:
        """Order approved lines in the person's categories now, rather than when the clock does."""
        data = self.given(ConsolidateInput)
        new_orders: list[Any] = orders.consolidate(**data, by=person(request), at=timezone.now())
        for order in new_orders:
            order.shown_attempts = []
        return Response([represent(OrderDetailSerializer, order) for order in summed(new_orders)])

    @extend_schema(request=ReasonInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel an order of which nothing has come."""
        order, data = self.get_object(), self.given(ReasonInput)
        cancelled = orders.cancel_order(order=order, **data, by=person(request), at=timezone.now())
        (detail,) = detailed([cancelled.pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(request=OrderAnswerInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Write down what the supplier has answered, line by line."""
        order, data = self.get_object(), self.given(OrderAnswerInput)
        answers.register_answer(order=order, **data, by=person(request), at=timezone.now())
        (detail,) = detailed([order.pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(request=SettleInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Agree to the changes that the supplier wants, or decline them; the supplier is told."""
        order, data = self.get_object(), self.given(SettleInput)
        settling.settle_changes(order=order, **data, by=person(request), at=timezone.now())
        (detail,) = detailed([order.pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(request=ReduceInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"])
    def reduce(self, request: Request, pk: str) -> Response:
        """Let fewer come of a sent order than is left of it; the supplier is told."""
        order, data = self.get_object(), self.given(ReduceInput)
        reducing.reduce_order(order=order, **data, by=person(request), at=timezone.now())
        (detail,) = detailed([order.pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(request=OtherDaysInput, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"], url_path="other-days")
    def other_days(self, request: Request, pk: str) -> Response:
        """Ask the supplier to deliver what is left of lines on other days; the days that hold stand until it agrees."""
        order, data = self.get_object(), self.given(OtherDaysInput)
        other_days.ask_for_other_days(order=order, **data, by=person(request), at=timezone.now())
        (detail,) = detailed([order.pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(request=None, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"], url_path="retry-sending")
    def retry_sending(self, request: Request, pk: str) -> Response:
        """Try again to send an order, or its cancellation, that could not be sent."""
        order = resending.retry_sending(order=self.get_object(), by=person(request), at=timezone.now())
        (detail,) = detailed([order.pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(request=None, responses=OrderDetailSerializer)
    @action(detail=True, methods=["post"], url_path="confirm-received")
    def confirm_received(self, request: Request, pk: str) -> Response:
        """Mark an order, or its cancellation, as sent because the supplier says that it has arrived."""
        order = resending.confirm_received_by_supplier(
            order=self.get_object(), by=person(request), at=timezone.now()
        )
        (detail,) = detailed([order.pk])
        return Response(represent(OrderDetailSerializer, detail))

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[PdfRenderer])
    def pdf(self, request: Request, pk: str) -> Response:
        """Fetch the order as the supplier got it, PDF."""
        return self._file(PdfRenderer)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[CsvRenderer])
    def csv(self, request: Request, pk: str) -> Response:
        """Fetch the order as the supplier got it, CSV."""
        return self._file(CsvRenderer)

    def _file(self, renderer: type[BaseRenderer]) -> Response:
        order = self.get_object()
        facts = order_facts(order)
        content = order_pdf(facts) if renderer is PdfRenderer else order_csv(facts)
        name = f"Inkopsorder-{order.number}.{renderer.format}"
        return Response(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})
