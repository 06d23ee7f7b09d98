"""From the catalogue to a sent requisition, as an orderer's browser does it, and what is refused on the way."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Item
from catalog.states import ItemStatus
from categories.models import CategoryPolicy
from organizations.models import Role
from procurement.models import Requisition, RequisitionLine
from procurement.operations import baskets
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast, many_items, membership
from tests.pages import signed_in, text_of
from tests.procurement.ordering import HTMX, add, details

pytestmark = pytest.mark.usefixtures("at_nine")

BASKET_QUERIES = 24


def test_three_screens_from_catalogue_to_sent(cast: Cast) -> None:
    client = signed_in(cast.requester)
    page = text_of(client.get(reverse("shop:catalogue"), {"q": "handskar"}))
    assert "1 träff på ”handskar”" in page
    assert "58,00 kr" in page
    added = client.post(
        reverse("shop:basket_add"),
        {"item": "104412", "quantity": "6", "next": "/katalog/?q=handskar"},
        follow=True,
    )
    assert added.redirect_chain == [("/katalog/?q=handskar", 302)]
    assert "6 askar Undersökningshandske" in text_of(added)
    basket = text_of(client.get(reverse("shop:basket")))
    assert "Karin Sundblad beslutar en rad" in basket
    assert "Skicka 1 rad" in basket
    response = client.post(reverse("shop:basket"), details(cast), follow=True)
    requisition = Requisition.objects.get()
    assert requisition.is_submitted
    assert requisition.needed_by_date.isoformat() == "2021-05-25"  # type: ignore[union-attr]
    assert response.redirect_chain == [(f"/bestallningar/{requisition.number}/", 302)]
    assert "är skickad" in text_of(response)


def test_add_by_htmx_answers_with_the_row_and_the_basket(cast: Cast) -> None:
    client = signed_in(cast.requester)
    data = {"item": "104412", "quantity": "6", "view": "rad"}
    part = text_of(client.post(reverse("shop:basket_add"), data, headers=HTMX))
    assert "I korgen" in part
    assert 'id="basket-side" hx-swap-oob' in part
    assert "<html" not in part


def test_basket_says_what_is_decided_at_once_and_why_the_rest_is_not(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(1000))
    worlds.basket(cast, (cast.gloves, 6), (cast.gown, 10), (cast.chair, 1))
    page = text_of(signed_in(cast.requester).get(reverse("shop:basket")))
    assert "En rad beslutas direkt" in page
    assert "Stående godkännande av Karin Sundblad" in page
    assert "Raden är på 1 000 kr eller mer." in page
    assert "Sofia Ekdahl beslutar en rad" in page
    assert "Artikeln saknar avtal." in page


def test_basket_says_who_attests(cast: Cast) -> None:
    worlds.basket(cast, (cast.chair, 3))
    page = text_of(signed_in(cast.requester).get(reverse("shop:basket")))
    assert "Marianne Klintberg attesterar också." in page
    assert "10 000 kr" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cost_center": "2149"}, "Ansvar 2149 finns inte, menar du 2140?"),
        ({"cost_center": "xyz"}, "Ansvar xyz finns inte."),
        ({"activity": "521"}, "Verksamhet 521 finns inte, menar du 512?"),
        ({"project": "77"}, "Projekt 77 finns inte."),
        ({"needed_by_date": "2021-05-17"}, "har redan varit"),
        ({"needed_by_date": "i morgon"}, "Skriv datumet så här"),
        ({"needed_by_date": ""}, "Ange vilket datum"),
        ({"needed_by_date": "2121-05-25"}, "mer än två år fram"),
        ({"delivery_place": "999999"}, "Leveransplatsen hör till en annan enhet."),
        ({"reason": "a" * 3000}, "Skriv högst 2000 tecken"),
        ({"account": "abc"}, ""),
    ],
)
def test_submit_with_bad_details_says_what_is_wrong_and_changes_nothing(
    cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    worlds.basket(cast)
    before = Requisition.objects.values().get()
    response = signed_in(cast.requester).post(reverse("shop:basket"), details(cast, **changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Requisition.objects.values().get() == before


def test_submit_refuses_another_departments_place(cast: Cast) -> None:
    worlds.basket(cast)
    data = details(cast, delivery_place=cast.home_place.pk)
    response = signed_in(cast.requester).post(reverse("shop:basket"), data)
    assert response.status_code == 422
    assert "annan enhet" in text_of(response)


def test_submit_of_an_empty_basket_is_refused(cast: Cast) -> None:
    response = signed_in(cast.requester).post(reverse("shop:basket"), details(cast))
    assert response.status_code == 422
    assert "Korgen är tom." in text_of(response)


def test_submit_with_an_item_retired_meanwhile_names_it(cast: Cast) -> None:
    worlds.basket(cast, (cast.gloves, 6), (cast.gown, 1))
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)
    client = signed_in(cast.requester)
    assert "går inte längre att beställa" in text_of(client.get(reverse("shop:basket")))
    response = client.post(reverse("shop:basket"), details(cast))
    assert response.status_code == 409
    assert "Undersökningshandske nitril, puderfri, blå går inte längre att beställa." in text_of(response)
    assert not Requisition.objects.submitted().exists()


def test_submit_twice_sends_once(cast: Cast) -> None:
    worlds.basket(cast)
    client = signed_in(cast.requester)
    assert client.post(reverse("shop:basket"), details(cast)).status_code == 302
    assert client.post(reverse("shop:basket"), details(cast)).status_code == 422
    assert Requisition.objects.count() == 1


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "100001", "1e9", "NaN", "Infinity", "1,2345", "många", "", "9" * 60]
)
def test_add_with_an_absurd_quantity_is_refused(cast: Cast, quantity: str) -> None:
    response = add(signed_in(cast.requester), "104412", quantity)
    assert response.status_code == 422
    assert "Inget har ändrats." in text_of(response)
    assert not RequisitionLine.objects.exists()


@pytest.mark.parametrize("number", ["999999", "", "'; drop", "x" * 500])
def test_add_an_unknown_item_is_not_found(cast: Cast, number: str) -> None:
    response = add(signed_in(cast.requester), number)
    assert response.status_code == 404
    assert "finns inte i katalogen" in text_of(response)
    assert not Requisition.objects.exists()


def test_add_a_blocked_item_says_why(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad.")
    response = add(signed_in(cast.requester), "104412")
    assert response.status_code == 409
    assert "Återkallad." in text_of(response)


def test_add_by_somebody_who_orders_for_nobody_is_refused(cast: Cast) -> None:
    for person in (cast.auditor, cast.controller, cast.administrator):
        response = add(signed_in(person), "104412")
        assert response.status_code == 403
        assert "Du beställer inte för någon enhet." in text_of(response)
        assert signed_in(person).get(reverse("shop:basket")).status_code == 403


def test_add_never_leads_to_another_site(cast: Cast) -> None:
    for address in ("https://example.com/", "//example.com", "javascript:alert(1)", "\\\\example.com"):
        response = add(signed_in(cast.requester), "104412", 1, next=address)
        assert response.headers["Location"] == reverse("shop:catalogue")


def test_a_line_can_be_changed_and_removed(cast: Cast) -> None:
    line = worlds.basket(cast, (cast.gloves, 6), (cast.gown, 2)).lines.get(item=cast.gloves)
    client = signed_in(cast.requester)
    client.post(reverse("shop:basket_line", args=[line.pk]), {"quantity": "8"})
    line.refresh_from_db()
    assert (line.quantity, line.amount) == (8, Decimal("464.00"))
    part = client.post(
        reverse("shop:basket_line", args=[line.pk]), {"quantity": "0", "view": "korg"}, headers=HTMX
    )
    assert "borttagen" in text_of(part)
    assert not RequisitionLine.objects.filter(pk=line.pk).exists()


def test_a_line_of_somebody_elses_basket_is_not_there(cast: Cast) -> None:
    line = worlds.basket(cast).lines.get()
    for person in (cast.colleague, cast.stranger, cast.head, cast.auditor):
        response = signed_in(person).post(reverse("shop:basket_line", args=[line.pk]), {"quantity": "1"})
        assert response.status_code == 404
    line.refresh_from_db()
    assert line.quantity == 10


def test_a_line_that_is_sent_is_no_longer_in_the_basket(cast: Cast) -> None:
    line = worlds.line(cast)
    response = signed_in(cast.requester).post(reverse("shop:basket_line", args=[line.pk]), {"quantity": "1"})
    assert response.status_code == 404


def test_details_are_kept_while_the_person_works(cast: Cast) -> None:
    worlds.basket(cast)
    client = signed_in(cast.requester)
    part = client.post(reverse("shop:basket_details"), details(cast, reason="Slut i förrådet"), headers=HTMX)
    assert part.status_code == 200
    assert "Slutenvård medicin" in text_of(part)
    assert Requisition.objects.get().reason == "Slut i förrådet"
    wrong = client.post(reverse("shop:basket_details"), details(cast, cost_center="2149"), headers=HTMX)
    assert "menar du 2140?" in text_of(wrong)
    assert Requisition.objects.get().charged_department == cast.ward


def test_needed_by_on_a_holiday_says_when_it_comes(cast: Cast) -> None:
    worlds.basket(cast)
    client = signed_in(cast.requester)
    part = client.post(
        reverse("shop:basket_details"), details(cast, needed_by_date="2021-06-06"), headers=HTMX
    )
    assert "Söndag, ledig dag." in text_of(part)
    soon = client.post(
        reverse("shop:basket_details"), details(cast, needed_by_date="2021-05-19"), headers=HTMX
    )
    assert "svårt att hinna" in text_of(soon)


def test_person_with_two_departments_has_a_basket_for_each(cast: Cast) -> None:
    membership(cast.requester, Role.REQUESTER, cast.home, "5000")
    client = signed_in(cast.requester)
    add(client, "104412", 6)
    page = text_of(client.get(reverse("shop:choose_department")))
    assert "Säboenhet Hemse" in page
    client.post(reverse("shop:basket_department"), {"department": cast.home.pk})
    assert "Korgen är tom" in text_of(client.get(reverse("shop:basket")))
    add(client, "104600", 1)
    item_by_department = dict(Requisition.objects.values_list("department__name", "lines__item__number"))
    assert item_by_department == {"Medicinavdelning 1": "104412", "Säboenhet Hemse": "104600"}


def test_a_department_that_is_not_hers_cannot_be_chosen(cast: Cast) -> None:
    client = signed_in(cast.requester)
    for chosen in (cast.home.pk, "abc", "", "999999999"):
        response = client.post(reverse("shop:basket_department"), {"department": chosen})
        assert response.status_code == 403
    add(client, "104412", 1)
    assert Requisition.objects.get().department == cast.ward


def test_a_department_she_has_left_is_forgotten(cast: Cast) -> None:
    extra = membership(cast.requester, Role.REQUESTER, cast.home, "5000")
    client = signed_in(cast.requester)
    client.post(reverse("shop:basket_department"), {"department": cast.home.pk})
    extra.valid_during = DateRange(TODAY.replace(year=2019), TODAY)
    extra.save()
    add(client, "104412", 1)
    assert Requisition.objects.get().department == cast.ward


def test_basket_asks_as_many_questions_for_many_rows_as_for_few(cast: Cast) -> None:
    client = signed_in(cast.requester)
    basket = worlds.basket(cast, (cast.gloves, 1))
    with CaptureQueriesContext(connection) as few:
        client.get("/korg/")
    for each in many_items(cast, 20):
        baskets.add_item(basket=basket, item=each, quantity=Decimal(1), by=cast.requester, at=NOW)
    with CaptureQueriesContext(connection) as many:
        client.get("/korg/")
    assert len(many) == len(few) <= BASKET_QUERIES


def test_basket_keeps_status_draft_until_sent(cast: Cast) -> None:
    add(signed_in(cast.requester), "104412", 3)
    assert RequisitionLine.objects.get().status == LineStatus.DRAFT


@pytest.mark.parametrize(("headers", "status"), [({}, 404), (HTMX, 409)])
def test_a_line_that_has_left_the_basket_is_told_of(cast: Cast, headers: dict[str, str], status: int) -> None:
    line = worlds.basket(cast, (cast.gloves, 6), (cast.gown, 1)).lines.order_by("position")[0]
    client = signed_in(cast.requester)
    address, zero = reverse("shop:basket_line", args=[line.pk]), {"quantity": "0"}
    assert client.post(address, zero).status_code == 302
    again = client.post(address, zero, headers=headers)
    assert again.status_code == status
    assert "Raden ligger inte i korgen längre." in text_of(again)


@pytest.mark.parametrize(
    ("wanted", "text"), [(1, "En rad är beslutad. Den beställs"), (2, "Två rader är beslutade. De beställs")]
)
def test_what_is_decided_at_once_is_counted_right(cast: Cast, wanted: int, text: str) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(2000))
    worlds.basket(cast, *[(cast.gloves, 1), (cast.gown, 1)][:wanted])
    assert text in text_of(signed_in(cast.requester).get(reverse("shop:basket")))


def test_who_orders_for_several_is_told_in_whose_basket_it_lies(cast: Cast) -> None:
    membership(cast.requester, Role.REQUESTER, cast.home)
    fields = {"item": cast.gloves.number, "quantity": 6}
    page = text_of(signed_in(cast.requester).post(reverse("shop:basket_add"), fields, follow=True))
    assert f"ligger i korgen för {cast.ward}." in page
