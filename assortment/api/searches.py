"""Searches that found nothing: read and answer them."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from assortment.models import MissedIn, MissedSearch, ProposalKind
from assortment.operations import searches
from assortment.operations.proposals import Wish
from assortment.states import SearchStatus
from categories.api import CategoryNameSerializer
from categories.models import Category
from core.api import Named, Resource
from core.representation import represent
from organizations.api import person


class PlaceSerializer(serializers.Serializer[MissedIn]):
    """How many times in a department."""

    department = serializers.CharField(source="department.cost_center")
    times = serializers.IntegerField()


class SearchSerializer(serializers.Serializer[MissedSearch]):
    """Words that found nothing, or only what is spelled alike; who searched is not kept."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    is_similar = serializers.BooleanField()
    times = serializers.IntegerField()
    people = serializers.IntegerField()
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    category = CategoryNameSerializer(allow_null=True)
    status = serializers.ChoiceField(choices=SearchStatus.choices)
    synonym = serializers.CharField()
    proposal = serializers.IntegerField(source="proposal_id", allow_null=True)
    departments = PlaceSerializer(source="places.all", many=True)


class SynonymInput(serializers.Serializer[Any]):
    """The word that was searched for, and the word that the assortment uses."""

    term = serializers.CharField(max_length=60)
    means = serializers.CharField(max_length=60)


class TakeInput(serializers.Serializer[Any]):
    """Where it belongs."""

    category = Named(queryset=Category.objects.open(), slug_field="code")


class SearchWishInput(serializers.Serializer[Any]):
    """What is to be proposed."""

    title = serializers.CharField(max_length=200)
    reason = serializers.CharField(max_length=2000, help_text=_("Varför det ska tas in."))


class SearchResource(ListModelMixin, RetrieveModelMixin, Resource[MissedSearch]):
    """Searches that found nothing, in the categories that the person answers for."""

    serializer_class = SearchSerializer
    queryset = MissedSearch.objects.none()
    list_ordering = ("-people", "-pk")
    lookup_value_regex = "[0-9]+"
    filterset_fields = ["status"]

    def get_queryset(self) -> QuerySet[MissedSearch]:
        """Those of her categories and those without any; all for those who see the region."""
        visible_searches = MissedSearch.objects.visible_to(person(self.request))
        return visible_searches.select_related("category").prefetch_related("places__department")

    @extend_schema(request=SynonymInput, responses=SearchSerializer)
    @action(detail=True, methods=["post"])
    def synonym(self, request: Request, pk: str) -> Response:
        """Answer with a synonym."""
        return self._act(searches.answer_with_synonym, SynonymInput)

    @extend_schema(request=TakeInput, responses=SearchSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        """Give the search to a category."""
        return self._act(searches.take_search, TakeInput)

    @extend_schema(request=SearchWishInput, responses=SearchSerializer)
    @action(detail=True, methods=["post"])
    def propose(self, request: Request, pk: str) -> Response:
        """Make a proposal of the search; another person decides it."""
        search = self.get_object()
        wish = Wish(kind=ProposalKind.ITEM, category=search.category, **self.given(SearchWishInput))
        searches.answer_with_proposal(
            search=search, wish=wish, department=None, by=person(request), at=timezone.now()
        )
        return Response(represent(SearchSerializer, self.get_object()))

    @extend_schema(request=None, responses=SearchSerializer)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Leave the search as it is."""
        return self._act(searches.dismiss_search)

    def _act(self, act: Any, shape: type[serializers.Serializer[Any]] | None = None) -> Response:
        search = self.get_object()
        data = self.given(shape) if shape else {}
        act(search=search, **data, by=person(self.request), at=timezone.now())
        return Response(represent(SearchSerializer, self.get_object()))
