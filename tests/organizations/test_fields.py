"""Who or what is meant is chosen in a list while they are few, and typed when nobody reads them through."""

import pytest
from django import forms
from django.http import QueryDict

from core.choice_fields import MOST_CHOICES, OneOfMany, SeveralOfMany
from core.forms import SuggestingInput
from organizations.fields import DepartmentField, DepartmentsField, PersonField
from organizations.models import Department, User
from tests.cast import Cast, person

pytestmark = pytest.mark.django_db


class Chosen(forms.Form):
    """Somebody, and some departments."""

    who = PersonField(empty_label="Välj")
    where = DepartmentsField()

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        who, where = self.fields["who"], self.fields["where"]
        assert isinstance(who, OneOfMany)
        assert isinstance(where, SeveralOfMany)
        who.offer(User.objects.in_order(), nearest=User.objects.filter(first_name="Elin"))
        where.offer(Department.objects.order_by("pk"))


@pytest.fixture
def many(cast: Cast) -> Cast:
    """More than are chosen among in a list."""
    for n in range(MOST_CHOICES):
        person(f"p{n}", f"Åsa {n}", "Öhman")
    Department.objects.bulk_create(
        Department(
            administration=cast.administration,
            cost_center=f"8{n:03}",
            name=f"Enhet {n}",
            activity=cast.activity,
        )
        for n in range(MOST_CHOICES)
    )
    return cast


def test_few_are_chosen_in_a_list(cast: Cast) -> None:
    form = Chosen()
    assert isinstance(form.fields["who"].widget, forms.Select)
    assert f'<option value="{cast.requester.email}">Elin Bergvall</option>' in str(form["who"])
    assert str(form["where"]).count("checkbox") == Department.objects.count()


def test_many_are_typed_and_the_nearest_suggested(many: Cast) -> None:
    form = Chosen()
    assert isinstance(form.fields["who"].widget, SuggestingInput)
    assert str(form["who"]).count("<option") == 1
    assert form.fields["who"].help_text == "Namn eller e-postadress."
    assert "<textarea" in str(form["where"])


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("elin.bergvall@gotland.example", "Elin Bergvall"),
        (" ELIN.Bergvall@gotland.example ", "Elin Bergvall"),
        ("Elin Bergvall", "Elin Bergvall"),
        ("elin  berg", "Elin Bergvall"),
        ("åsa 7 öhman", "Åsa 7 Öhman"),
        ("Asa 42", "Åsa 42 Öhman"),
    ],
)
def test_somebody_is_found_by_address_or_name(many: Cast, typed: str, name: str) -> None:
    form = Chosen({"who": typed, "where": "2140"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["who"].full_name == name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Ingen Alls", "Ingen med öppet konto heter Ingen Alls. Skriv namnet eller e-postadressen."),
        ("Åsa", "”Åsa” stämmer på flera. Välj en av dem, eller skriv mer av namnet."),
        ("Åsa 1 öh", "”Åsa 1 öh” stämmer på flera."),
        ("%", "Ingen med öppet konto heter %."),
        ("\x00", "Ingen med öppet konto heter"),
        ("x" * 300, "Ingen med öppet konto heter"),
        ("", "Det här fältet är obligatoriskt."),
    ],
)
def test_nobody_or_several_are_said(many: Cast, typed: str, sentence: str) -> None:
    form = Chosen({"who": typed, "where": "2140"})
    assert not form.is_valid()
    assert sentence in str(form.errors["who"].as_text())


def test_of_two_with_one_name_the_address_tells(many: Cast) -> None:
    twin = person("elin.b", "Elin", "Bergvall")
    form = Chosen({"who": "Elin Bergvall", "where": "2140"})
    assert form.errors["who"]
    assert f'<input type="radio" name="who" value="{twin.email}">' in str(form["who"])
    chosen = Chosen(QueryDict(f"who=Elin+Bergvall&who={twin.email}&where=2140"))
    assert chosen.is_valid(), chosen.errors
    assert chosen.cleaned_data["who"] == twin


def test_several_are_found_each_once(many: Cast) -> None:
    form = Chosen({"who": many.head.email, "where": "2140\n\nSäboenhet\r\nmedicinavdelning 1"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["where"] == [many.ward, many.home]
    wrong = Chosen({"who": many.head.email, "where": "2140\nHavet\nEnhet"})
    assert len(wrong.errors["where"].as_data()) == 2
    assert "Havet" in wrong.errors["where"].as_text()
    assert "Skriv högst 100 rader." in Chosen({"where": "2140\n" * 101}).errors["where"].as_text()
    assert "”Enhet” stämmer på flera: Enhet 0 (8000), Enhet 1 (8001)" in wrong.errors["where"].as_text()


def test_one_department_is_found_by_code_or_name(cast: Cast) -> None:
    field = DepartmentField()
    field.offer(Department.objects.all())
    assert field.clean("2140") == field.clean("medicinavd 1") == cast.ward
