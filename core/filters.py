"""How lists of the API are narrowed: by the filters that the resource has, and by no other."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

PAGING = frozenset({"cursor", "page_size"})


def require_known(names: Iterable[str], *filters: Iterable[str]) -> None:
    """
    Let a list be narrowed by filters that it has.

    :raises ValidationError: it has no such filter.
    """
    allowed = PAGING.union(*filters)
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise ValidationError({name: [_("Filtret finns inte.")] for name in unknown})


class KnownFilters(DjangoFilterBackend):  # type: ignore[misc]
    """Refuse a filter that the list does not have: one that is misspelt would give everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """
        Narrow the list.

        :raises ValidationError: it has no such filter, or not such a value.
        """
        shape = self.get_filterset_class(view, queryset)
        require_known(request.query_params, shape.base_filters if shape else ())
        return super().filter_queryset(request, queryset, view)
