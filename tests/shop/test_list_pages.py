"""Favourites of a department and order templates, as an orderer's browser has them."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import DepartmentFavourite, Item, Price, Substitution
from catalog.operations import department_favourites as shared
from catalog.operations import favourites
from catalog.states import ItemStatus
from organizations.models import Role
from procurement.models import OrderTemplate, RequisitionLine
from procurement.operations import templates
from procurement.operations.filling import Wish
from procurement.operations.templates import TemplateFacts
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast, membership
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def client(cast: Cast) -> Client:
    """The requester's browser."""
    return signed_in(cast.requester)


@pytest.fixture
def template(cast: Cast) -> OrderTemplate:
    """Six boxes of gloves and two gowns, on Tuesdays."""
    return templates.make_template(
        department=cast.ward,
        facts=TemplateFacts("Veckobeställning", notes="Mindre i <juli>", remind_weekday=2),
        wishes=[Wish(cast.gloves, Decimal(6)), Wish(cast.gown, Decimal(2))],
        by=cast.requester,
        at=NOW,
    )


def lines() -> list[tuple[str, Decimal]]:
    """What lies in baskets."""
    rows = RequisitionLine.objects.filter(requisition__submitted_at=None).order_by("position")
    return list(rows.values_list("item__number", "quantity"))


def held(template: OrderTemplate) -> list[tuple[str, int]]:
    """What the template holds."""
    rows = template.lines.order_by("position").values_list("item__number", "quantity")
    return [(number, int(quantity)) for number, quantity in rows]


def test_the_department_shares_what_one_of_them_saves(client: Client, cast: Cast) -> None:
    for number in ("104412", "104600"):
        answer = client.post(f"/katalog/{number}/enhetens-lista/", {"next": f"/katalog/{number}/"})
        assert (answer.status_code, answer["Location"]) == (302, f"/katalog/{number}/")
    assert "Ta bort från listan för Medicinavdelning 1" in text_of(client.get("/katalog/104412/"))
    page = text_of(signed_in(cast.colleague).get("/favoriter/"))
    assert "Listan för Medicinavdelning 1" in page
    assert page.index('id="rad-104412"') < page.index('id="rad-104600"')
    response = signed_in(cast.colleague).post("/katalog/104600/enhetens-lista/flytta/", {"riktning": "upp"})
    assert response["Location"] == "/favoriter/#rad-104600"
    page = text_of(client.get("/favoriter/"))
    assert page.index('id="rad-104600"') < page.index('id="rad-104412"')
    client.post("/katalog/104600/enhetens-lista/ta-bort/")
    assert 'id="rad-104600"' not in text_of(client.get("/favoriter/"))
    assert "104412" not in text_of(signed_in(cast.stranger).get("/favoriter/"))


@pytest.mark.parametrize("who", ["manager", "auditor", "budget_holder"])
def test_those_who_order_for_nobody_share_nothing(cast: Cast, who: str) -> None:
    other = signed_in(getattr(cast, who))
    assert other.get("/favoriter/").status_code == 200
    assert other.post("/katalog/104412/enhetens-lista/").status_code == 403
    assert other.post("/korg/lagg-till-flera/", {"row": "104412", "all": "1"}).status_code == 403
    assert other.post("/mallar/ny/", {"name": "x"}).status_code == 403
    assert not DepartmentFavourite.objects.exists()


def test_chosen_or_all_of_a_list_lie_in_the_basket_in_one_act(client: Client, cast: Cast) -> None:
    fields = {"row": ["104412", "104600", "x"], "antal-104412": "1 200", "antal-104600": "3"}
    client.post("/korg/lagg-till-flera/", fields | {"pick": ["104412"]})
    assert lines() == [("104412", Decimal(1200))]
    answer = client.post("/korg/lagg-till-flera/", fields | {"all": "1"}, follow=True)
    assert answer.redirect_chain == [("/korg/", 302)]
    assert lines() == [("104412", Decimal(2400)), ("104600", Decimal(3))]
    assert "2 rader ligger i korgen." in text_of(answer)
    assert "1 av dem låg där redan, och är nu fler." in text_of(answer)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Välj minst en artikel."),
        (
            {"pick": "104412", "antal-104412": "x"},
            "Undersökningshandske nitril, puderfri, blå: Skriv antalet",
        ),
        ({"pick": "104412", "antal-104412": "0"}, "Undersökningshandske nitril, puderfri, blå: Antalet ska"),
        ({"pick": "104412", "antal-104412": "1.000"}, "Undersökningshandske nitril, puderfri, blå:"),
        ({"pick": "104412", "antal-104412": "1,5"}, ""),
        ({"pick": "' OR 1=1", "row": "' OR 1=1"}, "Välj minst en artikel."),
    ],
)
def test_what_cannot_be_put_in_the_basket_is_said(client: Client, asked: dict[str, str], said: str) -> None:
    answer = client.post("/korg/lagg-till-flera/", {"row": "104412"} | asked)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert lines() == []


