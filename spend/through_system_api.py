"""The API of how much of what each administration buys comes through the system."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import AmountField, DayField, ExactField, Resource
from core.representation import FastSerializer, represent
from core.verdicts import require
from governance import permissions
from organizations.api import person
from organizations.models import Administration
from reporting.periods import a_year_before
from spend.through_system import ShareThroughSystem, ThroughSystem, through_system


class SharePeriodInput(serializers.Serializer[Any]):
    """The days that are asked about; the last twelve months where nothing is said."""

    first_date = DayField(required=False)
    last_date = DayField(required=False)


@dataclass(frozen=True, slots=True)
class AdministrationShare:
    """An administration with its share; None is not known."""

    administration: Administration
    share: ShareThroughSystem | None


@dataclass(frozen=True, slots=True)
class SharesOfPeriod:
    """The shares of a period, administration by administration."""

    first: date
    last: date
    flow: ThroughSystem
    administrations: tuple[AdministrationShare, ...]


class AdministrationShareSerializer(FastSerializer[AdministrationShare]):
    """
    What an administration bought, SEK excluding VAT, and how many per cent of it came through the system.

    All are null where nothing is known of it; the share alone where more has been received than is booked yet.
    """

    administration = serializers.CharField(source="administration.code")
    name = serializers.CharField(source="administration.name")
    here = AmountField(source="share.here", allow_null=True)
    beside = AmountField(source="share.beside", allow_null=True)
    percent = ExactField(source="share.percent", max_digits=4, decimal_places=1, allow_null=True)


class SharesSerializer(FastSerializer[SharesOfPeriod]):
    """
    How much of what each administration buys comes by orders of the system.

    Of what the ledger has booked as purchases, in the months of which it has rows; without a ledger of the time (null) of what was
    delivered. ``unplaced`` is booked on cost centres that are in no register.
    """

    first_date = serializers.DateField(source="first")
    last_date = serializers.DateField(source="last")
    ledger = serializers.CharField(source="flow.ledger.source", allow_null=True)
    missing_months = serializers.ListField(source="flow.missing_months", child=serializers.DateField())
    unplaced = AmountField(source="flow.unplaced")
    administrations = AdministrationShareSerializer(many=True)


class ShareThroughSystemResource(Resource[Any]):
    """How much of what each administration buys comes through the system, for those who may read the implementation plan."""

    serializer_class = SharesSerializer
    queryset = Administration.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        parameters=[SharePeriodInput],
        responses=forced_singular_serializer(SharesSerializer),  # type: ignore[no-untyped-call]
    )
    def list(self, request: Request) -> Response:
        """Read the shares of a period."""
        at = timezone.now()
        require(permissions.can_follow_up(person(request), at=at))
        period = SharePeriodInput(data=request.query_params)
        period.is_valid(raise_exception=True)
        last = period.validated_data.get("last_date", timezone.localdate(at))
        first = period.validated_data.get("first_date", a_year_before(last))
        return Response(represent(SharesSerializer, _shares(first, last)))


def _shares(first: date, last: date) -> SharesOfPeriod:
    flow = through_system(since=first, through=last)
    return SharesOfPeriod(first, last, flow, tuple(_administrations(flow, last)))


def _administrations(flow: ThroughSystem, day: date) -> Iterator[AdministrationShare]:
    """Those that are open, and those that have bought something, by code."""
    for administration in Administration.objects.order_by("code", "pk"):
        share = flow.shares.get(administration.pk)
        if share is not None or administration.is_open_on(day):
            yield AdministrationShare(administration, share)
