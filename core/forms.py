"""
How forms look and what they understand: the project's renderer, widgets and fields.

``{{ form.price.as_field_group }}`` draws label, hint, error and input as LOOK.md has them, for every
field. The fields read numbers and dates as people type them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from core import formatting, reader
from core.fields import FIRST_YEAR, LAST_YEAR
from core.languages import current_language
from core.numbers import KRONOR, TwoReadings, parse_number

LONGEST_NUMBER = 40
TWO_READINGS = _("%(typed)s kan läsas på två sätt. Skriv %(thousands)s eller %(decimals)s.")


class FormRenderer(TemplatesSetting):
    """Draw every form of the project with the templates in ``templates/components``."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class DayInput(forms.DateInput):
    """
    A date typed as 2021-05-25, with a button that opens the browser's calendar.

    Not the browser's own date field, which writes the date in the browser's language: 05/25/2021.
    """

    template_name = "components/widgets/day.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Always write the date as ISO."""
        default_attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "16"}
        super().__init__(attrs={**default_attrs, **(attrs or {})}, format="%Y-%m-%d")


class QuantityInput(forms.TextInput):
    """
    A number between minus and plus; a plain text field without script.

    Not the browser's own number field, which reads 1.500 in ways of its own before the program sees it.
    """

    template_name = "components/widgets/quantity.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, unit: str = "") -> None:
        """``unit`` is written after the field."""
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.unit = unit

    def format_value(self, value: Any) -> str | None:
        """Strip idle zeros, so that 20.000 reads 20, and write the decimals as the reader does."""
        if isinstance(value, Decimal):
            return reader.typed(value)
        text: str | None = super().format_value(value)
        return text

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the unit."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context


class AmountInput(forms.TextInput):
    """An amount in kronor, typed with comma or point."""

    template_name = "components/widgets/amount.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, unit: str = "kr") -> None:
        """``unit`` is written inside the field, at its end."""
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})
        self.unit = unit

    def format_value(self, value: Any) -> str | None:
        """Show a stored amount as the reader types it: 1 450,00."""
        if isinstance(value, Decimal):
            amount = reader.unit_price(value)
            return amount.replace(formatting.NBSP, " ").replace(formatting.MINUS, "-")
        text: str | None = super().format_value(value)
        return text

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the unit."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context


class ChoiceCards(forms.RadioSelect):
    """Radio buttons in one frame with a hairline between them."""

    template_name = "components/widgets/choice_cards.html"


class SearchInput(forms.TextInput):
    """A search field."""

    input_type = "search"


class SuggestingInput(forms.TextInput):
    """
    A key that is typed, while the browser suggests those that there are.

    ``alternatives`` are those that what was typed may mean; whichever is chosen goes before the text.
    """

    template_name = "components/widgets/suggesting.html"

    def __init__(self, suggestions: Sequence[tuple[str, str]]) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.suggestions = suggestions
        self.alternatives: Sequence[tuple[str, str]] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what is suggested."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["suggestions"] = self.suggestions
        context["widget"]["alternatives"] = self.alternatives
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class DayField(forms.DateField):
    """A date, typed as 2021-05-25 (or 20210525, or 25/5 2021 in the ways that Swedes write)."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        """Read the Swedish ways of writing a date."""
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y%m%d", "%d/%m %Y", "%d/%m/%Y", "%d.%m.%Y"])
        messages = {
            "required": _("Ange ett datum"),
            "invalid": _("Skriv datumet så här: 2021-05-25"),
            "year": _("Stämmer årtalet? Skriv datumet så här: 2021-05-25"),
        }
        kwargs["error_messages"] = {**messages, **kwargs.get("error_messages", {})}
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Read a day in the years that the program reckons with, so that there is room for reckoning around it."""
        day = super().to_python(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["year"], code="year")
        return day


class _TypedNumberField(forms.DecimalField):
    """A decimal read as the reader's language writes it (``core.numbers``)."""

    units: Sequence[str] = ()

    def to_python(self, value: Any) -> Any:
        """Read what was typed, or say in words how to type it."""
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            if len(value) > LONGEST_NUMBER:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            try:
                value = parse_number(value, language=current_language(), units=self.units)
            except TwoReadings as error:
                raise forms.ValidationError(
                    TWO_READINGS,
                    code="ambiguous",
                    params={"typed": value, "thousands": error.thousands, "decimals": error.decimals},
                ) from None
            except ValueError:
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)

    def run_validators(self, value: Any) -> None:
        """Write the limits that a refusal names as the reader does."""
        try:
            super().run_validators(value)
        except forms.ValidationError as refused:
            for error in refused.error_list:
                error.params = {name: _as_text(fact) for name, fact in (error.params or {}).items()}
            raise


def _as_text(fact: Any) -> Any:
    return reader.quantity(fact) if isinstance(fact, Decimal) else fact


class AmountField(_TypedNumberField):
    """Kronor with at most two decimals (or as ``decimal_places`` says), not below zero."""

    widget = AmountInput
    units = KRONOR

    def __init__(self, **kwargs: Any) -> None:
        """Bound the amount to what the database can hold."""
        messages = {
            "required": _("Ange ett belopp"),
            "invalid": _("Skriv beloppet med siffror, till exempel 1 250,00"),
            "max_decimal_places": _("Skriv högst %(max)s decimaler"),
            "max_digits": _("Beloppet är för stort"),
            "max_whole_digits": _("Beloppet är för stort"),
            "min_value": _("Beloppet kan inte vara under %(limit_value)s"),
        }
        kwargs["error_messages"] = {**messages, **kwargs.get("error_messages", {})}
        defaults = {"max_digits": 14, "decimal_places": 2, "min_value": Decimal(0)}
        super().__init__(**{**defaults, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No min, max or step: the field is text."""
        return {}


class QuantityField(_TypedNumberField):
    """A quantity above zero with at most three decimals."""

    widget = QuantityInput

    def __init__(self, **kwargs: Any) -> None:
        """Bound the quantity to what the database can hold."""
        messages = {
            "required": _("Ange ett antal"),
            "invalid": _("Skriv antalet med siffror, till exempel 20"),
            "max_decimal_places": _("Skriv högst %(max)s decimaler"),
            "max_digits": _("Antalet är för stort"),
            "max_whole_digits": _("Antalet är för stort"),
            "min_value": _("Antalet måste vara minst %(limit_value)s"),
            "max_value": _("Antalet kan vara högst %(limit_value)s"),
        }
        kwargs["error_messages"] = {**messages, **kwargs.get("error_messages", {})}
        defaults = {"max_digits": 12, "decimal_places": 3, "min_value": Decimal(1)}
        super().__init__(**{**defaults, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell minus and plus how far they may go."""
        limits = {"data-least": self.min_value, "data-most": self.max_value}
        return {
            name: str(limit) for name, limit in limits.items() if limit is not None and not callable(limit)
        }