def test_lists_ask_as_many_questions_for_many_items_as_for_few(client: Client, cast: Cast) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/favoriter/").status_code == 200
        return len(queries)

    shared.add(item=cast.gloves, department=cast.ward, by=cast.requester, at=NOW)
    few = questions()
    for each in (cast.gown, cast.chair):
        shared.add(item=each, department=cast.ward, by=cast.requester, at=NOW)
        favourites.add(item=each, by=cast.requester, at=NOW)
    assert questions() == few <= 14


def test_template_is_looked_at_as_it_is_today_and_put_in_the_basket(
    client: Client, cast: Cast, template: OrderTemplate
) -> None:
    worlds.basket(cast, (cast.gown, 1))
    page = text_of(client.get(f"/mallar/{template.pk}/"))
    assert "Mindre i &lt;juli&gt;" in page
    assert "Varje tisdag" in page
    assert "58,00 kr / ask" in page
    assert "I korgen redan: 1" in page
    assert "Valda kostar 348,00 kr i dag" in page
    assert len(re.findall(r'name="pick" value="\d+"[^>]* checked', page)) == 1
    answer = client.post(
        f"/mallar/{template.pk}/",
        {"row": ["104412", "104600"], "pick": ["104412"], "antal-104412": "7", "antal-104600": "2"},
    )
    assert answer["Location"] == "/korg/"
    assert lines() == [("104600", Decimal(1)), ("104412", Decimal(7))]
    assert "senast i korgen i dag av Elin Bergvall" in text_of(client.get("/mallar/"))


def test_template_says_what_can_no_longer_be_ordered_and_what_is_sold_otherwise(
    client: Client, cast: Cast, template: OrderTemplate
) -> None:
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    Substitution.objects.create(from_item=cast.gown, to_item=cast.chair, valid_during=ALWAYS)
    Item.objects.filter(pk=cast.gloves.pk).update(order_unit="kartong")
    page = text_of(client.get(f"/mallar/{template.pk}/"))
    gown = page.split('id="rad-104600"')[1].split("</li>")[0]
    assert "Har utgått" in gown
    assert 'Ersätts av<a href="/katalog/' in gown
    assert "checkbox" not in gown
    assert "Mallen räknar per ask, men artikeln säljs nu per kartong." in page
    assert " checked" not in page.split('id="mallen"')[1]


@pytest.mark.parametrize("who", ["stranger", "manager", "auditor"])
def test_a_template_of_another_department_is_not_found(cast: Cast, template: OrderTemplate, who: str) -> None:
    other = signed_in(getattr(cast, who))
    for end in ("", "andra/", "ta-bort/", "skot/"):
        assert other.post(f"/mallar/{template.pk}/{end}").status_code == 404
    assert "Veckobeställning" not in text_of(other.get("/mallar/"))


def test_who_attests_sees_the_template_and_does_not_use_it(cast: Cast, template: OrderTemplate) -> None:
    holder = signed_in(cast.budget_holder)
    page = text_of(holder.get(f"/mallar/{template.pk}/"))
    assert "Veckobeställning" in page
    assert "Lägg valda i korgen" not in page
    assert holder.post(f"/mallar/{template.pk}/", {"pick": "104412", "antal-104412": "1"}).status_code == 403
    assert holder.get(f"/mallar/{template.pk}/andra/").status_code == 403
    assert holder.post(f"/mallar/{template.pk}/ta-bort/").status_code == 403


@pytest.mark.parametrize("source", ["korg", "order", "favoriter", ""])
def test_template_is_made_of_what_there_is(client: Client, cast: Cast, source: str) -> None:
    requisition = worlds.submitted(cast, (cast.gown, 2), (cast.gloves, 6))
    worlds.basket(cast, (cast.gloves, 4))
    favourites.add(item=cast.chair, by=cast.requester, at=NOW)
    source = str(requisition.number) if source == "order" else source
    assert client.get("/mallar/ny/", {"fran": source}).status_code == 200
    client.post("/mallar/ny/", {"fran": source, "name": "Vår", "reminder": "m31", "notes": ""})
    template = OrderTemplate.objects.get()
    assert template.remind_month_day == 31
    expected = {
        "korg": [("104412", 4)],
        "favoriter": [(cast.chair.number, 1)],
        "": [],
    }.get(source, [("104600", 2), ("104412", 6)])
    assert held(template) == expected


def test_template_is_not_made_of_an_order_that_she_does_not_see(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gown, 2))
    assert (
        signed_in(cast.stranger).post("/mallar/ny/", {"fran": requisition.number, "name": "x"}).status_code
        == 404
    )


