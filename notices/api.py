"""The API of notices: a person's own, and how she wants to be told."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.representation import FastSerializer, represent
from notices.kinds import kinds
from notices.models import Choice, Notice
from notices.operations import choices, reading
from notices.states import Delivery
from organizations.api import person
from organizations.models import KeyScope


class NoticeSerializer(FastSerializer[Notice]):
    """One thing that the person is told."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField(source="sentence.title")
    text = serializers.CharField(source="sentence.text")
    address = serializers.CharField(source="public_address", help_text=_("Sidan som notisen gäller."))
    made_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class CountSerializer(serializers.Serializer[Any]):
    """How many."""

    count = serializers.IntegerField()


class NoticeFilter(filters.FilterSet):  # type: ignore[misc]
    """Which notices are listed."""

    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", label=_("De olästa."))

    class Meta:
        model = Notice
        fields = ["kind"]


class NoticeResource(ListModelMixin, RetrieveModelMixin, Resource[Notice]):
    """What a person has been told."""

    serializer_class = NoticeSerializer
    queryset = Notice.objects.none()
    filterset_class = NoticeFilter
    scopes = {"read": KeyScope.ORDER, "read_all": KeyScope.ORDER}
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Notice]:
        """Her own."""
        return Notice.objects.visible_to(person(self.request))

    @extend_schema(request=None, responses=CountSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """Mark one as read; tells how many were unread."""
        count = reading.mark_read(notices=[self.get_object()], by=person(request), at=timezone.now())
        return Response(represent(CountSerializer, {"count": count}))

    @extend_schema(request=None, responses=CountSerializer)
    @action(detail=False, methods=["post"], url_path="read-all", pagination_class=None, filterset_class=None)
    def read_all(self, request: Request) -> Response:
        """Mark all as read; tells how many were unread."""
        count = reading.mark_all_read(by=person(request), at=timezone.now())
        return Response(represent(CountSerializer, {"count": count}))


class NoticeChoiceSerializer(serializers.Serializer[Any]):
    """How a person is told of one kind of thing."""

    kind = serializers.CharField(help_text=_("Tomt för alla slag som inte är valda för sig."))
    label = serializers.CharField()  # type: ignore[assignment]
    usual = serializers.ChoiceField(choices=Delivery.choices, allow_null=True)
    chosen = serializers.ChoiceField(choices=Delivery.choices, allow_null=True)


class NoticeChoiceInput(serializers.Serializer[Any]):
    """A choice for one kind, or for all."""

    kind = serializers.CharField(max_length=40, allow_blank=True, default="")
    delivery = serializers.ChoiceField(choices=Delivery.choices, allow_null=True)


class NoticeChoiceResource(Resource[Choice]):
    """How a person wants to be told, kind by kind."""

    serializer_class = NoticeChoiceSerializer
    queryset = Choice.objects.none()
    pagination_class = None

    @extend_schema(responses=NoticeChoiceSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Tell how the person is told."""
        return Response(_choices(request))

    @extend_schema(request=NoticeChoiceInput, responses={200: NoticeChoiceSerializer(many=True)})
    def create(self, request: Request) -> Response:
        """Choose for one kind, or for all; nothing chosen is as it was before."""
        data, me = self.given(NoticeChoiceInput), person(request)
        delivery = Delivery(data["delivery"]) if data["delivery"] else None
        choices.choose(person=me, chosen={data["kind"]: delivery}, by=me, at=timezone.now())
        return Response(_choices(request))


def _choices(request: Request) -> list[Any]:
    chosen = dict(Choice.objects.visible_to(person(request)).values_list("kind", "delivery"))
    every = {"kind": "", "label": _("Alla slag"), "usual": None, "chosen": chosen.get("")}
    each = [
        {"kind": kind.name, "label": kind.label, "usual": kind.delivery, "chosen": chosen.get(kind.name)}
        for kind in kinds().values()
        if kind.is_mailable
    ]
    return [represent(NoticeChoiceSerializer, row) for row in [every, *each]]
