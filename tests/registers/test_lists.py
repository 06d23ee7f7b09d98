"""Lists of registers: searched, narrowed and sorted, page by page, and the same rows as files."""

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement
from catalog.models import Item
from organizations.models import User
from registers import downloads, listing, words
from registers.listing import Selection, UnknownSelection
from registers.register import REGISTERS
from tests.cast import Cast, item, many_items
from tests.pages import signed_in, text_of
from tests.registers.test_files import compared

pytestmark = pytest.mark.usefixtures("at_nine")


def selection(name: str, address: str) -> Selection:
    return Selection.of(REGISTERS[name], QueryDict(address).dict())


def names(chosen: Selection) -> list[str]:
    return [row.name for row in chosen.ordered()]


def test_pages_follow_each_other_both_ways(cast: Cast) -> None:
    many_items(cast, 60)
    for order in (
        "",
        "name",
        "-name",
        "gtin",
        "-gtin",
        "last_order_date",
        "-status",
        "-units_per_order_unit",
    ):
        chosen = selection("items", f"antal=25&ordning={order}")
        everything = [row.pk for row in chosen.ordered()]
        assert len(everything) == Item.objects.count()
        forwards, page = [], chosen.page()
        assert page.newer is None
        pages = [page]
        while page.older is not None:
            page = chosen.page(after=page.older)
            pages.append(page)
        forwards = [row.pk for each in pages for row in each.rows]
        assert forwards == everything, order
        backwards = pages[-1]
        for expected in reversed(pages[:-1]):
            assert backwards.newer is not None
            backwards = chosen.page(before=backwards.newer)
            assert [row.pk for row in backwards.rows] == [row.pk for row in expected.rows], order
        assert backwards.newer is None


def test_a_page_that_began_at_a_row_that_is_gone_is_the_first(cast: Cast) -> None:
    chosen = selection("items", "")
    assert [row.pk for row in chosen.page(after=10**12).rows] == [row.pk for row in chosen.page().rows]


def test_swedish_letters_come_last_and_are_found(cast: Cast) -> None:
    for number, name in enumerate(["Ögonskydd", "Ärmskydd", "Ångbrytare", "Zinkpasta"]):
        item(f"9990{number}", name, cast.office, unit="st")
    item_names = names(selection("items", "ordning=name&category=" + cast.office.code))
    assert item_names[-4:] == ["Zinkpasta", "Ångbrytare", "Ärmskydd", "Ögonskydd"]
    assert names(selection("items", "q=ögon")) == ["Ögonskydd"]
    assert names(selection("items", "q=ogonskydd")) == ["Ögonskydd"]
    cast.administration.name = "Österlens förvaltning"
    cast.administration.save()
    assert names(selection("administrations", "q=öster")) == ["Österlens förvaltning"]


def test_numbers_are_found_by_how_they_begin(cast: Cast) -> None:
    assert names(selection("items", f"q={cast.gloves.number[:3]}")) == [
        each.name
        for each in Item.objects.filter(number__startswith=cast.gloves.number[:3]).order_by("number")
    ]
    assert not names(selection("items", f"q={cast.gloves.number[1:]}"))


@pytest.mark.parametrize("words", ["RS 653-2020", "rs 2020/653", "avtal rs 653-2020", "ra 2020-014"])
@pytest.mark.parametrize("register", ["agreements", "agreement_suppliers"])
def test_a_number_of_several_words_is_found_in_either_way_of_writing_it(
    cast: Cast, register: str, words: str
) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(title="Avtal om handskar")
    (row,) = selection(register, f"q={words}").ordered()
    assert cast.agreement in (row, getattr(row, "agreement", None))
    assert not selection(register, "q=RS 654-2020").ordered()


def test_what_a_row_refers_to_is_searched_by_its_name_too(cast: Cast) -> None:
    users = [row.user for row in selection("roles", "q=bergvall").ordered()]
    assert set(users) == {cast.requester}


def test_a_list_is_narrowed_by_what_rows_have_in_common(cast: Cast) -> None:
    assert [row.user for row in selection("roles", "role=administrator").ordered()] == [cast.administrator]
    wards = selection("roles", f"cost_center={cast.ward.cost_center}")
    assert {row.department for row in wards.ordered()} == {cast.ward}
    gloves = Item.objects.filter(category=cast.gloves_category)
    assert set(selection("items", f"category={cast.medical.code}").ordered()) >= set(gloves) > set()
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    assert [row.pk for row in selection("people", "is_active=false").ordered()] == [cast.stranger.pk]


@pytest.mark.parametrize("address", ["ordning=x", "role=x", "q=%00"])
def test_an_address_that_names_what_is_not_there(address: str) -> None:
    with pytest.raises(UnknownSelection):
        selection("roles", address)


