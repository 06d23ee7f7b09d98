"""Suppliers that are proposed with needs: what is said of one, what waits, and the examination."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.representation import FastSerializer, represent
from organizations.api import PersonSerializer, person
from procurement.models import (
    Answer,
    Check,
    ExaminationOutcome,
    ExaminedCheck,
    SupplierExamination,
    SupplierProposal,
)
from procurement.operations.examining import Finding, examine


class ExaminedCheckSerializer(FastSerializer[ExaminedCheck]):
    """What was found of one thing on the list."""

    check = serializers.ChoiceField(source="check_code", choices=Check.choices)
    answer = serializers.ChoiceField(choices=Answer.choices)
    note = serializers.CharField(allow_blank=True)


class ExaminationSerializer(FastSerializer[SupplierExamination]):
    """The examination, which is made once."""

    outcome = serializers.ChoiceField(choices=ExaminationOutcome.choices)
    reason = serializers.CharField(allow_blank=True)
    supplier = serializers.IntegerField(source="supplier_id", allow_null=True)
    examined_by = PersonSerializer()
    examined_at = serializers.DateTimeField()
    findings = ExaminedCheckSerializer(source="shown_checks", many=True)


class SupplierProposalSerializer(FastSerializer[SupplierProposal]):
    """What somebody says of a supplier that she suggests for a need."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    org_number = serializers.CharField()
    contact = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    has_interest = serializers.BooleanField(
        help_text=_("Om den som föreslår, eller någon närstående, uppger ett intresse i företaget.")
    )
    supplier = serializers.IntegerField(
        source="supplier_id", allow_null=True, help_text=_("Den i registret, när den fanns där redan då.")
    )
    proposed_by = PersonSerializer()
    proposed_at = serializers.DateTimeField()
    examination = ExaminationSerializer(source="outcome", allow_null=True)


class FindingInput(serializers.Serializer[Any]):
    """What was found of one thing on the list; what is not simply so is explained."""

    check = serializers.ChoiceField(choices=Check.choices)
    answer = serializers.ChoiceField(choices=Answer.choices)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> Finding:
        """Give it as the operation takes it."""
        return Finding(Check(attrs["check"]), Answer(attrs["answer"]), attrs["note"])


class ExaminationInput(serializers.Serializer[Any]):
    """An answer to each thing on the list, and how it ended."""

    findings = FindingInput(many=True)
    outcome = serializers.ChoiceField(choices=ExaminationOutcome.choices)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")
    order_email = serializers.EmailField(
        max_length=254,
        allow_blank=True,
        default="",
        help_text=_(
            "Dit beställningar går. Behövs när leverantören godkänns, och inte redan finns i registret."
        ),
    )


class SupplierProposalResource(ListModelMixin, RetrieveModelMixin, Resource[SupplierProposal]):
    """Suppliers that are proposed with the lines that the person sees."""

    serializer_class = SupplierProposalSerializer
    queryset = SupplierProposal.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[SupplierProposal]:
        """Those that the person may see."""
        queryset = SupplierProposal.objects.visible_to(person(self.request), timezone.localdate())
        return queryset.for_display().with_checks()

    @extend_schema(request=ExaminationInput, responses=SupplierProposalSerializer)
    @action(detail=True, methods=["post"])
    def examine(self, request: Request, pk: str) -> Response:
        """Examine a proposed supplier once and for all: accept it into the register, or refuse it."""
        proposal = self.get_object()
        examine(proposal=proposal, **self.given(ExaminationInput), by=person(request), at=timezone.now())
        again = get_object_or_404(self.get_queryset(), pk=proposal.pk)
        return Response(represent(SupplierProposalSerializer, again))
