"""The guideline in its versions: read it, write the draft, note down that it is adopted."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Chosen, DayField, Resource
from core.representation import FastSerializer, represent
from governance.models import Guideline, Paragraph
from governance.operations import guidelines
from governance.operations.guidelines import LONGEST_TEXT
from governance.states import GuidelineStatus
from organizations.api import person

Shape = type[serializers.Serializer[Any]]


class ParagraphSerializer(FastSerializer[Paragraph]):
    """A paragraph, with the codes of the rules that it stands behind."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    heading = serializers.CharField()
    text = serializers.CharField()
    rules = serializers.ListField(child=serializers.CharField())
    content = serializers.CharField(help_text=_("Det som paragrafen säger, som kontrollsumma (SHA-256)."))


class GuidelineSerializer(serializers.Serializer[Guideline]):
    """A version of the guideline; ``last_date`` is empty while it holds until further notice."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=GuidelineStatus.choices)
    adopted_by = serializers.CharField()
    adopted_date = serializers.DateField(allow_null=True)
    diary_number = serializers.CharField()
    from_date = serializers.DateField(source="valid_during.lower", allow_null=True)
    last_date = serializers.DateField(allow_null=True)
    paragraphs = ParagraphSerializer(source="ordered_paragraphs", many=True)


class TitleInput(serializers.Serializer[Any]):
    """What the guideline is called."""

    title = serializers.CharField(max_length=120)


class ParagraphInput(serializers.Serializer[Any]):
    """What a paragraph says; with ``paragraph`` one of the draft is written anew."""

    paragraph = Chosen(queryset=Paragraph.objects.all(), required=False, allow_null=True)
    content = serializers.CharField(
        max_length=64,
        required=False,
        source="seen",
        help_text=_(
            "Paragrafens ”content” så som den lästes, när en paragraf skrivs om; har någon annan skrivit den sedan dess"
            " skrivs den inte över."
        ),
    )
    number = serializers.CharField(max_length=12)
    heading = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=LONGEST_TEXT)
    rules = serializers.ListField(child=serializers.CharField(max_length=60), required=False, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Who writes a paragraph anew says which content she has read."""
        if attrs.get("paragraph") is not None and "seen" not in attrs:
            raise serializers.ValidationError({"content": self.fields["content"].error_messages["required"]})
        return attrs


class ParagraphChoice(serializers.Serializer[Any]):
    """A paragraph of the draft."""

    paragraph = Chosen(queryset=Paragraph.objects.select_related("guideline"))


class AdoptionInput(serializers.Serializer[Any]):
    """Who has adopted it, when, and from which day it holds."""

    adopted_by = serializers.CharField(max_length=120)
    adopted_date = DayField()
    diary_number = serializers.CharField(max_length=30)
    from_date = DayField()


class GuidelineResource(ListModelMixin, RetrieveModelMixin, Resource[Guideline]):
    """The guideline for purchasing in its versions, the latest first; the draft only for the head of procurement."""

    serializer_class = GuidelineSerializer
    queryset = Guideline.objects.none()
    list_ordering = ("-number",)
    lookup_value_regex = "[0-9]+"
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Guideline]:
        """Those that she may read."""
        return Guideline.objects.visible_to(person(self.request), timezone.localdate()).with_paragraphs()

    @extend_schema(request=TitleInput, responses={201: GuidelineSerializer})
    def create(self, request: Request) -> Response:
        """Begin a draft, from the paragraphs of the latest version."""
        guideline = guidelines.begin_guideline(
            **self.given(TitleInput), by=person(request), at=timezone.now()
        )
        return Response(represent(GuidelineSerializer, guideline), status=status.HTTP_201_CREATED)

    @extend_schema(request=TitleInput, responses=GuidelineSerializer)
    @action(detail=True, methods=["post"])
    def rename(self, request: Request, pk: str) -> Response:
        """Give the draft another title."""
        return self._act(guidelines.rename_guideline, TitleInput)

    @extend_schema(request=ParagraphInput, responses={201: ParagraphSerializer})
    @action(detail=True, methods=["post"], url_path="write-paragraph")
    def write_paragraph(self, request: Request, pk: str) -> Response:
        """Write a paragraph of the draft, or write it anew."""
        paragraph = guidelines.write_paragraph(
            guideline=self.get_object(),
            **self.given(ParagraphInput),
            by=person(request),
            at=timezone.now(),
        )
        return Response(represent(ParagraphSerializer, paragraph), status=status.HTTP_201_CREATED)

    @extend_schema(request=ParagraphChoice, responses={204: None})
    @action(detail=True, methods=["post"], url_path="remove-paragraph")
    def remove_paragraph(self, request: Request, pk: str) -> Response:
        """Take a paragraph out of the draft."""
        self.get_object()
        guidelines.remove_paragraph(**self.given(ParagraphChoice), by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=AdoptionInput, responses=GuidelineSerializer)
    @action(detail=True, methods=["post"])
    def adopt(self, request: Request, pk: str) -> Response:
        """Note down that the draft is adopted; the version before it ends the day before it begins."""
        return self._act(guidelines.adopt_guideline, AdoptionInput)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Throw the draft away."""
        guidelines.discard_guideline(guideline=self.get_object(), by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _act(self, operation: Callable[..., Guideline], shape: Shape) -> Response:
        guideline = self.get_object()
        operation(guideline=guideline, **self.given(shape), by=person(self.request), at=timezone.now())
        return Response(represent(GuidelineSerializer, self.get_object()))