def test_such_an_address_is_not_found(cast: Cast) -> None:
    assert signed_in(cast.administrator).get("/register/roles/?ordning=x").status_code == 404


def test_a_long_list_stands_in_the_order_of_its_key(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 2)
    monkeypatch.setattr(words, "MOST_COUNTED", 2)
    chosen = selection("items", "ordning=-name")
    numbers = [row.number for row in chosen.ordered()]
    assert numbers == sorted(numbers)
    page = text_of(signed_in(cast.administrator).get("/register/items/?ordning=-name"))
    assert "Över 2 rader, i nyckelns ordning" in page
    assert 'aria-sort="ascending"><a' in page


def test_a_choice_is_sorted_as_it_is_read(cast: Cast) -> None:
    labels = [str(row.get_role_display()) for row in selection("roles", "ordning=role").ordered()]
    assert labels == sorted(labels, key=str.lower)


def test_names_stand_beside_keys(cast: Cast) -> None:
    page = text_of(signed_in(cast.administrator).get("/register/departments/"))
    code = cast.ward.administration.code
    assert f"{code} {cast.ward.administration.name}" in page
    page = text_of(signed_in(cast.administrator).get("/register/roles/"))
    assert f"Elin Bergvall</a><p>{cast.requester.email}</p>" in page
    assert "10 000,00" in page
    page = text_of(signed_in(cast.administrator).get("/register/prices/"))
    assert "Tills vidare" in page


@pytest.mark.parametrize(
    "name", ["departments", "people", "roles", "categories", "posts", "items", "prices", "agreements"]
)
def test_a_downloaded_list_is_a_file_that_changes_nothing(cast: Cast, name: str) -> None:
    client = signed_in(cast.administrator)
    answer = client.get(f"/register/{name}/lista.csv")
    content = b"".join(answer).decode("utf-8-sig")
    assert len(content.splitlines()) == 1 + REGISTERS[name].model._default_manager.count()
    of_import = compared(name, content)
    assert {change.kind for change in of_import.changes.all()} == {"unchanged"}, [
        (change.kind, change.column, change.reason, change.before) for change in of_import.changes.all()
    ]


def test_files_have_what_the_list_has(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    lines = list(
        csv.reader(
            io.StringIO(b"".join(client.get("/register/roles/lista.csv?q=bergvall")).decode("utf-8-sig")),
            delimiter=";",
        )
    )
    assert [line[0] for line in lines] == ["E-postadress", cast.requester.email]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/register/roles/lista.xlsx?q=bergvall"))))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][:4] == (cast.requester.email, "Beställare", cast.ward.cost_center, 10_000)


def test_what_is_too_long_for_a_workbook_comes_as_csv(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_CELLS", len(REGISTERS["roles"].bound))
    client = signed_in(cast.administrator)
    assert "lista.xlsx" in text_of(client.get("/register/roles/?q=bergvall"))
    assert "lista.xlsx" not in text_of(client.get("/register/roles/"))
    answer = client.get("/register/roles/lista.xlsx?role=requester")
    assert answer.headers["Location"] == "/register/roles/lista.csv?role=requester"


def test_the_template_says_what_each_column_may_hold(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/register/roles/mall.xlsx"))))
    headings = [str(column.heading) for column in REGISTERS["roles"].bound.values()]
    assert [cell.value for cell in book.worksheets[0][1]] == headings
    text_by_column = {str(line[0]): str(line[1]) for line in book["Förklaringar"].iter_rows(values_only=True)}
    assert "Budgetansvarig" in text_by_column["Roll"]
    assert text_by_column["E-postadress"] == "Nyckel. E-postadress ur registret Personer."
    csv_file = b"".join(client.get("/register/roles/mall.csv")).decode("utf-8-sig")
    assert csv_file == ";".join(headings) + "\r\n"


def test_in_english(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    client.cookies["django_language"] = "en"
    assert "<h1>Roles</h1>" in text_of(client.get("/register/roles/"))
    assert (
        b"".join(client.get("/register/roles/mall.csv"))
        .decode("utf-8-sig")
        .startswith("E-mail address;Role;")
    )


@pytest.mark.parametrize("order", ["name", "-name", "size", "base_unit", "-order_unit"])
def test_texts_of_items_are_paged_by_their_index(cast: Cast, order: str) -> None:
    """The hundredth page of sixty thousand items costs what the first does: the index answers where it begins."""
    selection = Selection.of(REGISTERS["items"], {"ordning": order})
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        selection.page(after=cast.gown.pk)
        (ids,) = [each["sql"] for each in queries if "LIMIT 51" in each["sql"]]
        cursor.execute(f"EXPLAIN {ids}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"item_by_{order.removeprefix('-')}" in plan
    assert "Index Cond: (ROW(" in plan
