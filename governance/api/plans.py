"""What implementation plans say is to be done: read it, and note down what is done."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import DayField, Resource
from core.representation import FastSerializer, represent
from core.verdicts import require
from governance import permissions
from governance.models import Onboarding, PlannedActivity
from governance.operations import plans
from organizations.api import PersonSerializer, person


class DoneInput(serializers.Serializer[Any]):
    """Since when it is done."""

    day = DayField()


class PlannedActivitySerializer(FastSerializer[PlannedActivity]):
    """An activity or a milestone of a plan."""

    id = serializers.IntegerField()
    plan = serializers.CharField(source="plan.code")
    number = serializers.IntegerField()
    text = serializers.CharField()
    is_milestone = serializers.BooleanField()
    responsible = PersonSerializer()
    start_date = serializers.DateField()
    end_date = serializers.DateField()
    done_date = serializers.DateField(allow_null=True)


class PlannedActivityResource(ListModelMixin, RetrieveModelMixin, Resource[PlannedActivity]):
    """What implementation plans say is to be done. The plan is registered in ``registers/planned_activities``."""

    serializer_class = PlannedActivitySerializer
    queryset = PlannedActivity.objects.none()
    list_ordering = ("plan", "number", "pk")
    lookup_value_regex = "[0-9]+"
    filter_backends = ()

    def get_queryset(self) -> QuerySet[PlannedActivity]:
        """All of them, for who may read the plan."""
        require(permissions.can_follow_up(person(self.request), at=timezone.now()))
        return PlannedActivity.objects.for_display()

    @extend_schema(request=DoneInput, responses=PlannedActivitySerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Say since when it is done."""
        plans.finish_activity(
            activity=self.get_object(), **self.given(DoneInput), by=person(request), at=timezone.now()
        )
        return Response(represent(PlannedActivitySerializer, self.get_object()))


class OnboardingSerializer(FastSerializer[Onboarding]):
    """When an administration is to come in, and when it did."""

    id = serializers.IntegerField()
    plan = serializers.CharField(source="plan.code")
    administration = serializers.CharField(source="administration.code")
    planned_date = serializers.DateField()
    done_date = serializers.DateField(allow_null=True)


class OnboardingResource(ListModelMixin, RetrieveModelMixin, Resource[Onboarding]):
    """How the administrations come into the purchasing organisation."""

    serializer_class = OnboardingSerializer
    queryset = Onboarding.objects.none()
    list_ordering = ("planned_date", "pk")
    lookup_value_regex = "[0-9]+"
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Onboarding]:
        """All of them, for who may read the plan."""
        require(permissions.can_follow_up(person(self.request), at=timezone.now()))
        return Onboarding.objects.for_display()

    @extend_schema(request=DoneInput, responses=OnboardingSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Say since when the administration is in."""
        plans.finish_onboarding(
            onboarding=self.get_object(), **self.given(DoneInput), by=person(request), at=timezone.now()
        )
        return Response(represent(OnboardingSerializer, self.get_object()))
