"""Deliveries and receipts."""

from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import KeyField, QuantityField, Resource
from core.telling import written
from organizations.api import person
from organizations.models import KeyScope
from procurement.api.filters import DeliveryFilter
from procurement.api.inputs import MOST_LINES, DepartmentField, Input, text
from procurement.api.serializers import DeliverySerializer, ReceiptSerializer
from procurement.models import Allocation, Deviation, Receipt, RequisitionLine
from procurement.operations import receipts
from procurement.operations.receipts import ReceiptEntry


class ReceiptEntryInput(Input):
    """What came for one allocation, in order units."""

    allocation = KeyField()
    quantity = QuantityField()
    deviation = serializers.ChoiceField(choices=Deviation.choices, default=Deviation.NONE)
    deviation_quantity = QuantityField(default=Decimal(0))
    comment = text(200)


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
            )
            for entry in entries
        ]


class DeliveryResource(ListModelMixin, Resource[Allocation]):
    """What is on its way to departments that the person may see."""

    serializer_class = DeliverySerializer
    queryset = Allocation.objects.none()
    filterset_class = DeliveryFilter

    def get_queryset(self) -> QuerySet[Allocation]:
        """Ordered, and not all of it received."""
        lines = RequisitionLine.objects.visible_to(person(self.request)).deliverable()
        return Allocation.objects.filter(
            line__in=lines.values("pk"), received_quantity__lt=F("quantity")
        ).select_related("order_line__order", "order_line__item", "line__requisition__department")


class ReceiptResource(ListModelMixin, RetrieveModelMixin, Resource[Receipt]):
    """Receipts of departments that the person may see."""

    scope = KeyScope.ORDER
    serializer_class = ReceiptSerializer
    queryset = Receipt.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Receipt]:
        """Those with a line that the person may see."""
        lines = RequisitionLine.objects.visible_to(person(self.request)).values("pk")
        seen = Receipt.objects.filter(lines__allocation__line__in=lines).values("pk")
        return Receipt.objects.filter(pk__in=seen).select_related("department", "received_by").with_lines()

    @extend_schema(request=ReceiptInput, responses={201: ReceiptSerializer})
    def create(self, request: Request) -> Response:
        """Receive what came, all of it or part; accept a service by its hours."""
        receipt = receipts.receive(**self.given(ReceiptInput), by=person(request), at=timezone.now())
        return Response(written(ReceiptSerializer, receipt), status=status.HTTP_201_CREATED)
