"""An item's own page: what comes first, what shows it, who answers for it, and how few questions that takes."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from catalog.models import DocumentKind, Item, ItemLabel, Label, Price, Synonym
from catalog.operations import illustrations
from categories.models import CategoryPolicy
from organizations.models import Absence
from procurement.models import RequisitionLine
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.catalog.illustrating import document, picture
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

ADDRESS = "/katalog/104412/"

# Session, person; roles, department, basket, lines; the item, its row, seven of the plan, favourite; pictures,
# documents, labels, synonyms, posts; two of what was bought; who may change; header.
ITEM_QUERIES = 27


def page_of(cast: Cast) -> str:
    return text_of(signed_in(cast.requester).get(ADDRESS))


def test_price_and_button_stand_before_everything_but_the_name(cast: Cast) -> None:
    picture(cast, item=cast.gloves)
    document(cast, item=cast.gloves)
    worlds.submitted(cast, (cast.gloves, 2))
    main = page_of(cast).split("<main")[1]
    order = [
        main.index(each) for each in ("<h1", "58,00 kr", "per ask", "Lägg till", '<img src="/bilagor/', "<h2")
    ]
    assert order == sorted(order)


def test_pictures_documents_and_labels_are_shown(cast: Cast) -> None:
    first = picture(cast, item=cast.gloves, description="Öppen ask")
    second = picture(cast, item=cast.gloves, width=65, description="Handske")
    sheet = document(cast, item=cast.gloves, kind=DocumentKind.SAFETY_SHEET, valid_through=TODAY)
    for code, name, last in (
        ("a", "Svanen", TODAY),
        ("b", "Fairtrade", None),
        ("c", "KRAV", TODAY - timedelta(days=1)),
    ):
        label = Label.objects.create(code=code, name=name, issuer="Utgivaren")
        ItemLabel.objects.create(
            item=cast.gloves, label=label, licence_number="12 34" if last else "", valid_through_date=last
        )
    page = page_of(cast)
    assert f'<img src="/bilagor/{first.attachment.key}/" alt="Öppen ask" width="64" height="48">' in page
    assert f'src="/bilagor/{second.attachment.key}/liten/" alt="Handske"' in page
    assert f'<a href="/bilagor/{sheet.attachment.key}/">Säkerhetsdatablad</a>' in page
    assert "Gäller till och med 18 maj" in page
    assert "licens 12 34, bevisad till och med 18 maj" in page
    assert "Utgivaren" in page
    assert "KRAV" not in page
    shelf = text_of(signed_in(cast.requester).get("/katalog/?q=104412"))
    assert f'src="/bilagor/{first.attachment.key}/liten/" alt=""' in shelf
    assert "<span>Fairtrade, Svanen</span>" in shelf
    illustrations.remove_picture(picture=first, by=cast.manager, at=NOW)
    illustrations.remove_picture(picture=second, by=cast.manager, at=NOW)
    assert "pictograms.svg#" in page_of(cast)
    assert "/bilagor/" not in text_of(signed_in(cast.requester).get("/katalog/?q=104412"))


def test_what_the_department_bought_in_a_year_is_summed(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 12))
    worlds.submitted(cast, (cast.gloves, 8))
    adjusted = RequisitionLine.objects.earliest("pk")
    RequisitionLine.objects.filter(pk=adjusted.pk).update(approved_quantity=Decimal(10))
    other = worlds.submitted(cast, (cast.gloves, 5)).lines.get()
    RequisitionLine.objects.filter(pk=other.pk).update(status=LineStatus.WITHDRAWN)
    page = page_of(cast)
    assert "18 askar på ett år, i 2 beställningar." in page
    assert "Elin Bergvall" in page
    assert "askar på ett år" not in text_of(signed_in(cast.stranger).get(ADDRESS))
    assert "Vad har ni beställt" not in text_of(signed_in(cast.auditor).get(ADDRESS))


def test_who_answers_and_who_steps_in_are_named(cast: Cast) -> None:
    page = page_of(cast)
    assert "<dd>Karin Sundblad</dd>" in page
    assert "<dd>Sofia Ekdahl</dd>" in page
    Absence.objects.create(user=cast.manager, during=(TODAY, TODAY + timedelta(days=3)))
    assert "borta till och med 20 maj" in page_of(cast)


def test_words_that_find_the_item_are_listed(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(size="M")
    for term, means in (("plasthandske", "handske"), ("medium", "m"), ("large", "l"), ("stol", "pall")):
        Synonym.objects.create(term=term, means=means)
    assert "<dd>medium, plasthandske</dd>" in page_of(cast)


def test_only_who_answers_is_led_to_the_page_that_changes_it(cast: Cast) -> None:
    assert "/artiklar/104412/filer/" in text_of(signed_in(cast.manager).get(ADDRESS))
    assert "/artiklar/104412/filer/" not in page_of(cast)


def test_it_is_decided_at_once_only_until_the_week_has_asked_for_too_much(cast: Cast) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=500)
    worlds.basket(cast, (cast.gown, 1))
    assert "Beslutas direkt." in page_of(cast)
    worlds.submitted(cast, (cast.gloves, 8), by=cast.colleague)
    page = page_of(cast)
    assert "Beslutas direkt." not in page
    assert "Svar senast" in page


def test_a_price_is_told_with_the_year_of_both_its_days(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(date(2021, 1, 1), date(2023, 1, 1)))
    assert "2021-01-01–2022-12-31" in page_of(cast)


def test_the_page_asks_as_many_questions_however_much_there_is(cast: Cast) -> None:
    client = signed_in(cast.requester)
    worlds.submitted(cast, (cast.gloves, 1))
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    for number in range(4):
        picture(cast, item=cast.gloves, width=60 + number)
        document(cast, item=cast.gloves, text=str(number))
        label = Label.objects.create(code=str(number), name=f"Märke {number}")
        ItemLabel.objects.create(item=cast.gloves, label=label)
        worlds.submitted(cast, (cast.gloves, 1))
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS)
    assert len(many) == len(few) <= ITEM_QUERIES, [each["sql"][:100] for each in many]
