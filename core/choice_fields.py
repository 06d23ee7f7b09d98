"""A form's field for one of many rows: chosen in a list while they are few, typed by key or name when they are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Model, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains, Exact
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.forms import SuggestingInput
from core.ordering import folded, folding

MOST_CHOICES = 100
"""So many are chosen among in a list; of more the key or the name is typed."""
MOST_TYPED = 254
MOST_WORDS = 6
MOST_LINES = 100
MOST_NAMED = 8
"""So many are named when several bear the name that was typed."""

WHICH = _("”%(typed)s” stämmer på flera. Välj en av dem, eller skriv mer av namnet.")
TOO_MANY = _("Skriv högst %(most)s rader.")
SEVERAL = _("”%(typed)s” stämmer på flera: %(found)s. Skriv det som står inom parentes.")


class OneOfMany(forms.ModelChoiceField):  # type: ignore[type-arg]
    """
    One row of many, by its key; where the rows are many, also by its name or the beginnings of the words in it.

    Each kind of thing says how it is known; the form says which rows by ``offer``.
    """

    key = ""
    """The field by which a row is known, alone."""
    named_by: Sequence[str] = ("name",)
    """The fields that make up its name."""
    typed_hint: str | Promise = ""
    """What is typed, where the rows are many."""
    unknown: str | Promise = ""
    """The sentence when no row is ``%(typed)s``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, to_field_name=self.key, **kwargs)

    def offer(self, rows: QuerySet[Any, Any], *, nearest: QuerySet[Any, Any] | None = None) -> None:
        """
        Let one of these be chosen, in their order.

        :param nearest: those that the browser suggests while a name is typed.
        """
        self.queryset = rows
        few = list(rows[: MOST_CHOICES + 1])  # read here, so that the list is drawn of them
        if len(few) <= MOST_CHOICES:
            self.widget.choices = [*self._empty_choices(), *((self._key(each), str(each)) for each in few)]
            return
        suggested = nearest[:MOST_CHOICES] if nearest is not None else ()
        self.help_text = str(self.typed_hint)
        self.widget = self._text_widget([(self._key(each), str(each)) for each in suggested])
        self.widget.is_required = self.required

    def _empty_choices(self) -> list[tuple[str, Any]]:
        return [("", self.empty_label or "")]

    def _text_widget(self, suggestions: list[tuple[str, str]]) -> forms.Widget:
        widget = SuggestingInput(suggestions)
        widget.attrs["maxlength"] = str(MOST_TYPED)
        return widget

    def to_python(self, value: Any) -> Any:
        """
        Find the row.

        :raises ValidationError: none is so called, or several are.
        """
        text = " ".join(str(value or "").split())
        if not text:
            return None
        rows = self._rows_named(text)
        if len(rows) > 1:
            raise self._ambiguity_error(text, rows)
        return rows[0]

    def _ambiguity_error(self, text: str, rows: list[Model]) -> ValidationError:
        """Ask which of them is meant, and let it be chosen beside what was typed."""
        if isinstance(self.widget, SuggestingInput):
            self.widget.alternatives = [(self._key(each), str(each)) for each in rows]
        return ValidationError(WHICH, code="several", params={"typed": text})

    def _rows_named(self, text: str) -> list[Model]:
        """
        Those that are so called.

        :raises ValidationError: none is.
        """
        rows = self._search(text) if len(text) <= MOST_TYPED and "\x00" not in text else []
        if not rows:
            raise ValidationError(
                str(self.unknown), code="invalid_choice", params={"typed": text[:MOST_TYPED]}
            )
        return rows

    def _search(self, text: str) -> list[Model]:
        """Those of the key, else of the whole name, else of names whose words begin so; no more than are named."""
        rows = self.queryset
        assert rows is not None  # noqa: S101, the form has offered them
        by_key = list(rows.filter(**{f"{self.key}__iexact": text})[:1])
        if by_key:
            return by_key
        parts = [part for name in self.named_by for part in (Value(" "), F(name))]
        whole = folding(Concat(*parts, output_field=TextField()))
        called = rows.alias(called=whole)
        exact = list(called.filter(Exact(F("called"), f" {folded(text)}"))[:MOST_NAMED])
        if exact:
            return exact
        for word in folded(text).split()[:MOST_WORDS]:
            called = called.filter(Contains(F("called"), f" {word}"))
        return list(called[:MOST_NAMED])

    def _key(self, row: Model) -> str:
        return str(getattr(row, self.key))


class SeveralOfMany(OneOfMany):
    """Several rows of many: ticked while they are few, typed one on each line when they are not."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> Any:
        """
        Find the rows, each once.

        :raises ValidationError: about each line of which none or several are so called; there are more than a person types.
        """
        lines = value.splitlines() if isinstance(value, str) else [str(each) for each in value or ()]
        if len(lines) > MOST_LINES:
            raise ValidationError(TOO_MANY, code="too_many", params={"most": MOST_LINES})
        row_by_pk: dict[Any, Model] = {}
        errors = []
        for line in lines:
            try:
                row = super().to_python(line)
            except ValidationError as error:
                errors.append(error)
            else:
                row_by_pk |= {row.pk: row} if row is not None else {}
        if errors:
            raise ValidationError(errors)
        return list(row_by_pk.values())

    def _ambiguity_error(self, text: str, rows: list[Model]) -> ValidationError:
        names = ", ".join(f"{each} ({self._key(each)})" for each in rows)
        return ValidationError(SEVERAL, code="several", params={"typed": text, "found": names})

    def _empty_choices(self) -> list[tuple[str, Any]]:
        return []

    def _text_widget(self, suggestions: list[tuple[str, str]]) -> forms.Widget:
        return forms.Textarea(
            attrs={"rows": 4, "maxlength": str(MOST_LINES * MOST_TYPED), "autocomplete": "off"}
        )
