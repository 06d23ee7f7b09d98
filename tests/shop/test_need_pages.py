"""Needs that are not in the catalogue: free text and services."""

from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.models import LineKind, RequisitionLine
from tests.cast import Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_free_text_goes_to_the_basket(cast: Cast) -> None:
    data = {
        "description": "Tvättvagn, hopfällbar",
        "specification": "Ska gå i hissen",
        "quantity": "2",
        "unit": "st",
        "estimated_unit_price": "1 450,00",
        "category": "",
        "suggested_supplier": "",
    }
    response = signed_in(cast.requester).post(reverse("shop:free_text"), data, follow=True)
    line = RequisitionLine.objects.get()
    assert (line.kind, line.amount, line.is_price_estimated) == (LineKind.FREE_TEXT, Decimal("2900.00"), True)
    assert "Behovet finns inte i sortimentet." in text_of(response)


def test_service_goes_to_the_basket(cast: Cast) -> None:
    data = {
        "description": "Ombyggnad av reception",
        "specification": "",
        "place": "Visby lasarett",
        "start_date": "2021-06-01",
        "end_date": "2021-06-30",
        "hours": "40",
        "estimated_unit_price": "890",
        "category": cast.services.pk,
        "suggested_supplier": "",
    }
    client = signed_in(cast.requester)
    assert "Tjänster prövas alltid." in text_of(client.post(reverse("shop:service"), data, follow=True))
    line = RequisitionLine.objects.get()
    assert (line.kind, line.amount, line.unit) == (LineKind.SERVICE, Decimal("35600.00"), "tim")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("free_text", {}, "Skriv vad ni behöver"),
        ("free_text", {"description": "x" * 251}, "Skriv högst 250 tecken"),
        ("free_text", {"description": "x", "quantity": "999999"}, "högst 100 000"),
        ("free_text", {"description": "x", "estimated_unit_price": "-1"}, "Beloppet"),
        (
            "service",
            {"start_date": "2021-06-01", "end_date": "2021-05-31"},
            "Slutdagen ligger före startdagen.",
        ),
        ("service", {"start_date": "2021-05-01"}, "Startdagen har redan varit."),
        ("service", {"category": "0"}, ""),
    ],
)
def test_needs_that_cannot_be_are_refused(cast: Cast, name: str, data: dict[str, str], sentence: str) -> None:
    response = signed_in(cast.requester).post(reverse(f"shop:{name}"), data)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not RequisitionLine.objects.exists()


def test_categories_are_chosen_under_the_names_of_their_roots(cast: Cast) -> None:
    page = signed_in(cast.requester).get("/behov/").content.decode()
    group = page.split(f'<optgroup label="{cast.medical}">')[1].split("</optgroup>")[0]
    assert f'value="{cast.gloves_category.pk}"' in group
