"""The API of organizations: who I am, departments, codes to book on, and my own keys."""

from datetime import timedelta
from typing import Any, cast

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import AmountField, DayField, Resource
from core.representation import FastSerializer, represent
from organizations.models import AccountingCode, ApiToken, Department, Dimension, KeyScope, User
from organizations.operations import api_tokens
from organizations.permissions import roles_on
from organizations.signing_in.strength import is_strong

LONGEST_PERIOD_DAYS = 732


def person(request: Request) -> User:
    """The person that the program acts for; permission classes let no other through."""
    return cast(User, request.user)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API tells of keys."""

    target_class = "organizations.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe the header."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token <key>`; make the key under API-nycklar.",
        }


class PersonSerializer(FastSerializer[User]):
    """A person."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="full_name")


class DepartmentNameSerializer(FastSerializer[Department]):
    """A department, in short."""

    code = serializers.CharField(source="cost_center", help_text=_("Ansvarskod."))
    name = serializers.CharField()


class AccountingCodeSerializer(serializers.Serializer[AccountingCode]):
    """A konto, verksamhet or projekt."""

    id = serializers.IntegerField()
    dimension = serializers.ChoiceField(choices=Dimension.choices)
    code = serializers.CharField()
    name = serializers.CharField()
    closed_date = serializers.DateField(allow_null=True)


class DeliveryPlaceSerializer(serializers.Serializer[Any]):
    """Where goods are put down."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField()


class DepartmentSerializer(DepartmentNameSerializer):
    """A department with its delivery places."""

    administration = serializers.CharField(source="administration.name")
    activity = serializers.CharField(source="activity.code", help_text=_("Verksamhet att bokföra på."))
    delivery_places = DeliveryPlaceSerializer(many=True)


class MembershipSerializer(serializers.Serializer[Any]):
    """For whom the person acts, and up to which amount."""

    department = serializers.CharField(help_text=_("Ansvarskod."))
    amount_limit = AmountField(allow_null=True, help_text=_("Tomt betyder ingen gräns."))


class MeSerializer(PersonSerializer):
    """The person that the program acts for."""

    email = serializers.EmailField()
    roles = serializers.ListField(child=serializers.CharField())
    orders_for = MembershipSerializer(many=True)
    attests_for = MembershipSerializer(many=True)


class ApiTokenSerializer(serializers.Serializer[ApiToken]):
    """A key, without its text."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    beginning = serializers.CharField(help_text=_("Nyckelns första tecken."))
    created = serializers.DateTimeField()
    expiry = serializers.DateTimeField()
    scope = serializers.ChoiceField(choices=KeyScope.choices)


class NewApiTokenSerializer(ApiTokenSerializer):
    """A key with its text, which is shown this once."""

    token = serializers.CharField()


class ApiTokenInput(serializers.Serializer[Any]):
    """What a new key is called, what it may do and how long it lives."""

    name = serializers.CharField(max_length=200)
    days = serializers.IntegerField(min_value=-100_000, max_value=100_000, default=90)
    scope = serializers.ChoiceField(choices=KeyScope.choices, default=KeyScope.READ)


class MeResource(Resource[User]):
    """Who the program acts for."""

    serializer_class = MeSerializer
    queryset = User.objects.none()
    pagination_class = None

    @extend_schema(responses=forced_singular_serializer(MeSerializer))  # type: ignore[no-untyped-call]
    def list(self, request: Request) -> Response:
        """Tell who the key acts for, in which roles."""
        me = person(request)
        roles = roles_on(me, timezone.localdate())
        codes = dict(
            Department.objects.filter(pk__in=[*roles.orders_for, *roles.attests_for]).values_list(
                "pk", "cost_center"
            )
        )

        def limits(departments: dict[int, Any]) -> list[dict[str, Any]]:
            return [{"department": codes[key], "amount_limit": limit} for key, limit in departments.items()]

        data = {
            "id": me.pk,
            "full_name": me.full_name,
            "email": me.email,
            "roles": sorted(roles.everywhere),
            "orders_for": limits(roles.orders_for),
            "attests_for": limits(roles.attests_for),
        }
        return Response(represent(MeSerializer, data))


