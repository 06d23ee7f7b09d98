"""Forms of registers: one row, when it ends, and what a list shows; drawn from the declared columns."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import reader
from core.errors import DomainError
from core.forms import TWO_READINGS, DayInput, SuggestingInput
from core.languages import current_language
from registers.kinds import Address, Choice, Conventions, Day, First, Flag, Last, Number, Reference, Text
from registers.listing import LONGEST_SEARCH, Selection, is_filterable
from registers.operations.rows import RowRefused
from registers.references import choices_of
from registers.register import BoundColumn, Register, register_of
from registers.unreadable import AmbiguousDay, AmbiguousNumber, Unreadable, ValueMissing

LONGEST_CELL = 20_000
LONG_TEXT = 250


class RowForm(forms.Form):
    """
    A row of a register, or some columns of one.

    What is typed is read by the columns themselves. ``cells`` are the columns that say something else than the person
    saw when she opened the form, as plain text, so that what somebody else has changed meanwhile is left as it is.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        columns: Iterable[BoundColumn],
        current: Mapping[str, str] | None = None,
    ) -> None:
        self.columns = list(columns)
        self.current = current
        super().__init__(data)
        for column in self.columns:
            text = column.default if current is None else current[column.name]
            self.fields[column.name] = field_of(column)
            self.initial[column.name] = as_typed(column, text)
            if current is None and isinstance(column.kind, First) and not column.is_required:
                self.fields[column.name].help_text = str(column.note) or _("Tomt är i dag.")
            _keep_choice(self.fields[column.name].widget, text)
        if current is not None:
            self.initial["seen"] = json.dumps({column.name: current[column.name] for column in self.columns})
        self.plain: dict[str, str] = {}

    def clean(self) -> dict[str, Any]:
        """Read each column."""
        decimal_sign = "." if current_language().startswith("en") else ""
        for column in self.columns:
            try:
                self.plain[column.name] = column.plain(
                    self.cleaned_data.get(column.name), Conventions(decimal_sign)
                )
            except Unreadable as refusal:
                self.add_error(column.name, _sentence(refusal))
        return self.cleaned_data

    @property
    def rows(self) -> list[forms.BoundField]:
        """The fields of the columns, in their order."""
        return [self[column.name] for column in self.columns]

    @property
    def seen_values(self) -> Mapping[str, str]:
        """What the row said when the form was opened."""
        try:
            values = json.loads(self.cleaned_data.get("seen") or "{}")
        except ValueError:
            return {}
        return {str(name): str(text) for name, text in values.items()} if isinstance(values, dict) else {}

    @property
    def cells(self) -> dict[str, str]:
        """What the person has written, and of a row that was there before, what she has changed."""
        old_values = self.seen_values if self.current is not None else {}
        return {name: text for name, text in self.plain.items() if old_values.get(name) != text}

    def refuse(self, refusal: DomainError) -> None:
        """Say beside each column why it is refused, or on top when it is not about one of them."""
        if not isinstance(refusal, RowRefused):
            self.add_error(None, str(refusal))
            return
        for name, sentence in refusal.by_column.items():
            self.add_error(name if name in self.fields else None, _sentence(sentence))


class ListForm(forms.Form):
    """What a list of a register shows."""

    hides_optional = True

    q = forms.CharField(required=False, max_length=LONGEST_SEARCH, label=gettext_lazy("Sök"))

    def __init__(self, selection: Selection) -> None:
        super().__init__(initial={"q": selection.words, **selection.chosen})
        register = selection.register
        if not register.searched:
            del self.fields["q"]
        for name in register.filtered:
            if is_filterable(register.bound[name]):
                self.fields[name] = filter_of(register.bound[name])


