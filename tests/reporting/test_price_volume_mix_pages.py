"""The pages and files of price, volume and mix: who sees which categories, that every sum opens, and what an index says beside."""

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.test import Client

from agreements.models import IndexSeries, IndexValue
from core.periods import add_months
from history.models import PurchaseHistoryLine
from tests import cast as cast_module
from tests.cast import Cast
from tests.pages import flat, signed_in
from tests.reporting.initiatives import delivered
from tests.reporting.test_price_volume_mix import example_d, line, replaces

PAGE = "/besparingar/pris-volym-mix/"


def page(client: Client, address: str) -> str:
    """What a page says, on one line, with ordinary spaces."""
    response = client.get(address)
    assert response.status_code == 200, address
    return flat(response.content.decode()).replace("\u00a0", " ")


def consumer_prices(values: dict[int, str]) -> IndexSeries:
    """An index that is the same in all months of a year."""
    series = IndexSeries.objects.create(code="KPI", name="Konsumentpriser", source="SCB", base="1980 = 100")
    months = [
        (date(year, month, 1), Decimal(value)) for year, value in values.items() for month in range(1, 13)
    ]
    IndexValue.objects.bulk_create(
        IndexValue(series=series, month=month, value=value, published_date=add_months(month, 1))
        for month, value in months
    )
    return series


def test_worked_example_d_on_the_page(cast: Cast) -> None:
    """DOMAIN 2.5, example D, with an index that rose by ten per cent: Fisher 98.32 against 110 is 89.38."""
    example_d(cast)
    consumer_prices({2019: "100", 2020: "110"})
    text = page(signed_in(cast.controller), f"{PAGE}?ar=2020&index=KPI")
    assert "Inköpen minskade med 3 900 kr" in text
    assert "Lägre priser gav 900 kr" in text
    for number in ("30 000", "−900", "−3 000", "+6 000", "−9 000", "26 100"):
        assert number in text, number
    for number in ("98,32", "100,00", "96,67", "88,49", "110,00", "89,38"):
        assert number in text, number
    assert "medelvärdet av januari 2020 till december 2020" in text


def test_the_categories_that_changed_least_are_put_together_and_open(cast: Cast) -> None:
    for number in range(17):
        within = cast_module.category(f"9{number:02}", f"Kategori {number}", account=cast.account)
        line(date(2020, 5, 1), 100 + number, of_item=None, within=within)
    line(date(2019, 5, 1), 1, of_item=None, within=within)
    client = signed_in(cast.controller)
    rows = client.get(f"{PAGE}?ar=2020").context["rows"]
    assert [row.label for row in rows[-2:]] == ["Kategori 2", "Övriga kategorier"]
    assert rows[-1].split.after == 201
    every = client.get(f"{PAGE}{rows[-1].url}")
    assert len(every.context["rows"]) == 17
    assert every.context["total"].split.after == sum(row.split.after for row in rows)


def test_a_month_that_is_not_published_is_said(cast: Cast) -> None:
    example_d(cast)
    consumer_prices({2019: "100"})
    text = page(signed_in(cast.controller), f"{PAGE}?ar=2020&index=KPI")
    assert "Indextalet för januari 2020 i KPI saknas." in text
    assert "Mot index" not in text.split("Så är det räknat")[0].split("Hur mycket ändrades priserna?")[1]


def test_a_category_opens_to_its_items_and_they_to_their_lines(cast: Cast) -> None:
    a, b = example_d(cast)
    client = signed_in(cast.controller)
    table = client.get(f"{PAGE}?ar=2020")
    (row,) = table.context["rows"]
    assert row.url in table.content.decode().replace("&amp;", "&")
    items = client.get(row.url)
    assert [each.item for each, _url in items.context["page_obj"]] == [b, a]
    assert items.context["row"].split == row.split
    for each, url in items.context["page_obj"]:
        lines = client.get(url)
        assert sum(delivered_line.amount for delivered_line in lines.context["page_obj"]) == (
            each.thing.before.amount + each.thing.after.amount
        )
        assert lines.context["change"] == each
    assert len(lines.context["page_obj"]) == 3


def test_lines_of_what_replaced_an_item_are_among_its_own(cast: Cast) -> None:
    _a, b = example_d(cast)
    replaces(cast.gloves, b)
    delivered(cast, date(2020, 8, 1), "1", "4200")
    client = signed_in(cast.controller)
    query = f"ar=2020&egen={cast.gloves_category.code}"
    assert f"ersatt av {cast.gloves.number}" in page(client, f"{PAGE}artiklar/?{query}")
    lines = client.get(f"{PAGE}rader/?{query}&artikel={b.number}")
    assert {delivered_line.item for delivered_line in lines.context["page_obj"]} == {b, cast.gloves}


def test_lines_without_item_and_without_category_open_too(cast: Cast) -> None:
    line(date(2019, 5, 1), 70, of_item=None, within=cast.gloves_category)
    line(date(2020, 5, 1), 5, of_item=None, within=None)
    client = signed_in(cast.controller)
    table = client.get(f"{PAGE}?ar=2020")
    assert "Utan kategori" in table.content.decode()
    assert "Utan artikel" in table.content.decode()
    for row in table.context["rows"]:
        ((each, url),) = client.get(row.url).context["page_obj"]
        assert each.item is None
        (delivered_line,) = client.get(url).context["page_obj"]
        assert delivered_line.amount in (each.thing.before.amount, each.thing.after.amount)


