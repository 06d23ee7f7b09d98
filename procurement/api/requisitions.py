"""Requisitions: what is submitted, with its lines and attests."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.representation import represent
from organizations.api import person
from organizations.models import KeyScope, User
from procurement.api.filters import RequisitionFilter
from procurement.api.placing import PlaceInput
from procurement.api.serializers import RequisitionDetailSerializer, RequisitionSerializer
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.operations import requisitions


def detail_of(requisition: Requisition, reader: User | None = None) -> Requisition:
    """
    Read what a requisition's detail shows.

    Two queries, and three more when lines are approved; one query with all those joins would take longer to plan
    than these to run.

    :param reader: whoever reads it, when it may hold lines that are not hers to see.
    """
    visible_lines = requisition.lines.all() if reader is None else requisition.lines.visible_to(reader)
    shown_first = visible_lines.select_related("item", "category", "agreement", "supplier", "responsible")
    lines = list(
        shown_first.defer("item__search_vector", "item__description").order_by("position", "version")
    )
    prefetch_related_objects(lines, "approved_item", "approved_agreement", "approved_supplier")
    attests = requisition.attests.select_related("responsible", "decided_by", "department").order_by("pk")
    return detailed(requisition, lines, list(attests) if requisition.is_submitted else [])


def detailed(
    requisition: Requisition, lines: Sequence[RequisitionLine], attests: Sequence[BudgetAttest]
) -> Requisition:
    """Put on a requisition what its detail shows."""
    prefetch_related_objects(lines, "account", "charged_department")
    requisition.shown_lines = lines
    requisition.shown_attests = attests
    return requisition


class RequisitionResource(ListModelMixin, RetrieveModelMixin, Resource[Requisition]):
    """Submitted requisitions that the person may see, latest first."""

    scope = KeyScope.ORDER
    serializer_class = RequisitionSerializer
    queryset = Requisition.objects.none()
    filterset_class = RequisitionFilter
    list_ordering = ("-submitted_at", "-pk")
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Requisition]:
        """Those that the person may see."""
        queryset = Requisition.objects.visible_to(person(self.request)).filter(submitted_at__isnull=False)
        if self.action == "list":
            queryset = queryset.with_totals(person(self.request))
        return queryset.select_related(
            "department", "charged_department", "requester", "activity", "account", "project"
        )

    @extend_schema(request=PlaceInput, responses={201: RequisitionDetailSerializer})
    def create(self, request: Request) -> Response:
        """Order items without a basket, in one step; the same key again gives the first requisition back."""
        placed = requisitions.place(**self.given(PlaceInput), by=person(request), at=timezone.now())
        if placed.lines is None:
            detail = detail_of(placed.requisition)
        else:
            detail = detailed(placed.requisition, placed.lines, placed.attests)
        return Response(represent(RequisitionDetailSerializer, detail), status=status.HTTP_201_CREATED)

    @extend_schema(responses=RequisitionDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show a requisition with its lines and attests."""
        return Response(RequisitionDetailSerializer(detail_of(self.get_object(), person(request))).data)
