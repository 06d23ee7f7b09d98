"""The API of agreements: suppliers, and agreements with what is left under their ceilings."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.index_days import next_date
from agreements.models import (
    Agreement,
    AgreementOption,
    CallOffMethod,
    CodeOfConduct,
    ConductLevel,
    IndexClause,
    PriceClause,
    Procedure,
    ProcurementLaw,
    Supplier,
)
from agreements.operations import agreements as operations
from agreements.operations.agreements import LONGEST_REASON
from agreements.runway import outlook_of
from agreements.states import AgreementStatus, OptionDecision
from categories.api import CategoryNameSerializer, under
from core.api import AmountField, DayField, Resource
from core.diary import words_of
from core.periods import last_day
from core.representation import FastSerializer, represent
from organizations.api import PersonSerializer, person


class SupplierNameSerializer(FastSerializer[Supplier]):
    """A supplier, in short."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class SupplierSerializer(SupplierNameSerializer):
    """A supplier."""

    org_number = serializers.CharField()
    gln = serializers.CharField(allow_blank=True)
    code_of_conduct = serializers.ChoiceField(choices=CodeOfConduct.choices)
    code_of_conduct_through_date = serializers.DateField(allow_null=True)
    is_blocked = serializers.BooleanField()
    blocked_reason = serializers.CharField(allow_blank=True)


