"""What audits have recommended: read it, and take its steps."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Chosen, DayField, Resource
from core.representation import FastSerializer, represent
from governance.models import Guideline, Indicator, Recommendation, RecommendationStep
from governance.operations import recommendations
from governance.operations.recommendations import LONGEST_WORDS
from governance.states import RecommendationStatus
from organizations.api import PersonSerializer, person
from organizations.models import User

Shape = type[serializers.Serializer[Any]]


class StepSerializer(FastSerializer[RecommendationStep]):
    """One step; never changed."""

    status = serializers.ChoiceField(choices=RecommendationStatus.choices)
    date = serializers.DateField()
    words = serializers.CharField()
    evidence = serializers.CharField()
    by = PersonSerializer()
    recorded_at = serializers.DateTimeField()


class RecommendationSerializer(FastSerializer[Recommendation]):
    """A recommendation of an audit with its history, the first step first."""

    id = serializers.IntegerField()
    audit = serializers.CharField(source="audit.code")
    number = serializers.IntegerField()
    text = serializers.CharField()
    received_date = serializers.DateField()
    status = serializers.ChoiceField(choices=RecommendationStatus.choices)
    indicator = serializers.CharField()
    responsible = PersonSerializer(allow_null=True)
    due_date = serializers.DateField(allow_null=True)
    replaced_by = serializers.IntegerField(source="replaced_by_id", allow_null=True)
    steps = StepSerializer(source="ordered_steps", many=True)


class RecommendationStepInput(serializers.Serializer[Any]):
    """The day, and what is the case."""

    day = DayField()
    words = serializers.CharField(max_length=LONGEST_WORDS)


class PlanInput(RecommendationStepInput):
    """What is to be done, by whom, by when, and which figure shows it."""

    responsible = Chosen(queryset=User.objects.all())
    due_date = DayField()
    indicator = serializers.ChoiceField(
        choices=Indicator.choices, required=False, allow_blank=True, default=""
    )


class CarriedOutInput(RecommendationStepInput):
    """What was done, and what shows it."""

    evidence = serializers.CharField(max_length=LONGEST_WORDS)


class VerificationInput(RecommendationStepInput):
    """What the auditor found, and by what."""

    evidence = serializers.CharField(max_length=LONGEST_WORDS, required=False, allow_blank=True, default="")


class ReplacementInput(RecommendationStepInput):
    """What stands in the place of what was promised."""

    guideline = Chosen(queryset=Guideline.objects.all(), required=False, allow_null=True, default=None)


class RecommendationResource(ListModelMixin, RetrieveModelMixin, Resource[Recommendation]):
    """What audits have recommended, the latest audit first. A recommendation is registered in ``registers/recommendations``."""

    serializer_class = RecommendationSerializer
    queryset = Recommendation.objects.none()
    list_ordering = ("-audit__date", "number", "pk")
    lookup_value_regex = "[0-9]+"
    filterset_fields = ["status", "indicator"]

    def get_queryset(self) -> QuerySet[Recommendation]:
        """All for who sees the region; for others those that they answer for."""
        queryset = Recommendation.objects.visible_to(person(self.request), timezone.localdate()).for_display()
        steps = RecommendationStep.objects.select_related("by").order_by("date", "pk")
        return queryset.prefetch_related(Prefetch("steps", steps, to_attr="ordered_steps"))

    @extend_schema(request=RecommendationStepInput, responses=RecommendationSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Note down what the region answered."""
        return self._act(recommendations.answer_recommendation, RecommendationStepInput)

    @extend_schema(request=PlanInput, responses=RecommendationSerializer)
    @action(detail=True, methods=["post"])
    def plan(self, request: Request, pk: str) -> Response:
        """Say what is to be done about it."""
        return self._act(recommendations.plan_recommendation, PlanInput)

    @extend_schema(request=CarriedOutInput, responses=RecommendationSerializer)
    @action(detail=True, methods=["post"], url_path="carry-out")
    def carry_out(self, request: Request, pk: str) -> Response:
        """Say that what was planned is carried out."""
        return self._act(recommendations.carry_out_recommendation, CarriedOutInput)

    @extend_schema(request=VerificationInput, responses=RecommendationSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """Find, as an auditor, that the recommendation is met."""
        return self._act(recommendations.verify_recommendation, VerificationInput)

    @extend_schema(request=RecommendationStepInput, responses=RecommendationSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Find, as an auditor, that what was carried out does not suffice."""
        return self._act(recommendations.send_back_recommendation, RecommendationStepInput)

    @extend_schema(request=ReplacementInput, responses=RecommendationSerializer)
    @action(detail=True, methods=["post"])
    def replace(self, request: Request, pk: str) -> Response:
        """Say by what the promise is replaced."""
        return self._act(recommendations.replace_recommendation, ReplacementInput)

    def _act(self, operation: Callable[..., Recommendation], shape: Shape) -> Response:
        recommendation = self.get_object()
        operation(
            recommendation=recommendation, **self.given(shape), by=person(self.request), at=timezone.now()
        )
        return Response(represent(RecommendationSerializer, self.get_object()))