def field_of(column: BoundColumn) -> forms.Field:
    """The field of a column. It only hands on what is typed: the column reads it."""
    kind = column.kind
    shared: dict[str, Any] = {
        "label": str(column.heading),
        "help_text": str(column.note),
    }
    if isinstance(kind, Flag):
        return forms.BooleanField(**shared, required=False)
    shared |= {
        "max_length": LONGEST_CELL,
        "required": column.is_required,
        "error_messages": {"required": str(ValueMissing(column=column.heading))},
    }
    if isinstance(kind, Choice):
        choices = [("", "") if not column.is_required else ("", _("Välj")), *kind.labels.items()]
        field: forms.Field = forms.CharField(**shared, widget=forms.Select(choices=choices))
    elif isinstance(kind, Reference):
        field = forms.CharField(**shared, widget=_reference_widget(kind, is_required=column.is_required))
        field.help_text = str(column.note) or _hint(kind, field.widget)
    elif isinstance(kind, Day):
        field = forms.CharField(**shared, widget=DayInput)
        if isinstance(kind, Last) and not column.note:
            field.help_text = _("Tomt är tills vidare.")
    elif isinstance(kind, Number):
        field = forms.CharField(**shared, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    elif isinstance(kind, Address):
        field = forms.CharField(**shared, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    elif isinstance(kind, Text) and (kind.most is None or kind.most > LONG_TEXT):
        field = forms.CharField(**shared, widget=forms.Textarea(attrs={"rows": 3}))
    else:
        field = forms.CharField(**shared, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    return field


def filter_of(column: BoundColumn) -> forms.Field:
    """The field by which a list is narrowed to what has the same in a column."""
    kind = column.kind
    every = ("", _("Alla"))
    if isinstance(kind, Reference):
        choices = choices_of(kind)
        if choices.are_few:
            return forms.ChoiceField(
                required=False, label=str(column.heading), choices=[every, *choices.keys]
            )
        return forms.CharField(
            required=False, label=str(column.heading), widget=SuggestingInput(choices.keys)
        )
    if isinstance(kind, Choice):
        return forms.ChoiceField(
            required=False,
            label=str(column.heading),
            choices=[every, *((v, str(w)) for v, w in kind.labels.items())],
        )
    return forms.ChoiceField(
        required=False, label=str(column.heading), choices=[every, ("true", _("Ja")), ("false", _("Nej"))]
    )


def as_typed(column: BoundColumn, text: str) -> str | bool:
    """Write plain text as the reader types it."""
    if isinstance(column.kind, Flag):
        return text == "true"
    if isinstance(column.kind, Number) and text:
        return reader.typed(Decimal(text))
    return text


def columns_to_fill(register: Register, *, is_new: bool) -> Sequence[BoundColumn]:
    """The columns that a person fills in: some are said of new rows only."""
    return [column for column in register.bound.values() if is_new or not column.is_opening]


def _keep_choice(widget: forms.Widget, text: str) -> None:
    """Let what a row says be chosen again, though it cannot be chosen anew."""
    if isinstance(widget, forms.Select) and text not in {str(value) for value, _label in widget.choices}:
        widget.choices = [*widget.choices, (text, text)]


def _reference_widget(kind: Reference, *, is_required: bool) -> forms.Widget:
    choices = choices_of(kind)
    if not choices.are_few:
        return SuggestingInput(choices.keys)
    return forms.Select(choices=[("", _("Välj") if is_required else ""), *choices.keys])


def _hint(kind: Reference, widget: forms.Widget) -> str:
    target = register_of(kind.model)
    if target is None or not isinstance(widget, SuggestingInput):
        return ""
    key = next((str(each.heading) for each in target.bound.values() if each.field == kind.by), "")
    return _("%(key)s, som i registret %(register)s.") % {"key": key, "register": target.title}


def _sentence(refusal: DomainError) -> Any:
    """Why a column is refused, to somebody who types and does not hand in a file."""
    if isinstance(refusal, AmbiguousNumber):
        facts = refusal.facts
        return TWO_READINGS % {
            "typed": facts["value"],
            "thousands": facts["thousands"],
            "decimals": facts["decimals"],
        }
    if isinstance(refusal, AmbiguousDay):
        return _("Skriv datumet så här: 2021-05-25")
    return str(refusal)
