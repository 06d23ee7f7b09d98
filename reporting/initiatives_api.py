"""The API of saving initiatives and of the baselines that they are compared with: read, frozen, confirmed."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from categories.api import CategoryNameSerializer, under
from core.api import AmountField, QuantityField, Resource, UnitPriceField
from core.representation import FastSerializer, represent
from organizations.api import PersonSerializer, person
from reporting.baseline_versions import PlannedSums, Version, planned_sums, versions_of
from reporting.models import (
    Baseline,
    BaselineMethod,
    InitiativeStage,
    InitiativeStatus,
    SavingInitiative,
    SavingNature,
)
from reporting.operations import baselines
from reporting.operations.baselines import LONGEST_REASON, Frozen
from reporting.operations.savings import request_savings_run
from reporting.tasks import compute_savings

LARGEST_VERSION = 2**15 - 1


class InitiativeSerializer(FastSerializer[SavingInitiative]):
    """
    A new agreement that changes prices from a day.

    ``stage`` is what people have said, ``status`` what agreement, baselines and deliveries make of it today.
    ``waiting_version`` is the version of its baselines that waits for finance.
    """

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    category = CategoryNameSerializer()
    stage = serializers.ChoiceField(choices=InitiativeStage.choices)
    status = serializers.ChoiceField(choices=InitiativeStatus.choices)
    method = serializers.ChoiceField(choices=BaselineMethod.choices)
    nature = serializers.ChoiceField(choices=SavingNature.choices)
    effective_date = serializers.DateField()
    old_agreement = serializers.CharField(source="old_agreement.number", allow_null=True)
    new_agreement = serializers.CharField(source="new_agreement.number", allow_null=True)
    expected_amount = AmountField(allow_null=True)
    index_series = serializers.CharField(source="index_series.code", allow_null=True)
    index_from = serializers.DateField(allow_null=True)
    index_to = serializers.DateField(allow_null=True)
    index_share_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    waiting_version = serializers.IntegerField(allow_null=True)


class VersionSerializer(FastSerializer[Version]):
    """One version of the baselines of an initiative; ``superseded_at`` is when a later one took its place."""

    number = serializers.IntegerField()
    reason = serializers.CharField()
    frozen_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)


class PlannedSerializer(FastSerializer[PlannedSums]):
    """What the last version is planned to give in a full year, SEK; what becomes dearer is minus, what is avoided apart."""

    count = serializers.IntegerField()
    decrease = AmountField()
    increase = AmountField()
    net = AmountField()
    avoidance = AmountField()


class InitiativeDetailSerializer(InitiativeSerializer):
    """An initiative with the versions of its baselines, the last one first, and what that one is planned to give."""

    versions = serializers.SerializerMethodField()
    planned = serializers.SerializerMethodField()

    @extend_schema_field(VersionSerializer(many=True))
    def get_versions(self, initiative: SavingInitiative) -> list[dict[str, Any]]:
        """All of them."""
        return [represent(VersionSerializer, each) for each in versions_of(initiative)]

    @extend_schema_field(PlannedSerializer)
    def get_planned(self, initiative: SavingInitiative) -> Any:
        """Nothing but noughts before anything is frozen."""
        latest = Baseline.objects.latest_version().filter(initiative=initiative)
        return represent(PlannedSerializer, planned_sums(latest))


class BaselineSerializer(FastSerializer[Baseline]):
    """
    What one item was compared with, as it was frozen: prices and quantity per pack of ``units_per_order_unit`` base units.

    ``full_year_effect`` is (price before - new price) × annual quantity; ``planned_effect`` the part of it that falls on
    the days that count. What is avoided stands apart from both.
    """

    id = serializers.IntegerField()
    initiative = serializers.CharField(source="initiative.code")
    version = serializers.IntegerField()
    item = serializers.CharField(source="item.number")
    category = serializers.CharField(source="category_code")
    method = serializers.ChoiceField(choices=BaselineMethod.choices)
    nature = serializers.ChoiceField(choices=SavingNature.choices)
    unit = serializers.CharField()
    units_per_order_unit = QuantityField(max_digits=12)
    unit_price = UnitPriceField(allow_null=True)
    counterfactual_price = serializers.DecimalField(max_digits=20, decimal_places=8, allow_null=True)
    new_unit_price = UnitPriceField()
    annual_quantity = QuantityField()
    counts_from = serializers.DateField(source="counts_during.lower")
    counts_through = serializers.DateField()
    full_year_effect = AmountField()
    planned_effect = AmountField()
    avoidance = AmountField(source="effect.avoidance")
    planned_avoidance = AmountField()
    evidence = serializers.JSONField()
    frozen_at = serializers.DateTimeField()
    confirmed_by = PersonSerializer(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    superseded_at = serializers.DateTimeField(allow_null=True)
    is_counted = serializers.BooleanField()


class VersionInput(serializers.Serializer[Any]):
    """The version of the baselines that was read."""

    version = serializers.IntegerField(min_value=1, max_value=LARGEST_VERSION)


class RevisionInput(VersionInput):
    """The version that was read, and why it is to be frozen again."""

    reason = serializers.CharField(max_length=LONGEST_REASON)


class FrozenSerializer(FastSerializer[Frozen]):
    """How many items got a baseline, and how many of the new agreement's have nothing to be compared with."""

    version = serializers.IntegerField()
    count = serializers.IntegerField()
    without_baseline = serializers.IntegerField()


