"""The API of agreements: suppliers, and agreements with what is left under their ceilings."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from agreements.models import Agreement, CallOffMethod, CodeOfConduct, PriceClause, Procedure, Supplier
from categories.api import CategoryNameSerializer, under
from core.api import AmountField, Resource
from core.telling import Told
from organizations.api import person


class SupplierNameSerializer(Told[Supplier]):
    """A supplier, in short."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class SupplierSerializer(SupplierNameSerializer):
    """A supplier."""

    org_number = serializers.CharField()
    gln = serializers.CharField(allow_blank=True)
    code_of_conduct = serializers.ChoiceField(choices=CodeOfConduct.choices)
    is_blocked = serializers.BooleanField()
    blocked_reason = serializers.CharField(allow_blank=True)


class AgreementSerializer(serializers.Serializer[Agreement]):
    """An agreement and its ceiling; amounts in SEK excluding VAT."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    diary_number = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    category = CategoryNameSerializer()
    supplier = SupplierNameSerializer()
    procedure = serializers.ChoiceField(choices=Procedure.choices)
    call_off_method = serializers.ChoiceField(choices=CallOffMethod.choices)
    price_clause = serializers.ChoiceField(choices=PriceClause.choices)
    start_date = serializers.DateField(source="valid_during.lower")
    end_date = serializers.DateField(
        allow_null=True, help_text=_("Sista dagen. Null om avtalet gäller tills vidare.")
    )
    option_months = serializers.IntegerField()
    notice_months = serializers.IntegerField()
    estimated_amount = AmountField()
    ceiling_amount = AmountField()
    committed_amount = AmountField()
    remaining_amount = AmountField()


class SupplierFilter(filters.FilterSet):  # type: ignore[misc]
    """Which suppliers are listed."""

    name = filters.CharFilter(lookup_expr="icontains", label=_("Del av namnet."))

    class Meta:
        model = Supplier
        fields = ["org_number"]


class SupplierResource(ListModelMixin, RetrieveModelMixin, Resource[Supplier]):
    """Suppliers, for whoever has a role or a post."""

    serializer_class = SupplierSerializer
    queryset = Supplier.objects.none()
    filterset_class = SupplierFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Supplier]:
        """Those that the person may see."""
        return Supplier.objects.visible_to(person(self.request), timezone.localdate())


class AgreementFilter(filters.FilterSet):  # type: ignore[misc]
    """Which agreements are listed."""

    category = filters.CharFilter(method="in_category", label=_("Kategorins kod, med allt under den."))
    supplier = filters.NumberFilter(field_name="supplier_id")
    valid_on = filters.DateFilter(method="in_force", label=_("Gäller den dagen."))

    class Meta:
        model = Agreement
        fields = ["number"]

    def in_category(self, queryset: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        """In a category or below it."""
        return queryset.filter(category__in=under(value))

    def in_force(self, queryset: QuerySet[Agreement], name: str, value: date) -> QuerySet[Agreement]:
        """In force that day."""
        return queryset.filter(valid_during__contains=value)


class AgreementResource(ListModelMixin, RetrieveModelMixin, Resource[Agreement]):
    """Agreements, with what is left under their ceilings."""

    serializer_class = AgreementSerializer
    queryset = Agreement.objects.none()
    filterset_class = AgreementFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Agreement]:
        """Those that the person may see."""
        seen = Agreement.objects.visible_to(person(self.request), timezone.localdate())
        return seen.select_related("category", "supplier")
