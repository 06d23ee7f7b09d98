"""The API of reporting: the savings register and what was delivered."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api import SupplierNameSerializer
from categories.api import CategoryNameSerializer, under
from core.api import (
    AmountField,
    QuantityField,
    Resource,
    UnitPriceField,
)
from core.representation import represent
from core.work import Work, WorkStatus
from organizations.api import DepartmentNameSerializer, person
from reporting.models import BaselineMethod, Component, DeliveredLine, Saving, SavingNature
from reporting.models.savings import DEARER
from reporting.operations import savings
from reporting.tasks import compute_savings

CATEGORY = _("Kategorins kod, med allt under den.")


class SavingSerializer(serializers.Serializer[Saving]):
    """
    What one delivered line gave in one component, SEK; minus when dearer.

    A reduction is (baseline price - paid price) × quantity. What was avoided, (counterfactual price - baseline price) ×
    quantity, is never part of the budget effect, nor is what does not recur.
    """

    id = serializers.IntegerField()
    delivered_date = serializers.DateField()
    item = serializers.CharField(source="item.number")
    category = CategoryNameSerializer()
    department = DepartmentNameSerializer()
    supplier = SupplierNameSerializer()
    initiative = serializers.CharField(source="baseline.initiative.code")
    method = serializers.ChoiceField(source="baseline.method", choices=BaselineMethod.choices)
    component = serializers.ChoiceField(choices=Component.choices)
    nature = serializers.ChoiceField(choices=SavingNature.choices)
    calculation_version = serializers.IntegerField()
    quantity = QuantityField()
    baseline_price = UnitPriceField()
    counterfactual_price = serializers.DecimalField(max_digits=20, decimal_places=8, allow_null=True)
    paid_price = UnitPriceField()
    amount = AmountField()


class DeliveredLineSerializer(serializers.Serializer[DeliveredLine]):
    """Something that was delivered and accepted, in the chain or in imported history."""

    key = serializers.CharField()
    delivered_date = serializers.DateField()
    item = serializers.CharField(source="item.number", allow_null=True)
    department = DepartmentNameSerializer(allow_null=True)
    supplier = SupplierNameSerializer(allow_null=True)
    category = CategoryNameSerializer(allow_null=True)
    agreement = serializers.CharField(source="agreement.number", allow_null=True)
    quantity = QuantityField()
    unit_price = UnitPriceField()
    amount = AmountField()
    currency = serializers.CharField()


class WorkSerializer(serializers.Serializer[Any]):
    """Work in the background and how far it has come."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=WorkStatus.choices)
    percent = serializers.SerializerMethodField()
    error = serializers.CharField(allow_blank=True)
    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_percent(self, work: Work) -> int:
        """How far it has come; all the way when it is done, also when there was nothing to count."""
        return 100 if work.status == WorkStatus.DONE else work.percent


class SavingsRunSerializer(WorkSerializer):
    """One computation of the savings register."""

    added_count = serializers.IntegerField()


class DeliveredFilter(filters.FilterSet):  # type: ignore[misc]
    """Which delivered lines are listed."""

    year = filters.NumberFilter(method="in_year", min_value=1, max_value=9998)
    delivered_from = filters.DateFilter(field_name="delivered_date", lookup_expr="gte")
    delivered_through = filters.DateFilter(field_name="delivered_date", lookup_expr="lte")
    department = filters.CharFilter(field_name="department__cost_center", label=_("Ansvarskod."))
    category = filters.CharFilter(method="in_category", label=CATEGORY)
    supplier = filters.NumberFilter(field_name="supplier_id")
    item = filters.CharFilter(field_name="item__number", label=_("Artikelnummer."))

    def in_year(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Delivered in the year."""
        year = int(value)
        return queryset.filter(delivered_date__range=(date(year, 1, 1), date(year, 12, 31)))

    def in_category(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In a category or below it."""
        return queryset.filter(category__in=under(value))


class SavingFilter(DeliveredFilter):
    """Which savings are listed."""

    initiative = filters.CharFilter(field_name="baseline__initiative__code", label=_("Initiativets kod."))
    component = filters.ChoiceFilter(
        choices=Component.choices, label=_("Prissänkning eller undviken höjning.")
    )
    nature = filters.ChoiceFilter(
        choices=SavingNature.choices, label=_("Bara det återkommande är budgeteffekt.")
    )
    is_increase = filters.BooleanFilter(method="dearer", label=_("Bara fördyringar."))

    class Meta:
        model = Saving
        fields: dict[str, list[str]] = {}

    def dearer(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """What cost more than its baseline, or all else; what was sent back of either is with it, as on the pages."""
        return queryset.filter(DEARER if value else ~DEARER)


class DeliveredLineFilter(DeliveredFilter):
    """Which delivered lines are listed."""

    class Meta:
        model = DeliveredLine
        fields = ["currency"]


class SavingResource(ListModelMixin, Resource[Saving]):
    """The register of savings, of the calculation that sums are taken over. It only grows."""

    serializer_class = SavingSerializer
    queryset = Saving.objects.none()
    filterset_class = SavingFilter
    list_ordering = ("-delivered_date", "-pk")

    def get_queryset(self) -> QuerySet[Saving]:
        """Those that the person may see."""
        return (
            Saving.objects.visible_to(person(self.request))
            .current()
            .select_related("item", "category", "department", "supplier", "baseline__initiative")
        )

    @extend_schema(request=None, responses={202: SavingsRunSerializer}, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def compute(self, request: Request) -> Response:
        """Ask for the register to be brought up to date; it is done in the background."""
        run = savings.request_savings_run(by=person(request), at=timezone.now())
        compute_savings.wake(run_id=run.pk)
        return Response(represent(SavingsRunSerializer, run), status=status.HTTP_202_ACCEPTED)


class DeliveredLineResource(ListModelMixin, Resource[DeliveredLine]):
    """Everything that was delivered and accepted."""

    serializer_class = DeliveredLineSerializer
    queryset = DeliveredLine.objects.none()
    filterset_class = DeliveredLineFilter
    list_ordering = ("-delivered_date", "-key")

    def get_queryset(self) -> QuerySet[DeliveredLine]:
        """Those that the person may see."""
        return DeliveredLine.objects.visible_to(person(self.request)).select_related(
            "item", "department", "supplier", "category", "agreement"
        )
