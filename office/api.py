"""The API of the office: a category that is merged into another."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assortment.operations.mergers import merge_categories
from categories.models import Category
from categories.permissions import can_assign_category
from core.api import Named, Resource
from core.telling import written
from core.verdicts import require
from organizations.api import person
from procurement.operations.categories import merging_of_category


class MergerInput(serializers.Serializer[Any]):
    """Which category is merged into which, by their codes."""

    category = Named(queryset=Category.objects.all(), slug_field="code")
    into = Named(queryset=Category.objects.all(), slug_field="code")


class MergerSerializer(serializers.Serializer[Any]):
    """A category that has been merged into another."""

    category = serializers.CharField(source="code")
    into = serializers.CharField(source="merged_into.code")
    closed_date = serializers.DateField()


class MovingSerializer(serializers.Serializer[Any]):
    """What a merger would move, in numbers."""

    items = serializers.IntegerField()
    agreements = serializers.IntegerField()
    lines = serializers.IntegerField()
    children = serializers.IntegerField()
    posts = serializers.IntegerField()


class CategoryMergerResource(Resource[Category]):
    """Categories that are merged."""

    serializer_class = MergerSerializer
    filter_backends = ()
    queryset = None

    @extend_schema(request=MergerInput, responses={201: MergerSerializer})
    def create(self, request: Request) -> Response:
        """Merge a category into another from today on; what has been received keeps its own."""
        merged = merge_categories(**self.given(MergerInput), by=person(request), at=timezone.now())
        return Response(written(MergerSerializer, merged), status=status.HTTP_201_CREATED)

    @extend_schema(request=MergerInput, responses=MovingSerializer)
    @action(detail=False, methods=["post"])
    def preview(self, request: Request) -> Response:
        """Tell what a merger would move, and change nothing."""
        at = timezone.now()
        require(can_assign_category(person(request), at=at))
        moving = merging_of_category(self.given(MergerInput)["category"], day=timezone.localdate(at))
        return Response(asdict(moving))
