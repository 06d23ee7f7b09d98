"""What the fields understand, and how they look."""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from core.forms import AmountField, DayField, QuantityField, QuantityInput
from core.templatetags.ui.forms import error_summary


class _Form(forms.Form):
    day = DayField(label="Behövs senast", help_text="Till exempel 2021-05-25")
    amount = AmountField(label="Belopp", required=False)
    quantity = QuantityField(label="Antal", required=False, widget=QuantityInput(unit="askar"))


@pytest.mark.parametrize("typed", ["2021-05-25", "20210525", "25/5 2021", "25.5.2021"])
def test_day_is_read_as_swedes_write_it(typed: str) -> None:
    assert DayField().clean(typed).isoformat() == "2021-05-25"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("tusen", "Skriv beloppet med siffror, till exempel 1 250,00"),
        ("1e30", "Skriv beloppet med siffror, till exempel 1 250,00"),
        ("9" * 200, "Skriv beloppet med siffror, till exempel 1 250,00"),
        ("1,234", "Skriv högst 2 decimaler"),
        ("-1", "Beloppet kan inte vara under 0"),
        ("9" * 20, "Beloppet är för stort"),
    ],
)
def test_amount_says_how_to_write_it(typed: str, sentence: str) -> None:
    with pytest.raises(forms.ValidationError) as exc_info:
        AmountField().clean(typed)
    assert exc_info.value.messages == [sentence]


def test_numbers_are_read_as_people_type() -> None:
    assert AmountField().clean("1 250,50 kr") == Decimal("1250.50")
    assert QuantityField().clean("20") == Decimal(20)


def test_quantity_below_one_is_refused() -> None:
    with pytest.raises(forms.ValidationError) as exc_info:
        QuantityField().clean("0")
    assert exc_info.value.messages == ["Antalet måste vara minst 1"]


def test_field_ties_label_hint_and_error_to_the_input() -> None:
    form = _Form({"day": "snart"})
    with translation.override("sv"):
        html = form["day"].as_field_group()
    assert '<label class="field__label" for="id_day">' in html
    assert 'aria-describedby="id_day_helptext id_day_error"' in html
    assert 'id="id_day_error"' in html
    assert "Skriv datumet så här: 2021-05-25" in html
    assert "frivilligt" not in html


def test_optional_field_says_so_and_quantity_is_a_stepper() -> None:
    html = _Form(initial={"quantity": Decimal("20.000")})["quantity"].as_field_group()
    assert "frivilligt" in html
    assert "data-stepper" in html
    assert 'value="20"' in html
    assert "askar" in html


def test_error_summary_names_each_field() -> None:
    class Days(forms.Form):
        first = DayField(label="Första dagen")
        last = DayField(label="Sista dagen")
        why = forms.CharField(label="Varför?", error_messages={"required": "Skriv varför"})

    problems = error_summary(Days({}))["problems"]
    assert problems == [
        ("#id_first", "Första dagen: Ange ett datum", "Ange ett datum"),
        ("#id_last", "Sista dagen: Ange ett datum", "Ange ett datum"),
        ("#id_why", "Varför? Skriv varför", "Skriv varför"),
    ]
