"""What the board has asked for: read it, and note down how it is answered."""

from collections.abc import Callable
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
from governance.models import BoardAssignment
from governance.operations import assignments
from governance.states import AssignmentStatus
from organizations.api import PersonSerializer, person

Shape = type[serializers.Serializer[Any]]


class BoardAssignmentSerializer(FastSerializer[BoardAssignment]):
    """What the board asked for, and by what it is answered."""

    id = serializers.IntegerField()
    paragraph = serializers.CharField()
    body = serializers.CharField()
    meeting_date = serializers.DateField()
    diary_number = serializers.CharField()
    text = serializers.CharField()
    due_date = serializers.DateField()
    responsible = PersonSerializer()
    status = serializers.ChoiceField(choices=AssignmentStatus.choices)
    report_diary_number = serializers.CharField()
    reported_date = serializers.DateField(allow_null=True)
    closed_date = serializers.DateField(allow_null=True)
    closing_paragraph = serializers.CharField()


class ReportedInput(serializers.Serializer[Any]):
    """By which report it is answered, and when that was handed over."""

    diary_number = serializers.CharField(max_length=30)
    day = DayField()


class ClosedInput(serializers.Serializer[Any]):
    """By which paragraph of its minutes the board found it answered, and when."""

    paragraph = serializers.CharField(max_length=12)
    day = DayField()


class BoardAssignmentResource(ListModelMixin, RetrieveModelMixin, Resource[BoardAssignment]):
    """What the board has asked for, due first. An assignment is registered in ``registers/board_assignments``."""

    serializer_class = BoardAssignmentSerializer
    queryset = BoardAssignment.objects.none()
    list_ordering = ("due_date", "pk")
    lookup_value_regex = "[0-9]+"
    filterset_fields = ["status"]

    def get_queryset(self) -> QuerySet[BoardAssignment]:
        """All for who sees the region; for others those that they answer for."""
        return BoardAssignment.objects.visible_to(person(self.request), timezone.localdate()).for_display()

    @extend_schema(request=ReportedInput, responses=BoardAssignmentSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: str) -> Response:
        """Say by which report it is answered."""
        return self._act(assignments.report_assignment, ReportedInput)

    @extend_schema(request=ClosedInput, responses=BoardAssignmentSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Note down that the board found it answered."""
        return self._act(assignments.close_assignment, ClosedInput)

    def _act(self, operation: Callable[..., BoardAssignment], shape: Shape) -> Response:
        assignment = self.get_object()
        operation(assignment=assignment, **self.given(shape), by=person(self.request), at=timezone.now())
        return Response(represent(BoardAssignmentSerializer, self.get_object()))
