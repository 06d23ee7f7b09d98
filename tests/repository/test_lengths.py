"""Every text that people and programs send has a length, and what is too long is refused in words."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.urls import get_resolver
from rest_framework import serializers

NEVER_SENT = {"GalleryForm", "BadInput"}
"""What is only drawn or only answered."""


def subclasses(base: type[Any]) -> Iterator[type[Any]]:
    """Every kind of it in the program, by loading all that its addresses lead to."""
    assert get_resolver().url_patterns
    for each in base.__subclasses__():
        yield each
        yield from subclasses(each)


def is_ours(kind: type[Any]) -> bool:
    return kind.__module__.partition(".")[0] in {
        "agreements", "assortment", "catalog", "categories", "core", "desk", "history", "organizations", "procurement",
        "reporting", "shop", "spend",
    }  # fmt: skip


def test_every_text_of_a_form_has_a_length() -> None:
    endless = [
        f"{form.__name__}.{name}"
        for form in {each for each in subclasses(forms.BaseForm) if is_ours(each)}
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField)
        and not isinstance(field, forms.UUIDField)
        and not field.max_length
        # The sign-in page takes its lengths from the account when it is made.
        and form.__name__ not in NEVER_SENT | {"SignInForm"}
    ]
    assert endless == []


def test_every_text_of_an_input_has_a_length() -> None:
    endless = [
        f"{shape.__name__}.{name}"
        for shape in {each for each in subclasses(serializers.Serializer) if is_ours(each)}
        if shape.__name__.endswith("Input") and shape.__name__ not in NEVER_SENT
        for name, field in shape._declared_fields.items()
        if isinstance(field, serializers.CharField) and not field.max_length and not field.read_only
    ]
    assert endless == []
