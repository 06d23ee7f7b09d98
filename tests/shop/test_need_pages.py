"""Needs that are not in the catalogue: free text and services."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agreements.models import Threshold, ThresholdKind
from core.addresses import address_of
from procurement.models import LineKind, RequisitionLine
from tests import worlds
from tests.cast import ALWAYS, Cast
from tests.pages import signed_in, text_of
from tests.procurement.proposing import proposed

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


PROPOSED = {
    "description": "Hylla", "specification": "", "quantity": "1", "unit": "st", "estimated_unit_price": "900", "category": "",
    "suggested_supplier": "Slite Snickeri AB", "org_number": "5500009005", "contact": "order@slitesnickeri.example",
    "supplier_reason": "Bygger efter mått", "has_interest": "no",
}  # fmt: skip


def test_a_supplier_is_proposed_with_a_need(cast: Cast) -> None:
    response = signed_in(cast.requester).post(reverse("shop:free_text"), PROPOSED, follow=True)
    proposal = RequisitionLine.objects.get().supplier_proposal
    assert proposal is not None
    assert (proposal.org_number, proposal.has_interest) == ("550000-9005", False)
    assert "finns redan" not in text_of(response)


def test_a_supplier_that_is_known_is_suggested_and_said_to_be(cast: Cast) -> None:
    fields = PROPOSED | {"suggested_supplier": cast.supplier.name}
    response = signed_in(cast.requester).post(reverse("shop:free_text"), fields, follow=True)
    assert "Nordmedica AB finns redan i leverantörsregistret, och föreslås." in text_of(response)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"suggested_supplier": ""}, "Skriv vad leverantören heter"),
        ({"org_number": ""}, "Skriv leverantörens organisationsnummer"),
        ({"org_number": "5500009006"}, "Kontrollera organisationsnumret."),
        ({"supplier_reason": ""}, "Skriv varför just den leverantören behövs"),
        ({"has_interest": ""}, "Svara ja eller nej"),
    ],
)
def test_a_proposal_that_is_not_whole_is_asked_for_and_kept(
    cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    fields = PROPOSED | changed
    response = signed_in(cast.requester).post(reverse("shop:free_text"), fields)
    assert response.status_code == 422
    assert sentence in text_of(response)
    content = response.content.decode()
    assert '<details class="help" open>' in content
    values = [fields[name] for name in ("suggested_supplier", "org_number", "contact", "supplier_reason")]
    assert all(each in content for each in values)
    assert not RequisitionLine.objects.exists()


def test_a_proposed_supplier_is_linked_from_the_requisition(cast: Cast) -> None:
    line = proposed(cast)
    page = signed_in(cast.requester).get(address_of(line.requisition))
    assert reverse("desk:supplier_proposal", args=[line.supplier_proposal_id]) in page.content.decode()


def test_what_lies_in_the_basket_counts_beside_the_limit_while_she_types(cast: Cast) -> None:
    """Two needs that each stay under the limit pass it together, on the page of the need as in the basket."""
    Threshold.objects.create(
        kind=ThresholdKind.DIRECT_AWARD, category=cast.medical, value=2000, valid_during=ALWAYS
    )
    worlds.free_text_in(cast, worlds.basket(cast), "Blodtrycksmanschett", category=cast.medical)
    client = signed_in(cast.requester)
    typed: dict[str, str | int] = {
        "category": cast.medical.pk,
        "quantity": "1",
        "estimated_unit_price": "100",
    }
    at_the_limit = text_of(client.get(reverse("shop:need_limit"), typed))
    assert "Med det som ligger i korgen" in at_the_limit
    assert "1 900 kr på tolv månader, av 2 000 kr som får direktupphandlas" in at_the_limit
    above = text_of(client.get(reverse("shop:need_limit"), typed | {"estimated_unit_price": "101"}))
    assert "Med det här behovet köper regionen" in above
    assert "2 001 kr" in above
    other = text_of(client.get(reverse("shop:need_limit"), typed | {"category": cast.office.pk}))
    assert "Med det här behovet" not in other
