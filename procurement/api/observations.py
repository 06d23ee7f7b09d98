"""Questions about purchases that are made: read those of a period, answer one."""

from typing import Any

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.models import ThresholdKind
from core.api import AmountField, DayField, Resource
from core.representation import FastSerializer, represent
from core.verdicts import require
from organizations.api import PersonSerializer, person
from procurement import permissions
from procurement.forms import LONGEST_REASON
from procurement.models import ObservationAnswer, ObservationKind, ObservationOutcome
from procurement.observing.asking import AskedQuestion, UncoveredDays, questions_in, unasked_in
from procurement.observing.measures import measures_in
from procurement.observing.observation import ObservedPeriod
from procurement.operations.observations import answer_observation


class ObservedPeriodInput(serializers.Serializer[Any]):
    """The days that are asked about; the last twelve months where nothing is said."""

    first_date = DayField(required=False)
    last_date = DayField(required=False)


class ObservationAnswerInput(ObservedPeriodInput):
    """What was found out about a question of a period; ``digest`` is the question's, and says which lines it was about."""

    key = serializers.CharField(max_length=100)
    digest = serializers.CharField(max_length=64)
    outcome = serializers.ChoiceField(choices=ObservationOutcome.choices)
    text = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True)


class ObservationAnswerSerializer(FastSerializer[ObservationAnswer]):
    """What was found out."""

    id = serializers.IntegerField()
    sentence = serializers.CharField()
    """What the question said then, in Swedish."""
    outcome = serializers.ChoiceField(choices=ObservationOutcome.choices)
    text = serializers.CharField()
    answered_by = PersonSerializer()
    answered_at = serializers.DateTimeField()


class ObservationSerializer(FastSerializer[AskedQuestion]):
    """One question; SEK excluding VAT."""

    key = serializers.CharField(source="observation.key")
    kind = serializers.ChoiceField(source="observation.kind", choices=ObservationKind.choices)
    sentence = serializers.CharField(source="observation.sentence")
    question = serializers.CharField(source="observation.question")
    rule = serializers.CharField(source="observation.rule")
    names = serializers.ListField(source="observation.names", child=serializers.CharField())
    amount = AmountField(source="observation.amount")
    lines = serializers.ListField(source="observation.lines", child=serializers.IntegerField())
    digest = serializers.CharField(source="observation.digest")
    is_answered = serializers.BooleanField()
    answers = ObservationAnswerSerializer(many=True)


class UnaskedSerializer(FastSerializer[UncoveredDays]):
    """Days about which no question of a kind is asked, since the register of thresholds had no value for them."""

    kind = serializers.ChoiceField(choices=ObservationKind.choices)
    first_date = serializers.DateField(source="gap.first")
    last_date = serializers.DateField(source="gap.last")
    missing = serializers.ListField(
        source="gap.missing", child=serializers.ChoiceField(choices=ThresholdKind.choices)
    )
    sentence = serializers.CharField(source="gap.sentence")


class AskedSerializer(serializers.Serializer[Any]):
    """The questions of a period, and the days of it that they are not about."""

    questions = ObservationSerializer(many=True)
    unasked = UnaskedSerializer(many=True)


class ObservationResource(Resource[Any]):
    """What follow-up asks about purchases; there is most often a good explanation."""

    serializer_class = ObservationSerializer
    queryset = ObservationAnswer.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        parameters=[ObservedPeriodInput],
        responses=forced_singular_serializer(AskedSerializer),  # type: ignore[no-untyped-call]
    )
    def list(self, request: Request) -> Response:
        """Read the questions of a period with their answers, those without first."""
        at = timezone.now()
        require(permissions.can_read_observations(person(request), at=at))
        period = ObservedPeriodInput(data=request.query_params)
        period.is_valid(raise_exception=True)
        measures = measures_in(_period(period.validated_data))
        return Response(
            {
                "questions": [represent(ObservationSerializer, each) for each in questions_in(measures)],
                "unasked": [represent(UnaskedSerializer, each) for each in unasked_in(measures)],
            }
        )

    @extend_schema(request=ObservationAnswerInput, responses={201: ObservationAnswerSerializer})
    @action(detail=False, methods=["post"])
    def answer(self, request: Request) -> Response:
        """Answer a question; an answer is never changed."""
        data = self.given(ObservationAnswerInput)
        answer = answer_observation(
            key=data["key"],
            period=_period(data),
            digest=data["digest"],
            outcome=ObservationOutcome(data["outcome"]),
            text=data["text"],
            by=person(request),
            at=timezone.now(),
        )
        return Response(represent(ObservationAnswerSerializer, answer), status=status.HTTP_201_CREATED)


def _period(data: dict[str, Any]) -> ObservedPeriod:
    """The days that are named; what is not named is as for the last twelve months."""
    default = ObservedPeriod.until(timezone.localdate())
    return ObservedPeriod(data.get("first_date", default.first), data.get("last_date", default.last))