class DepartmentFilter(filters.FilterSet):  # type: ignore[misc]
    """Which departments are listed."""

    mine = filters.BooleanFilter(method="ordering_for_me", label=_("De som du beställer för."))

    class Meta:
        model = Department
        fields: dict[str, list[str]] = {}

    def ordering_for_me(self, queryset: QuerySet[Department], name: str, value: bool) -> QuerySet[Department]:
        """Those that the person orders for."""
        department_ids = Department.objects.ordering_for(person(self.request)).order_by().values("pk")
        return queryset.filter(pk__in=department_ids) if value else queryset.exclude(pk__in=department_ids)


class DepartmentResource(ListModelMixin, RetrieveModelMixin, Resource[Department]):
    """Departments and their delivery places."""

    serializer_class = DepartmentSerializer
    queryset = Department.objects.select_related("administration", "activity").prefetch_related(
        "delivery_places"
    )
    filterset_class = DepartmentFilter
    list_ordering = ("cost_center",)
    lookup_field = "cost_center"
    lookup_url_kwarg = "code"
    lookup_value_regex = "[^/]+"


class AccountingCodeFilter(filters.FilterSet):  # type: ignore[misc]
    """Which codes are listed."""

    class Meta:
        model = AccountingCode
        fields = ["dimension", "code"]


class AccountingCodeResource(ListModelMixin, Resource[AccountingCode]):
    """Codes of the coding string."""

    serializer_class = AccountingCodeSerializer
    queryset = AccountingCode.objects.all()
    filterset_class = AccountingCodeFilter


class ApiTokenResource(ListModelMixin, RetrieveModelMixin, Resource[ApiToken]):
    """A person's own keys."""

    serializer_class = ApiTokenSerializer
    queryset = ApiToken.objects.none()
    scopes = {"revoke": KeyScope.READ}
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[ApiToken]:
        """Her own."""
        return ApiToken.objects.visible_to(person(self.request))

    @extend_schema(request=ApiTokenInput, responses={201: NewApiTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a key; its text is shown this once. Only in the browser, not with another key."""
        if request.auth is not None:
            raise api_tokens.OnlyInTheBrowser
        me = person(request)
        token, text = api_tokens.create_token(
            user=me,
            **self.given(ApiTokenInput),
            by=me,
            at=timezone.now(),
            has_second_factor=is_strong(request._request, me),
        )
        data = {**represent(ApiTokenSerializer, token), "token": text}
        return Response(data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Make a key worthless at once. A key revokes itself only; the others are revoked in the browser."""
        key = request.auth if isinstance(request.auth, ApiToken) else None
        api_tokens.revoke_token(token=self.get_object(), by=person(request), at=timezone.now(), key=key)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PeriodSerializer(serializers.Serializer[Any]):
    """A first and a last day, both included."""

    first_date = serializers.DateField()
    last_date = serializers.DateField(allow_null=True)


class PeriodInput(serializers.Serializer[Any]):
    """A first and a last day, both included."""

    first_date = DayField()
    last_date = DayField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse days in the wrong order, or long gone."""
        if attrs["last_date"] < attrs["first_date"]:
            raise serializers.ValidationError({"last_date": _("Sista dagen är före den första")})
        if attrs["last_date"] < timezone.localdate():
            raise serializers.ValidationError({"last_date": _("Perioden har redan varit")})
        if (attrs["last_date"] - attrs["first_date"]).days > LONGEST_PERIOD_DAYS:
            raise serializers.ValidationError({"last_date": _("Perioden kan vara högst två år")})
        return attrs


def period_of(data: dict[str, Any]) -> DateRange:
    """The days as a range whose upper end is left out."""
    return DateRange(data["first_date"], data["last_date"] + timedelta(days=1))


def days_of(period: DateRange) -> dict[str, Any]:
    """A range as its first and last day."""
    last = period.upper - timedelta(days=1) if period.upper else None
    data: dict[str, Any] = represent(PeriodSerializer, {"first_date": period.lower, "last_date": last})
    return data
