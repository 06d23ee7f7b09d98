"""How the API's lists of procurement are narrowed."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from categories.api import under
from organizations.api import person
from procurement.models import (
    Allocation,
    BudgetAttest,
    Complaint,
    DayWish,
    LineKind,
    OrderLine,
    PurchaseOrder,
    Requisition,
    RequisitionLine,
)
from procurement.states import AttestStatus, LineStatus, OrderStatus
from procurement.waiting import attests_to_give, lines_to_decide

CATEGORY = _("Kategorins kod, med allt under den.")
DEPARTMENT = _("Ansvarskod.")
ITEM = _("Artikelnummer.")


class RequisitionFilter(filters.FilterSet):  # type: ignore[misc]
    """Which requisitions are listed."""

    number = filters.CharFilter()
    department = filters.CharFilter(field_name="department__cost_center", label=DEPARTMENT)
    requester = filters.NumberFilter(field_name="requester_id")
    line_status = filters.MultipleChoiceFilter(
        choices=LineStatus.choices, method="with_line_in", label=_("Med någon rad i det läget.")
    )
    submitted_from = filters.DateFilter(field_name="submitted_at", lookup_expr="date__gte")
    submitted_through = filters.DateFilter(field_name="submitted_at", lookup_expr="date__lte")

    class Meta:
        model = Requisition
        fields: dict[str, list[str]] = {}

    def with_line_in(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """With a line in any of the states."""
        lines = RequisitionLine.objects.filter(requisition=OuterRef("pk"), status__in=value)
        return queryset.filter(Exists(lines)) if value else queryset


class LineFilter(filters.FilterSet):  # type: ignore[misc]
    """Which lines are listed."""

    awaiting_me = filters.BooleanFilter(method="in_my_queue", label=_("Väntar på mitt beslut."))
    requisition = filters.NumberFilter(field_name="requisition_id")
    status = filters.MultipleChoiceFilter(choices=LineStatus.choices)
    kind = filters.ChoiceFilter(choices=LineKind.choices)
    department = filters.CharFilter(field_name="requisition__department__cost_center", label=DEPARTMENT)
    category = filters.CharFilter(method="in_category", label=CATEGORY)
    supplier = filters.NumberFilter(field_name="supplier_id")
    agreement = filters.NumberFilter(field_name="agreement_id")
    item = filters.CharFilter(field_name="item__number", label=ITEM)
    responsible = filters.NumberFilter(field_name="responsible_id")
    submitted_from = filters.DateFilter(field_name="submitted_at", lookup_expr="date__gte")
    submitted_through = filters.DateFilter(field_name="submitted_at", lookup_expr="date__lte")
    due_through = filters.DateFilter(field_name="response_due_date", lookup_expr="lte")
    wishes_for_day = filters.BooleanFilter(
        method="with_open_wish", label=_("Väntar på svar om en annan leveransdag.")
    )
    tied_competition = filters.NumberFilter(
        field_name="tied_competition_id",
        label=_(
            "Konkurrensutsättningens id: behov utan artikelnummer som är knutna till den och inte avgjorda."
        ),
    )

    class Meta:
        model = RequisitionLine
        fields: dict[str, list[str]] = {}

    def in_my_queue(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Lines that the person is to decide, or all others."""
        line_ids = lines_to_decide(person(self.request), timezone.localdate()).values("pk")
        return queryset.filter(pk__in=line_ids) if value else queryset.exclude(pk__in=line_ids)

    def with_open_wish(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Lines of which somebody wishes for another delivery day and has no answer, or all others."""
        wished = DayWish.objects.open().values("line")
        return queryset.filter(pk__in=wished) if value else queryset.exclude(pk__in=wished)

    def in_category(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In a category or below it."""
        return queryset.filter(category__in=under(value))


class AttestFilter(filters.FilterSet):  # type: ignore[misc]
    """Which attests are listed."""

    status = filters.MultipleChoiceFilter(choices=AttestStatus.choices)
    requisition = filters.NumberFilter(field_name="requisition_id")
    awaiting_me = filters.BooleanFilter(method="in_my_queue", label=_("Väntar på min attest."))

    class Meta:
        model = BudgetAttest
        fields: dict[str, list[str]] = {}

    def in_my_queue(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Attests that are asked of the person, or all others."""
        attest_ids = attests_to_give(person(self.request), timezone.localdate()).order_by().values("pk")
        return queryset.filter(pk__in=attest_ids) if value else queryset.exclude(pk__in=attest_ids)


class OrderFilter(filters.FilterSet):  # type: ignore[misc]
    """Which orders are listed."""

    number = filters.CharFilter()
    status = filters.MultipleChoiceFilter(choices=OrderStatus.choices)
    supplier = filters.NumberFilter(field_name="supplier_id")
    agreement = filters.NumberFilter(field_name="agreement_id")
    department = filters.CharFilter(field_name="delivery_place__department__cost_center", label=DEPARTMENT)
    item = filters.CharFilter(method="with_item", label=ITEM)
    created_from = filters.DateFilter(field_name="created_at", lookup_expr="date__gte")
    created_through = filters.DateFilter(field_name="created_at", lookup_expr="date__lte")

    class Meta:
        model = PurchaseOrder
        fields: dict[str, list[str]] = {}

    def with_item(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """With a line for the item."""
        return queryset.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), item__number=value)))


class DeliveryFilter(filters.FilterSet):  # type: ignore[misc]
    """Which deliveries are listed."""

    order = filters.CharFilter(field_name="order_line__order__number", label=_("Orderns nummer."))
    department = filters.CharFilter(field_name="line__requisition__department__cost_center", label=DEPARTMENT)
    item = filters.CharFilter(field_name="order_line__item__number", label=ITEM)
    expected_through = filters.DateFilter(field_name="order_line__expected_date", lookup_expr="lte")

    class Meta:
        model = Allocation
        fields: dict[str, list[str]] = {}


class ComplaintFilter(filters.FilterSet):  # type: ignore[misc]
    """Which complaints are listed."""

    is_open = filters.BooleanFilter(method="that_are_open", label=_("Väntar på leverantören."))

    class Meta:
        model = Complaint
        fields: dict[str, list[str]] = {}

    def that_are_open(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that somebody has to see to, or those that nobody has."""
        waiting = Complaint.objects.open().values("pk")
        return queryset.filter(pk__in=waiting) if value else queryset.exclude(pk__in=waiting)
