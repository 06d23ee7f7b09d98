"""The documentation of direct awards: read, write, fetch for the diary."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import AmountField, PdfRenderer, Resource
from core.representation import FastSerializer, represent
from organizations.api import PersonSerializer, person
from procurement.award_records import AwardFacts, Bid
from procurement.documents.award_record import award_document, award_pdf
from procurement.models import AwardRecord, Competition, ExceptionGround
from procurement.operations.award_records import document


class BidSerializer(FastSerializer[Any]):
    """A supplier that was asked, or that offered."""

    supplier_name = serializers.CharField()
    org_number = serializers.CharField(allow_blank=True)
    was_asked = serializers.BooleanField()
    amount = AmountField(allow_null=True)


class AwardRecordSerializer(FastSerializer[AwardRecord]):
    """The documentation of one direct award."""

    id = serializers.IntegerField()
    order = serializers.CharField(source="order.number")
    authority_name = serializers.CharField()
    authority_org_number = serializers.CharField()
    supplier_name = serializers.CharField()
    supplier_org_number = serializers.CharField()
    contract_date = serializers.DateField()
    due_date = serializers.DateField()
    amount = AmountField()
    exception_ground = serializers.ChoiceField(choices=ExceptionGround.choices, allow_blank=True)
    diary_number = serializers.CharField(allow_blank=True)
    subject = serializers.CharField(allow_blank=True)
    term = serializers.CharField(allow_blank=True)
    estimated_amount = AmountField(allow_null=True)
    competition = serializers.ChoiceField(choices=Competition.choices, allow_blank=True)
    reasons = serializers.CharField(allow_blank=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    completed_by = PersonSerializer(allow_null=True)


class AwardRecordDetailSerializer(AwardRecordSerializer):
    """The same with its suppliers."""

    bids = BidSerializer(source="shown_bids", many=True)


class BidInput(serializers.Serializer):  # type: ignore[type-arg]
    """One supplier."""

    supplier_name = serializers.CharField(max_length=120)
    org_number = serializers.CharField(max_length=11, allow_blank=True, default="")
    was_asked = serializers.BooleanField(default=True)
    amount = AmountField(allow_null=True, default=None, min_value=0)


class AwardInput(serializers.Serializer):  # type: ignore[type-arg]
    """What is known of the award; what is left out becomes empty."""

    diary_number = serializers.CharField(max_length=20, allow_blank=True, default="")
    subject = serializers.CharField(max_length=300, allow_blank=True, default="")
    term = serializers.CharField(max_length=200, allow_blank=True, default="")
    estimated_amount = AmountField(allow_null=True, default=None, min_value=0)
    competition = serializers.ChoiceField(choices=Competition.choices, allow_blank=True, default="")
    reasons = serializers.CharField(max_length=4000, allow_blank=True, default="")
    bids = BidInput(many=True, default=list)
    is_complete = serializers.BooleanField(default=False)


class AwardRecordResource(ListModelMixin, RetrieveModelMixin, Resource[AwardRecord]):
    """Direct awards that are to be documented, or are."""

    serializer_class = AwardRecordSerializer
    queryset = AwardRecord.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[AwardRecord]:
        """Those that the person may see."""
        queryset = AwardRecord.objects.visible_to(person(self.request), timezone.localdate())
        return queryset.for_display() if self.action in {"list", "retrieve"} else queryset

    @extend_schema(responses=AwardRecordDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one with its suppliers."""
        return Response(represent(AwardRecordDetailSerializer, _with_bids(self.get_object())))

    @extend_schema(request=AwardInput, responses=AwardRecordDetailSerializer)
    @action(detail=True, methods=["post"])
    def document(self, request: Request, pk: str) -> Response:
        """Write it as far as it is known, or complete it; complete it is never changed."""
        record, data = self.get_object(), self.given(AwardInput)
        is_complete = data.pop("is_complete")
        bids = [Bid(**each) for each in data.pop("bids")]
        facts = AwardFacts(**data, bids=bids)
        result = document(
            record=record, facts=facts, is_complete=is_complete, by=person(request), at=timezone.now()
        )
        return Response(represent(AwardRecordDetailSerializer, _with_bids(result)))

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, renderer_classes=[PdfRenderer])
    def pdf(self, request: Request, pk: str) -> Response:
        """Fetch it for the diary, PDF."""
        record = self.get_object()
        name = f"Direktupphandling-{record.pk}.pdf"
        return Response(
            award_pdf(award_document(record)),
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _with_bids(record: AwardRecord) -> Any:
    detailed: Any = record
    detailed.shown_bids = list(record.bids.order_by("position"))
    return detailed
