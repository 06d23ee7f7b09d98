"""Baskets: fill, say where to, look ahead, submit."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.representation import represent
from organizations.api import person
from organizations.models import KeyScope
from procurement.api.deliveries import DeliveriesInput
from procurement.api.inputs import (
    AccountsInput,
    BasketInput,
    BasketItemInput,
    CopyInput,
    DetailsInput,
    FreeTextInput,
    ServiceInput,
    SubmitInput,
)
from procurement.api.requisitions import detail_of
from procurement.api.serializers import (
    LineSerializer,
    PlanSerializer,
    RequisitionDetailSerializer,
    RequisitionSerializer,
)
from procurement.models import Requisition
from procurement.operations import accounts, baskets, copying, line_deliveries, moving_baskets, requisitions


class BasketResource(ListModelMixin, RetrieveModelMixin, Resource[Requisition]):
    """A person's open baskets, one per department."""

    scope = KeyScope.ORDER
    serializer_class = RequisitionSerializer
    queryset = Requisition.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Requisition]:
        """Her own: a basket is its owner's alone. One that is submitted answers that it is."""
        queryset = Requisition.objects.filter(requester=person(self.request))
        if self.action == "list":
            queryset = queryset.baskets().with_totals()
        return queryset.select_related(
            "department", "charged_department", "requester", "activity", "account", "project"
        )

    @extend_schema(responses=RequisitionDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show the basket with its lines."""
        return Response(RequisitionDetailSerializer(detail_of(self.get_object())).data)

    @extend_schema(request=BasketInput, responses={200: RequisitionDetailSerializer})
    def create(self, request: Request) -> Response:
        """Open the person's basket for a department; the one she has, when there is one."""
        data = self.given(BasketInput)
        basket = baskets.open_basket(**data, by=person(request), at=timezone.now())
        return Response(represent(RequisitionDetailSerializer, detail_of(basket)))

    @extend_schema(request=BasketInput, responses=RequisitionDetailSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Let the basket be of another department, together with the one that is there."""
        basket, data = self.get_object(), self.given(BasketInput)
        result = moving_baskets.move_basket(basket=basket, **data, by=person(request), at=timezone.now())
        return Response(represent(RequisitionDetailSerializer, detail_of(result)))

    @extend_schema(request=BasketItemInput, responses={201: LineSerializer})
    @action(detail=True, methods=["post"], url_path="add-item")
    def add_item(self, request: Request, pk: str) -> Response:
        """Put an item in the basket; more of one that is there already adds up."""
        basket, data = self.get_object(), self.given(BasketItemInput)
        line = baskets.add_item(basket=basket, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, line), status=status.HTTP_201_CREATED)

    @extend_schema(request=FreeTextInput, responses={201: LineSerializer})
    @action(detail=True, methods=["post"], url_path="add-free-text")
    def add_free_text(self, request: Request, pk: str) -> Response:
        """Describe a need that is not in the catalogue."""
        basket, data = self.get_object(), self.given(FreeTextInput)
        line = baskets.add_free_text(basket=basket, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, line), status=status.HTTP_201_CREATED)

    @extend_schema(request=ServiceInput, responses={201: LineSerializer})
    @action(detail=True, methods=["post"], url_path="add-service")
    def add_service(self, request: Request, pk: str) -> Response:
        """Ask for a service: what, where, when, how many hours at about what price."""
        basket, data = self.get_object(), self.given(ServiceInput)
        line = baskets.add_service(basket=basket, **data, by=person(request), at=timezone.now())
        return Response(represent(LineSerializer, line), status=status.HTTP_201_CREATED)

    @extend_schema(request=CopyInput, responses=RequisitionDetailSerializer)
    @action(detail=True, methods=["post"], url_path="copy-lines")
    def copy_lines(self, request: Request, pk: str) -> Response:
        """Order the same again: put a requisition's items in the basket, those that can still be ordered."""
        basket, data = self.get_object(), self.given(CopyInput)
        source = get_object_or_404(Requisition.objects.visible_to(person(request)), pk=data["requisition"])
        copying.copy_lines(requisition=source, basket=basket, by=person(request), at=timezone.now())
        return Response(represent(RequisitionDetailSerializer, detail_of(basket)))

    @extend_schema(request=DetailsInput, responses=RequisitionDetailSerializer)
    @action(detail=True, methods=["post"], url_path="save-details")
    def save_details(self, request: Request, pk: str) -> Response:
        """Say where to, when, why, and on which codes."""
        basket, data = self.get_object(), self.given(DetailsInput)
        saved = baskets.save_details(basket=basket, **data, by=person(request), at=timezone.now())
        return Response(represent(RequisitionDetailSerializer, detail_of(saved)))

    @extend_schema(request=AccountsInput, responses=RequisitionDetailSerializer)
    @action(detail=True, methods=["post"], url_path="set-accounts")
    def set_accounts(self, request: Request, pk: str) -> Response:
        """Book lines on accounts of their own; none is the category's."""
        basket, data = self.get_object(), self.given(AccountsInput)
        booked = accounts.set_accounts(basket=basket, **data, by=person(request), at=timezone.now())
        return Response(represent(RequisitionDetailSerializer, detail_of(booked)))

    @extend_schema(request=DeliveriesInput, responses=RequisitionDetailSerializer)
    @action(detail=True, methods=["post"], url_path="set-deliveries")
    def set_deliveries(self, request: Request, pk: str) -> Response:
        """Let lines be paid by another department, or come to another place or by another day, than the rest."""
        basket, data = self.get_object(), self.given(DeliveriesInput)
        parted = line_deliveries.set_deliveries(basket=basket, **data, by=person(request), at=timezone.now())
        return Response(represent(RequisitionDetailSerializer, detail_of(parted)))

    @extend_schema(responses=PlanSerializer, filters=False)
    @action(detail=True)
    def preview(self, request: Request, pk: str) -> Response:
        """Tell how the basket would be routed, decided and attested if it were submitted now."""
        planned = requisitions.preview(basket=self.get_object(), at=timezone.now())
        return Response(represent(PlanSerializer, planned))

    @extend_schema(request=SubmitInput, responses=RequisitionDetailSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Submit the basket, or some of its lines: each is routed to one responsible person."""
        submitted = requisitions.submit(
            basket=self.get_object(), **self.given(SubmitInput), by=person(request), at=timezone.now()
        )
        return Response(represent(RequisitionDetailSerializer, detail_of(submitted)))