def test_manager_sees_her_own_categories_only(cast: Cast) -> None:
    example_d(cast)
    line(date(2020, 5, 1), 5, of_item=None, within=None)
    manager, other = signed_in(cast.manager), signed_in(cast.office_deputy)
    assert [row.label for row in manager.get(f"{PAGE}?ar=2020").context["rows"]] == [
        str(cast.gloves_category)
    ]
    assert other.get(f"{PAGE}?ar=2020").context["rows"] == []
    query = f"ar=2020&egen={cast.gloves_category.code}"
    assert not other.get(f"{PAGE}artiklar/?{query}").context["page_obj"].object_list
    assert not other.get(f"{PAGE}rader/?{query}&artikel=A").context["page_obj"].object_list
    assert other.get(f"{PAGE}csv/?ar=2020").getvalue().count(b"\r\n") == 1
    assert other.get(f"{PAGE}?ar=2020&kategori={cast.medical.code}").status_code == 422


def test_files_have_what_the_page_has(cast: Cast) -> None:
    example_d(cast)
    client = signed_in(cast.auditor)
    rows = list(
        csv.reader(StringIO(client.get(f"{PAGE}csv/?ar=2020").getvalue().decode("utf-8-sig")), delimiter=";")
    )
    assert [row[2] for row in rows[1:]] == ["B", "A"]
    assert rows[2][6:] == ["1000,000000", "1500,000000", "10000,00", "13500,00", "15000,00", "9000,00"]
    book = openpyxl.load_workbook(BytesIO(client.get(f"{PAGE}excel/?ar=2020").getvalue()))
    assert book.sheetnames == ["Per kategori", "Per artikel", "Metod"]
    total = [cell.value for cell in list(book["Per kategori"].rows)[-1]]
    assert total[:4] == ["Totalt", 30_000, -900, -3_000]
    assert [f"{Decimal(str(value)):.2f}" for value in total[11:15]] == ["98.32", "100.00", "96.67", "88.49"]


@pytest.mark.parametrize(
    "query",
    [
        "fran=2020-02-01&till=2020-01-01&mot_fran=2019-01-01&mot_till=2019-12-31",
        "fran=2020-01-01&till=2020-12-31&mot_fran=2019-01-01&mot_till=2020-01-01",
        "fran=2020-01-01",
        "ar=2020&index=finns-inte",
    ],
)
def test_periods_that_cannot_be_compared_are_refused_on_the_page_and_not_found_behind_it(
    cast: Cast, query: str
) -> None:
    client = signed_in(cast.controller)
    assert client.get(f"{PAGE}?{query}").status_code == 422
    for behind in ("artiklar/", "rader/", "excel/", "csv/"):
        assert client.get(f"{PAGE}{behind}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["?ar=x", "?ar=99999", "artiklar/?ar=2020&egen=x", "rader/?ar=2020&artikel=x"]
)
def test_what_does_not_exist_is_not_found(cast: Cast, query: str) -> None:
    assert signed_in(cast.controller).get(f"{PAGE}{query}").status_code == 404


def test_savings_page_leads_managers_too(cast: Cast) -> None:
    assert f"{PAGE}?ar=2020" in page(signed_in(cast.manager), "/besparingar/?ar=2020")


def test_imported_lines_are_split_by_product_group_and_year(cast: Cast) -> None:
    for day, price in (("2019-05-01", 10), ("2020-05-01", 12), ("2021-05-01", 9)):
        PurchaseHistoryLine.objects.create(
            source="ledger",
            external_id=day,
            delivered_date=day,
            item_key="papper",
            description="Papper",
            category_name="Kontor",
            quantity=10,
            unit="ask",
            unit_price=price,
            amount=10 * price,
            currency="EUR",
        )
    consumer_prices({2019: "100", 2020: "110"})
    client = signed_in(cast.controller)
    text = page(client, "/prisjamforelse/pris-volym-mix/?kalla=ledger")
    assert "Inköpen minskade med 30 EUR 2021" in text
    assert "Lägre priser gav 30 EUR." in text
    text = page(client, "/prisjamforelse/pris-volym-mix/?kalla=ledger&ar=2020&index=KPI")
    for words in ("Högre priser kostade 20 EUR.", "Kontor", "120,00", "110,00", "109,09"):
        assert words in text, words
    assert "/prisjamforelse/pris-volym-mix/?kalla=ledger" in page(client, "/prisjamforelse/?kalla=ledger")
    for query in ("kalla=x", "kalla=ledger&ar=2018", "kalla=ledger&ar=x", "kalla=ledger&index=x"):
        assert client.get(f"/prisjamforelse/pris-volym-mix/?{query}").status_code == 404


def test_nothing_imported_has_nothing_to_split(cast: Cast) -> None:
    text = page(signed_in(cast.controller), "/prisjamforelse/pris-volym-mix/")
    assert "Det finns inget att jämföra än" in text