class InitiativeFilter(filters.FilterSet):  # type: ignore[misc]
    """Which initiatives are listed."""

    category = filters.CharFilter(method="in_category", label=_("Kategorins kod, med allt under den."))
    status = filters.ChoiceFilter(choices=InitiativeStatus.choices)
    effective_from = filters.DateFilter(field_name="effective_date", lookup_expr="gte")
    effective_through = filters.DateFilter(field_name="effective_date", lookup_expr="lte")
    is_waiting = filters.BooleanFilter(method="waiting", label=_("Med baslinjer som väntar på en ekonom."))

    class Meta:
        model = SavingInitiative
        fields = ["code", "stage", "method", "nature"]

    def in_category(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """In a category or below it."""
        return queryset.filter(category__in=under(value))

    def waiting(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that wait for finance, or all others."""
        return queryset.filter(waiting_version__isnull=not value)


class InitiativeResource(ListModelMixin, RetrieveModelMixin, Resource[SavingInitiative]):
    """
    Saving initiatives, the latest to take effect first.

    One is registered, and taken from idea to decided or cancelled, in ``registers/initiatives``.
    """

    serializer_class = InitiativeSerializer
    queryset = SavingInitiative.objects.none()
    filterset_class = InitiativeFilter
    list_ordering = ("-effective_date", "-pk")
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[SavingInitiative]:
        """Those that the person may see, with their status today."""
        waiting = Baseline.objects.awaiting().filter(initiative=OuterRef("pk")).values("version")[:1]
        return (
            SavingInitiative.objects.visible_to(person(self.request))
            .with_status(timezone.localdate())
            .annotate(waiting_version=Subquery(waiting))
            .select_related("category", "old_agreement", "new_agreement", "index_series")
        )

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """One initiative is told with the versions of its baselines."""
        return InitiativeDetailSerializer if self.action == "retrieve" else InitiativeSerializer

    @extend_schema(request=None, responses=FrozenSerializer)
    @action(detail=True, methods=["post"])
    def freeze(self, request: Request, pk: str) -> Response:
        """Freeze prices before, prices after and volumes as the first version of the baselines."""
        frozen = baselines.freeze_baselines(
            initiative=self.get_object(), by=person(request), at=timezone.now()
        )
        return Response(represent(FrozenSerializer, frozen))

    @extend_schema(request=RevisionInput, responses=FrozenSerializer)
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: str) -> Response:
        """Freeze the baselines again as the next version; 409 when there is a later one than was read."""
        frozen = baselines.revise_baselines(
            initiative=self.get_object(), **self.given(RevisionInput), by=person(request), at=timezone.now()
        )
        return Response(represent(FrozenSerializer, frozen))

    @extend_schema(request=VersionInput, responses=InitiativeSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Confirm the version that waits, as finance; the register is brought up to date in the background."""
        by, at = person(request), timezone.now()
        baselines.confirm_baselines(initiative=self.get_object(), **self.given(VersionInput), by=by, at=at)
        compute_savings.wake(run_id=request_savings_run(by=by, at=at).pk)
        return Response(represent(InitiativeSerializer, self.get_object()))


class BaselineFilter(filters.FilterSet):  # type: ignore[misc]
    """Which baselines are listed."""

    initiative = filters.CharFilter(field_name="initiative__code", label=_("Initiativets kod."))
    item = filters.CharFilter(field_name="item__number", label=_("Artikelnummer."))
    is_counted = filters.BooleanFilter(label=_("Som mottagna rader räknas mot."))
    is_waiting = filters.BooleanFilter(method="waiting", label=_("Som väntar på en ekonom."))

    class Meta:
        model = Baseline
        fields = ["version", "method", "nature"]

    def waiting(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Those that wait for finance, or all others."""
        is_waiting = Q(confirmed_at=None, superseded_at=None)
        return queryset.filter(is_waiting if value else ~is_waiting)


class BaselineResource(ListModelMixin, Resource[Baseline]):
    """The baselines of initiatives, all versions. What is frozen is never edited."""

    serializer_class = BaselineSerializer
    queryset = Baseline.objects.none()
    filterset_class = BaselineFilter

    def get_queryset(self) -> QuerySet[Baseline]:
        """Those of initiatives that the person may see."""
        visible = SavingInitiative.objects.visible_to(person(self.request))
        return Baseline.objects.filter(initiative__in=visible.values("pk")).select_related(
            "initiative", "item", "confirmed_by"
        )
