"""Deliveries, receipts and complaints."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import DayField, KeyField, QuantityField, Resource
from core.representation import represent
from organizations.api import person
from organizations.models import KeyScope
from procurement.api.filters import ComplaintFilter, DeliveryFilter
from procurement.api.inputs import MOST_LINES, DepartmentField, Input, text
from procurement.api.serializers import ComplaintSerializer, DeliverySerializer, ReceiptSerializer
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    Complaint,
    Deviation,
    Expectation,
    Receipt,
    RequisitionLine,
    SettlementOutcome,
)
from procurement.operations import complaints, receipts, returning
from procurement.operations.receipts import ReceiptEntry


class ReceiptEntryInput(Input):
    """What came for one allocation, in order units."""

    allocation = KeyField()
    quantity = QuantityField()
    deviation = serializers.ChoiceField(choices=Deviation.choices, default=Deviation.NONE)
    deviation_quantity = QuantityField(default=Decimal(0))
    comment = text(200)
    expects = serializers.ChoiceField(choices=Expectation.choices, allow_null=True, default=None)
    expected_by = DayField(allow_null=True, default=None)


class ReceiptInput(Input):
    """A delivery; the same `key` again gives the first receipt back."""

    key = serializers.UUIDField()
    department = DepartmentField()
    entries = serializers.ListField(child=ReceiptEntryInput(), min_length=1, max_length=MOST_LINES)
    note = text(200)

    def validate_entries(self, entries: list[dict[str, Any]]) -> list[ReceiptEntry]:
        """Make each row what the operation takes."""
        return [
            ReceiptEntry(
                entry["allocation"],
                entry["quantity"],
                Deviation(entry["deviation"]),
                entry["deviation_quantity"],
                entry["comment"],
                entry["expects"] and Expectation(entry["expects"]),
                entry["expected_by"],
            )
            for entry in entries
        ]


class TakeBackInput(Input):
    """A mistake: why, and which rows; all when none are named."""

    key = serializers.UUIDField()
    reason = text(200)
    rows = serializers.ListField(child=KeyField(), max_length=MOST_LINES, allow_null=True, default=None)


class SentRowInput(Input):
    """How many of a received row go back, in order units."""

    row = KeyField()
    quantity = QuantityField()


class SendBackInput(Input):
    """Goods that go back to the supplier: why, and what is expected instead."""

    key = serializers.UUIDField()
    reason = text(200)
    expects = serializers.ChoiceField(choices=Expectation.choices)
    expected_by = DayField(allow_null=True, default=None)
    rows = serializers.ListField(child=SentRowInput(), min_length=1, max_length=MOST_LINES)

    def validate_rows(self, rows: list[dict[str, Any]]) -> dict[int, Decimal]:
        """How many of each."""
        return {each["row"]: each["quantity"] for each in rows}


class DeliveryResource(ListModelMixin, Resource[Allocation]):
    """What is on its way to departments that the person may see."""

    serializer_class = DeliverySerializer
    queryset = Allocation.objects.none()
    filterset_class = DeliveryFilter

    def get_queryset(self) -> QuerySet[Allocation]:
        """Ordered, and not all of it received."""
        lines = RequisitionLine.objects.opened_to(person(self.request)).deliverable()
        return Allocation.objects.filter(
            STILL_TO_COME,
            line__in=lines.values("pk"),
        ).select_related("order_line__order", "order_line__item", "line__requisition__department")


class ReceiptResource(ListModelMixin, RetrieveModelMixin, Resource[Receipt]):
    """Receipts of departments that the person may see."""

    scope = KeyScope.ORDER
    serializer_class = ReceiptSerializer
    queryset = Receipt.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Receipt]:
        """Those with a line that the person may see."""
        queryset = Receipt.objects.visible_to(person(self.request))
        return queryset.select_related("department", "received_by").with_lines()

    @extend_schema(request=ReceiptInput, responses={201: ReceiptSerializer})
    def create(self, request: Request) -> Response:
        """Receive what came, all of it or part; accept a service by its hours."""
        receipt = receipts.receive(**self.given(ReceiptInput), by=person(request), at=timezone.now())
        return Response(represent(ReceiptSerializer, receipt), status=status.HTTP_201_CREATED)

    @extend_schema(request=TakeBackInput, responses={201: ReceiptSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Take a receipt back that was a mistake, all of it or some rows."""
        receipt, data = self.get_object(), self.given(TakeBackInput)
        new_receipt = returning.take_back(receipt=receipt, **data, by=person(request), at=timezone.now())
        return Response(represent(ReceiptSerializer, new_receipt), status=status.HTTP_201_CREATED)

    @extend_schema(request=SendBackInput, responses={201: ReceiptSerializer})
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Send goods that were received back to the supplier."""
        receipt, data = self.get_object(), self.given(SendBackInput)
        quantities = data.pop("rows")
        new_receipt = returning.send_back(
            receipt=receipt, quantities=quantities, **data, by=person(request), at=timezone.now()
        )
        return Response(represent(ReceiptSerializer, new_receipt), status=status.HTTP_201_CREATED)


class SettlementInput(Input):
    """How a complaint ended."""

    outcome = serializers.ChoiceField(choices=SettlementOutcome.choices)
    reference = text(200)


class ComplaintResource(ListModelMixin, RetrieveModelMixin, Resource[Complaint]):
    """What suppliers owe, about lines that the person may see; that which is due first on top."""

    scope = KeyScope.ORDER
    serializer_class = ComplaintSerializer
    queryset = Complaint.objects.none()
    filterset_class = ComplaintFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Complaint]:
        """Those that the person may see."""
        return Complaint.objects.visible_to(person(self.request)).for_display().select_related("settlement")

    @extend_schema(request=SettlementInput, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Say how a complaint ended."""
        complaint, data = self.get_object(), self.given(SettlementInput)
        complaints.settle_complaint(complaint=complaint, **data, by=person(request), at=timezone.now())
        return Response(represent(ComplaintSerializer, self.get_queryset().get(pk=complaint.pk)))
