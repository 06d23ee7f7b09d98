"""The API of categories: the tree, delegations, and absence."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from categories.absences import absences_arranged_by
from categories.models import Category, CategoryKind
from categories.operations import absences, delegations
from core.api import Resource
from core.representation import FastSerializer, represent
from organizations.api import PeriodInput, PeriodSerializer, PersonSerializer, days_of, period_of, person
from organizations.models import Absence, Delegation, DelegationScope, User


class CategoryNameSerializer(FastSerializer[Category]):
    """A category, in short."""

    code = serializers.CharField()
    name = serializers.CharField(source="__str__")


class CategorySerializer(CategoryNameSerializer):
    """A category and its place in the tree."""

    parent = serializers.CharField(  # type: ignore[assignment]
        source="parent.code", allow_null=True, help_text=_("Kod.")
    )
    kind = serializers.ChoiceField(choices=CategoryKind.choices)
    cpv_code = serializers.CharField(allow_blank=True)
    account = serializers.CharField(source="account.code", allow_null=True)


class CategoryFilter(filters.FilterSet):  # type: ignore[misc]
    """Which categories are listed."""

    under = filters.CharFilter(method="below", label=_("Kategorin med denna kod och allt under den."))

    class Meta:
        model = Category
        fields = ["kind"]

    def below(self, queryset: QuerySet[Category], name: str, value: str) -> QuerySet[Category]:
        """A category and everything below it."""
        return queryset.filter(pk__in=under(value))


def under(code: str) -> QuerySet[Any, Any]:
    """Ids of the category of that code and everything below it."""
    top = Category.objects.filter(code=code).first()
    return Category.objects.under(top).values("pk") if top else Category.objects.none().values("pk")


class CategoryResource(ListModelMixin, RetrieveModelMixin, Resource[Category]):
    """The category tree, parents before children."""

    serializer_class = CategorySerializer
    queryset = Category.objects.select_related("parent", "account")
    filterset_class = CategoryFilter
    list_ordering = ("tree_code", "pk")
    lookup_field = "code"
    lookup_value_regex = "[^/]+"


class DelegationSerializer(serializers.Serializer[Delegation]):
    """A delegation; it is in force on its days from when it is accepted."""

    id = serializers.IntegerField()
    delegator = PersonSerializer()
    delegate = PersonSerializer()
    scope = serializers.ChoiceField(choices=DelegationScope.choices)
    days = serializers.SerializerMethodField()
    reason = serializers.CharField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(PeriodSerializer)
    def get_days(self, delegation: Delegation) -> dict[str, Any]:
        """The days, both included."""
        return days_of(delegation.valid_during)


class DelegationInput(PeriodInput):
    """Who is to act, when and why."""

    delegate = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    scope = serializers.ChoiceField(choices=DelegationScope.choices, default=DelegationScope.ALL.value)
    reason = serializers.CharField(max_length=200)


class DelegationResource(ListModelMixin, RetrieveModelMixin, Resource[Delegation]):
    """Delegations that the person has given or received."""

    serializer_class = DelegationSerializer
    queryset = Delegation.objects.none()
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Delegation]:
        """Her own, on either side."""
        return Delegation.objects.visible_to(person(self.request)).select_related("delegator", "delegate")

    @extend_schema(request=DelegationInput, responses={201: DelegationSerializer})
    def create(self, request: Request) -> Response:
        """Ask another person to act in one's place; it is in force when she has accepted."""
        me, data = person(request), self.given(DelegationInput)
        delegation = delegations.delegate(
            delegator=me,
            delegate=data["delegate"],
            scope=DelegationScope(data["scope"]),
            valid_during=period_of(data),
            reason=data["reason"],
            by=me,
            at=timezone.now(),
        )
        return Response(represent(DelegationSerializer, delegation), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Accept to act for the delegator."""
        return self._act(delegations.accept_delegation)

    @extend_schema(request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Decline to act for the delegator, or give back what was accepted."""
        return self._act(delegations.decline_delegation)

    @extend_schema(request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take a delegation back."""
        return self._act(delegations.revoke_delegation)

    def _act(self, act: Callable[..., Delegation]) -> Response:
        delegation = act(delegation=self.get_object(), by=person(self.request), at=timezone.now())
        return Response(represent(DelegationSerializer, delegation))


class AbsenceInput(PeriodInput):
    """Days away, of the person herself unless another is named."""

    person = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, help_text="Whose; her own otherwise."
    )


class AbsenceSerializer(serializers.Serializer[Absence]):
    """Days on which a person is away."""

    id = serializers.IntegerField()
    person = PersonSerializer(source="user")
    days = serializers.SerializerMethodField()

    @extend_schema_field(PeriodSerializer)
    def get_days(self, absence: Absence) -> dict[str, Any]:
        """The days, both included."""
        return days_of(absence.during)


class AbsenceResource(ListModelMixin, RetrieveModelMixin, Resource[Absence]):
    """A person's own absence, and that of those whose absence she sees to; what has been is not shown."""

    serializer_class = AbsenceSerializer
    queryset = Absence.objects.none()
    list_ordering = ("during", "pk")
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Absence]:
        """Her own, and what she sees to."""
        day = timezone.localdate()
        return absences_arranged_by(person(self.request), day).not_over(day).select_related("user")

    @extend_schema(request=AbsenceInput, responses={201: AbsenceSerializer})
    def create(self, request: Request) -> Response:
        """Report days away; what waits for the person goes to her deputy while she is away."""
        me, data = person(request), self.given(AbsenceInput)
        absence = absences.report_absence(
            user=data.get("person", me), during=period_of(data), by=me, at=timezone.now()
        )
        return Response(represent(AbsenceSerializer, absence), status=status.HTTP_201_CREATED)

    @extend_schema(request=PeriodInput, responses=AbsenceSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change the days of an absence that is not over."""
        absence, during = self.get_object(), period_of(self.given(PeriodInput))
        changed_absence = absences.change_absence(
            absence=absence, during=during, by=person(request), at=timezone.now()
        )
        return Response(represent(AbsenceSerializer, changed_absence))

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an absence back."""
        absences.withdraw_absence(absence=self.get_object(), by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