class AgreementOptionSerializer(serializers.Serializer[AgreementOption]):
    """An option: how far it prolongs, by when it is decided, and what was decided."""

    number = serializers.IntegerField()
    months = serializers.IntegerField()
    decide_by_date = serializers.DateField()
    decision = serializers.ChoiceField(choices=OptionDecision.choices, allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class IndexClauseSerializer(serializers.Serializer[IndexClause]):
    """How prices follow an index during a period, and when they may change next."""

    series = serializers.CharField(source="series.code")
    base_month = serializers.DateField()
    share_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    threshold_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    cap_percent = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    interval_months = serializers.IntegerField()
    lag_months = serializers.IntegerField(
        help_text=_("Så många månader före prisändringen är månaden vars indextal gäller.")
    )
    notice_days = serializers.IntegerField(help_text=_("Begärs så många dagar före."))
    first_date = serializers.DateField()
    from_date = serializers.DateField(source="valid_during.lower", allow_null=True)
    through_date = serializers.SerializerMethodField()
    next_date = serializers.SerializerMethodField(help_text=_("När priserna kan ändras nästa gång."))

    def get_through_date(self, clause: IndexClause) -> date | None:
        """The last day of the period; None until further notice."""
        return None if clause.valid_during.upper is None else last_day(clause.valid_during)

    def get_next_date(self, clause: IndexClause) -> date | None:
        """The next day after today; None when there is none."""
        return next_date(clause, timezone.localdate())


class AgreementReasonInput(serializers.Serializer[Any]):
    """Why something is decided of an agreement."""

    reason = serializers.CharField(max_length=LONGEST_REASON)


class AgreementOptionInput(AgreementReasonInput):
    """Which option is decided, and why."""

    number = serializers.IntegerField(min_value=1, max_value=32767)


class AgreementNoticeInput(AgreementReasonInput):
    """When an agreement that is terminated ends, and why."""

    last_date = DayField()


class AgreementSerializer(serializers.Serializer[Agreement]):
    """An agreement and its ceiling; amounts in SEK excluding VAT."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    diary_number = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    status = serializers.SerializerMethodField(help_text=_("Dagens status."))
    law = serializers.ChoiceField(choices=ProcurementLaw.choices)
    owner = serializers.SerializerMethodField(
        help_text=_("Den som ansvarar, om någon är utsedd. Annars den som ansvarar för kategorin.")
    )
    category = CategoryNameSerializer()
    supplier = SupplierNameSerializer()
    procedure = serializers.ChoiceField(choices=Procedure.choices)
    call_off_method = serializers.ChoiceField(choices=CallOffMethod.choices)
    price_clause = serializers.ChoiceField(choices=PriceClause.choices)
    start_date = serializers.DateField(source="valid_during.lower")
    end_date = serializers.DateField(
        allow_null=True, help_text=_("Sista dagen. Null om avtalet gäller tills vidare.")
    )
    option_months = serializers.IntegerField(help_text=_("Månader i optioner som ingen har beslutat."))
    options = AgreementOptionSerializer(many=True, source="options.all")
    index_clauses = IndexClauseSerializer(many=True, source="asking")
    ask_by_date = serializers.DateField(
        source="outlook.ask_date",
        allow_null=True,
        help_text=_("Sista dag att begära nästa prisändring efter index."),
    )
    notice_by_date = serializers.DateField(source="outlook.notice_date", allow_null=True)
    start_by_date = serializers.DateField(
        source="outlook.start_by", allow_null=True, help_text=_("Senaste dag att starta nästa upphandling.")
    )
    ceiling_reached_date = serializers.DateField(
        source="outlook.ceiling_date",
        allow_null=True,
        help_text=_("När taket nås i nuvarande takt. Null om avtalet slutar först."),
    )
    code_of_conduct_level = serializers.ChoiceField(choices=ConductLevel.choices, allow_blank=True)
    delivery_terms = serializers.CharField(allow_blank=True)
    notice_reference = serializers.CharField(allow_blank=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text=_("Vad registret inte säger."))
    complete_percent = serializers.IntegerField()
    notice_months = serializers.IntegerField()
    estimated_amount = AmountField()
    ceiling_amount = AmountField()
    committed_amount = AmountField()
    remaining_amount = AmountField()

    @extend_schema_field(serializers.ChoiceField(choices=AgreementStatus.choices))
    def get_status(self, agreement: Agreement) -> str:
        """Where it is today."""
        return agreement.status_on(timezone.localdate()).value

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_owner(self, agreement: Agreement) -> dict[str, Any] | None:
        """The person named."""
        return represent(PersonSerializer, agreement.owner) if agreement.owner else None


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
    supplier = filters.NumberFilter(field_name="suppliers__supplier_id")
    diary_number = filters.CharFilter(method="with_diary_number", label=_("Diarienummer, på båda sätten."))
    valid_on = filters.DateFilter(method="in_force", label=_("Gäller den dagen."))

    class Meta:
        model = Agreement
        fields = ["number"]

    def in_category(self, queryset: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        """In a category or below it."""
        return queryset.filter(category__in=under(value))

    def with_diary_number(self, queryset: QuerySet[Agreement], name: str, value: str) -> QuerySet[Agreement]:
        """With a diary number, however it is written."""
        return queryset.filter(diary_number__in=words_of(value))

    def in_force(self, queryset: QuerySet[Agreement], name: str, value: date) -> QuerySet[Agreement]:
        """In force that day."""
        return queryset.filter(pk__in=Agreement.objects.valid_on(value).values("pk"))


class AgreementResource(ListModelMixin, RetrieveModelMixin, Resource[Agreement]):
    """Agreements, with what is left under their ceilings."""

    serializer_class = AgreementSerializer
    queryset = Agreement.objects.none()
    filterset_class = AgreementFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Agreement]:
        """Those that the person may see, looking ahead from today."""
        day = timezone.localdate()
        agreements = Agreement.objects.visible_to(person(self.request), day)
        return (
            agreements.select_related("category", "supplier", "owner")
            .with_outlook(day)
            .with_missing()
            .with_asking()
        )

    def get_object(self) -> Agreement:
        """One agreement."""
        return _ahead([super().get_object()])[0]

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """A page of agreements."""
        page = super().paginate_queryset(queryset)
        return None if page is None else _ahead(page)

    @extend_schema(request=None, responses=AgreementSerializer)
    @action(detail=True, methods=["post"])
    def activate(self, request: Request, pk: str) -> Response:
        """Let an agreement come into force."""
        operations.activate(agreement=self.get_object(), by=person(request), at=timezone.now())
        return self._now()

    @extend_schema(request=AgreementOptionInput, responses=AgreementSerializer)
    @action(detail=True, methods=["post"], url_path="use-option")
    def use_option(self, request: Request, pk: str) -> Response:
        """Prolong an agreement by an option."""
        option, reason = self._option()
        operations.use_option(option=option, reason=reason, by=person(request), at=timezone.now())
        return self._now()

    @extend_schema(request=AgreementOptionInput, responses=AgreementSerializer)
    @action(detail=True, methods=["post"], url_path="let-option-go")
    def let_option_go(self, request: Request, pk: str) -> Response:
        """Decide not to use an option, nor those after it."""
        option, reason = self._option()
        operations.let_option_go(option=option, reason=reason, by=person(request), at=timezone.now())
        return self._now()

    @extend_schema(request=AgreementNoticeInput, responses=AgreementSerializer)
    @action(detail=True, methods=["post"], url_path="give-notice")
    def give_notice(self, request: Request, pk: str) -> Response:
        """Terminate an agreement from a day on."""
        data = self.given(AgreementNoticeInput)
        operations.give_notice(agreement=self.get_object(), **data, by=person(request), at=timezone.now())
        return self._now()

    @extend_schema(request=AgreementReasonInput, responses=AgreementSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End an agreement at once."""
        data = self.given(AgreementReasonInput)
        operations.end(agreement=self.get_object(), **data, by=person(request), at=timezone.now())
        return self._now()

    @extend_schema(request=None, responses=AgreementSerializer)
    @action(detail=True, methods=["post"], url_path="start-procurement")
    def start_procurement(self, request: Request, pk: str) -> Response:
        """Note that the next procurement has started."""
        operations.start_procurement(agreement=self.get_object(), by=person(request), at=timezone.now())
        return self._now()

    def _option(self) -> tuple[AgreementOption, str]:
        data = self.given(AgreementOptionInput)
        option = get_object_or_404(self.get_object().options, number=data["number"])
        return option, data["reason"]

    def _now(self) -> Response:
        """The agreement as it is now."""
        return Response(represent(AgreementSerializer, self.get_object()))


def _ahead(agreements: Sequence[Agreement]) -> list[Agreement]:
    """Put on each what is ahead of it."""
    day = timezone.localdate()
    for agreement in agreements:
        agreement.outlook = outlook_of(agreement, day=day)  # type: ignore[attr-defined]
    return list(agreements)
