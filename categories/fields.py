"""Choose a category in a form: the leaves under the names of their roots, so that sixty can be read."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from categories.models import Category


class _ByRoot(ModelChoiceIterator[Category]):
    """The choices in groups; a category without anything above it stands by itself."""

    def __iter__(self) -> Iterator[Any]:
        """Give the empty choice, and then a group for each root in tree order."""
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        categories = list(self.queryset)
        roots = Category.objects.in_bulk({each.lineage[0] for each in categories})
        for root, group in groupby(categories, key=lambda each: each.lineage[0]):
            within = list(group)
            choices = [self.choice(each) for each in within]
            yield choices[0] if within[0].pk == root else (str(roots[root]), choices)


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the categories in which things are bought."""

    iterator = _ByRoot
