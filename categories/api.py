"""The API of categories: the tree."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from categories.models import Category, CategoryKind
from core.api import Resource


class CategoryNameSerializer(serializers.Serializer[Category]):
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