def test_template_is_changed_in_one_form(client: Client, cast: Cast, template: OrderTemplate) -> None:
    Item.objects.filter(pk=cast.chair.pk).update(gtin="9521000000018")
    address = f"/mallar/{template.pk}/andra/"
    base = {"version": "1", "name": "Ny", "reminder": "v5", "row": ["104412", "104600"]}
    base |= {"antal-104412": "9", "antal-104600": "2"}
    response = client.post(address, base | {"ny": "kontorsstol"})
    assert response.status_code == 422
    assert f'name="add" value="{cast.chair.number}"' in text_of(response)
    assert held(template) == [("104412", 6), ("104600", 2)]
    assert client.post(address, base | {"ny": "kontorsstol", "add": cast.chair.number}).status_code == 302
    assert held(template) == [("104412", 9), ("104600", 2), (cast.chair.number, 1)]
    template.lines.filter(item=cast.chair).delete()
    assert client.post(address, base | {"version": "2", "ny": "]d20109521000000018"}).status_code == 302
    assert held(template)[-1] == (cast.chair.number, 1)
    client.post(address, base | {"version": "3", "up": "104600"})
    assert held(template) == [("104600", 2), ("104412", 9)]
    client.post(address, base | {"version": "4", "bort": "104412"})
    assert held(template) == [("104600", 2)]
    late = client.post(address, base | {"version": "4"})
    assert late.status_code == 409
    assert "har ändrat mallen sedan du öppnade den" in text_of(late)
    template.refresh_from_db()
    assert (template.name, template.remind_weekday) == ("Ny", 5)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"reminder": "v9"},
        {"version": "x"},
        {"antal-104412": "<b>"},
        {"delivery_place": "999999"},
    ],
)
def test_a_change_that_cannot_be_is_said_and_changes_nothing(
    client: Client, template: OrderTemplate, change: dict[str, str]
) -> None:
    base = {"version": "1", "name": "Ny", "row": ["104412"], "antal-104412": "9"}
    answer = client.post(f"/mallar/{template.pk}/andra/", base | change)
    assert answer.status_code in (409, 422)
    assert held(template) == [("104412", 6), ("104600", 2)]


def test_template_is_let_go_of_and_kept(client: Client, cast: Cast, template: OrderTemplate) -> None:
    colleague = signed_in(cast.colleague)
    colleague.post(f"/mallar/{template.pk}/skot/")
    client.post(f"/mallar/{template.pk}/skot/", {"sluta": "1"})
    assert [keeper.person for keeper in template.keepers.all()] == [cast.colleague]
    assert "Ta bort Veckobeställning?" in text_of(client.get(f"/mallar/{template.pk}/ta-bort/"))
    assert OrderTemplate.objects.exists()
    client.post(f"/mallar/{template.pk}/ta-bort/")
    assert not OrderTemplate.objects.exists()
    assert client.get(f"/mallar/{template.pk}/").status_code == 404


def test_filling_a_template_of_another_of_her_departments_goes_on_for_that_one(
    client: Client, cast: Cast, template: OrderTemplate
) -> None:
    membership(cast.requester, Role.REQUESTER, cast.home)
    client.post(reverse("shop:basket_department"), {"department": cast.home.pk})
    client.post(f"/mallar/{template.pk}/", {"pick": "104412", "antal-104412": "1"})
    assert client.session["department"] == cast.ward.pk
    assert RequisitionLine.objects.get().requisition.department == cast.ward


def test_price_of_today_stands_on_the_template(client: Client, cast: Cast, template: OrderTemplate) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(61))
    assert "61,00 kr / ask" in text_of(client.get(f"/mallar/{template.pk}/"))


def test_what_is_sold_by_the_carton_alone_is_shown_and_added_by_the_carton(
    client: Client, cast: Cast
) -> None:
    own_price = Price.objects.get(item=cast.gloves)
    Price.objects.filter(pk=own_price.pk).update(
        order_unit="kartong", units_per_order_unit=1000, unit_price=Decimal(480)
    )
    Price.objects.create(
        item=cast.gloves,
        supplier=cast.supplier,
        unit_price=Decimal(70),
        minimum_quantity=1,
        valid_during=ALWAYS,
    )  # by the box, outside the agreement
    favourites.add(item=cast.gloves, by=cast.requester, at=NOW)
    page = client.get("/katalog/?q=104412")
    assert "480,00 kr / kartong" in text_of(page)
    form = re.findall(r'<form[^>]*action="/korg/lagg-till/".*?</form>', page.content.decode(), re.S)
    row = dict(re.findall(r'name="(item|unit|quantity)"[^>]*value="([^"]*)"', form[0]))
    beside = re.findall(r'name="(put)" value="([^"]*)"', page.content.decode())
    for fields in (row, dict(beside)):
        RequisitionLine.objects.all().delete()
        client.post("/korg/lagg-till/", fields)
        assert RequisitionLine.objects.get().unit == "kartong"


def test_the_list_says_when_each_template_reminds_and_whom(
    client: Client, cast: Cast, template: OrderTemplate
) -> None:
    page = " ".join(text_of(client.get("/mallar/")).split())
    assert f"Påminnelse: Varje tisdag · Sköts av {cast.requester.full_name}" in page
    OrderTemplate.objects.filter(pk=template.pk).update(remind_weekday=None)
    assert "Påminnelse" not in text_of(client.get("/mallar/"))
