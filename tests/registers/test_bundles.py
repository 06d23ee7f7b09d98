"""One file feeds several registers: one difference, applied in one transaction, taken back as one."""

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Supplier
from audit.models import Entry
from catalog.models import Item, Price, Substitution
from core.addresses import address_of
from core.errors import InvalidInput, NotPermitted
from registers import tasks
from registers.bundles import BUNDLES
from registers.models import Application, ChangeKind, Import
from registers.operations import rehearsing
from registers.operations.applying import RegisterHasChanged, apply_import, take_back_import
from registers.operations.imports import Wishes, read_again, request_import, run_import
from registers.operations.leaving_out import leave_out
from tests.cast import NOW, Cast
from tests.catalog.proposing import may_rise
from tests.pages import signed_in

HEAD = "Artikelnummer;Namn;Kategori;Basenhet;Beställningsenhet;Pris\n"


def handed_in(text: str, *, is_complete: bool = False, constants: Mapping[str, str] | None = None) -> Import:
    return request_import(
        register=BUNDLES["price_list"],
        file_name="prislista.csv",
        content=BytesIO(text.encode()),
        by=None,
        at=NOW,
        is_complete=is_complete,
        constants=constants,
    )


def compared(cast: Cast, text: str, *, is_complete: bool = False, **constants: str) -> Import:
    """A price list of the cast's agreement, that is read and compared."""
    of_all = {
        "prices.agreement": cast.agreement.number,
        "prices.supplier": cast.supplier.org_number,
        "prices.from_date": "2021-06-01",
        **{name.replace("__", "."): value for name, value in constants.items()},
    }
    of_import = run_import(of_import=handed_in(text, is_complete=is_complete, constants=of_all), at=NOW)
    assert of_import.error == ""
    return of_import


def counts(of_import: Import) -> dict[str, dict[str, int]]:
    return {
        part.register_name: {kind: count for kind, count in part.counts().items() if count}
        for part in of_import.with_followers()
    }


def rows(cast: Cast, *cells: str) -> str:
    return HEAD + "".join(f"{each}\n" for each in cells)


@pytest.fixture(params=["few", "many"])
def _tried(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try every difference on the tables themselves, and on their copies."""
    monkeypatch.setattr(rehearsing, "MANY", 0 if request.param == "many" else 10_000)


@pytest.mark.usefixtures("_tried")
def test_new_items_come_with_their_prices_and_go_with_them(cast: Cast) -> None:
    gloves = f"{cast.gloves.number};{cast.gloves.name};{cast.gloves.category.code};par;ask;60,90"
    text = rows(
        cast, gloves, "NY-1;Kompress;10;st;ask;12,50", "NY-2;Tejp;10;st;st;", "NY-3;Sax;finns inte;st;st;9"
    )
    of_import = compared(cast, text)
    assert counts(of_import) == {
        "items": {"changed": 1, "new": 2, "refused": 1},
        "prices": {"new": 2, "refused": 1},
    }
    (change,) = of_import.followers.get().changes.filter(kind=ChangeKind.REFUSED)
    assert (change.row, change.column) == (5, "item")
    assert change.sentence == "NY-3 finns inte i registret som raden hänvisar till."
    assert not Item.objects.filter(number="NY-1").exists()
    apply_import(of_import=of_import, by=None, at=NOW)
    assert Price.objects.get(item__number="NY-1").agreement == cast.agreement
    assert Price.objects.filter(item=cast.gloves).count() == 2
    prices = Entry.objects.filter(event="register.row_added", subject_type="catalog.price")
    assert prices.count() == 2
    take_back_import(of_import=of_import.followers.get(), by=None, at=NOW)
    assert not Item.objects.filter(number="NY-1").exists()
    (price,) = Price.objects.filter(item=cast.gloves)
    assert price.valid_during.upper is None


def test_rises_and_falls_are_told_with_what_they_come_to_in_a_year(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(usual_weekly_quantity=10)
    text = f"Artikelnummer;Pris\n{cast.gloves.number};60\n{cast.gown.number};100\n"
    of_import = compared(cast, text)
    prices = of_import.followers.get()
    moves = prices.moves()
    assert moves is not None
    assert (moves.rises, moves.falls, moves.raised, moves.lowered) == (1, 1, Decimal(1040), None)
    assert {change.key.split("\x1f")[0]: change.was for change in prices.changes.all()} == {
        cast.gloves.number: 58,
        cast.gown.number: 149,
    }


def test_a_price_that_goes_on_is_no_new_price(cast: Cast) -> None:
    text = f"Artikelnummer;Pris\n{cast.gloves.number};58,00\n{cast.gown.number};150\n"
    of_import = compared(cast, text)
    assert counts(of_import)["prices"] == {"new": 1, "unchanged": 1}
    apply_import(of_import=of_import, by=None, at=NOW)
    assert Price.objects.filter(item=cast.gloves).count() == 1
    again = compared(cast, text)
    assert counts(again) == {"items": {"unchanged": 2}, "prices": {"unchanged": 2}}


def test_a_complete_list_ends_what_its_own_agreement_has_beside_it(cast: Cast) -> None:
    text = f"Artikelnummer;Pris\n{cast.gloves.number};60\n"
    of_import = compared(cast, text, is_complete=True)
    assert counts(of_import) == {"items": {"unchanged": 1}, "prices": {"new": 1, "ended": 1}}
    apply_import(of_import=of_import, by=None, at=NOW)
    ended = Price.objects.get(item=cast.gown)
    assert str(ended.valid_during.upper) == "2021-06-01"
    assert Price.objects.get(item=cast.chair).valid_during.upper is None
    assert Item.objects.filter(pk__in=[cast.gown.pk, cast.chair.pk]).count() == 2


def test_a_price_whose_new_item_is_left_out_is_refused_when_the_rest_is_written(cast: Cast) -> None:
    text = rows(cast, "NY-1;Kompress;10;st;ask;12,50", "NY-2;Tejp;10;st;st;8")
    of_import = compared(cast, text)
    change = of_import.changes.get(key="NY-1")
    leave_out(of_import=of_import, ids=[change.pk], by=None, at=NOW)
    apply_import(of_import=of_import, by=None, at=NOW)
    assert counts(of_import) == {"items": {"new": 1}, "prices": {"new": 1, "refused": 1}}
    assert list(
        Price.objects.filter(item__number__startswith="NY").values_list("item__number", flat=True)
    ) == ["NY-2"]


def test_an_item_in_several_rows_is_one_and_two_that_differ_are_told(cast: Cast) -> None:
    text = "Artikelnummer;Namn;Kategori;Basenhet;Beställningsenhet\nNY-1;A;10;st;st\nNY-1;A;10;st;st\nNY-1;B;10;st;st\n"
    of_import = compared(cast, text.replace("st\n", "st;\n").replace("enhet\n", "enhet;Pris\n"))
    assert counts(of_import)["items"] == {"new": 1, "refused": 1}


def test_what_is_said_of_all_rows_changes_no_item_that_is_there(cast: Cast) -> None:
    text = f"Artikelnummer;Namn;Pris\n{cast.gown.number};{cast.gown.name};5\nNY-1;Ny;6\n"
    of_import = compared(
        cast, text, items__category=cast.office.code, items__base_unit="st", items__order_unit="ask"
    )
    assert counts(of_import)["items"] == {"new": 1, "unchanged": 1}
    apply_import(of_import=of_import, by=None, at=NOW)
    assert Item.objects.get(number="NY-1").order_unit == "ask"
    cast.gown.refresh_from_db()
    assert cast.gown.category == cast.medical


def test_a_register_that_changes_meanwhile_stops_all_of_it(cast: Cast) -> None:
    of_import = compared(cast, rows(cast, "NY-1;Kompress;10;st;ask;12,50"))
    Item.objects.create(number="NY-1", name="X", category=cast.medical, base_unit="st", order_unit="st")
    with pytest.raises(RegisterHasChanged):
        apply_import(of_import=of_import, by=None, at=NOW)
    assert not Price.objects.filter(item__number="NY-1").exists()


def test_headings_are_asked_for_and_remembered_of_their_source(cast: Cast) -> None:
    text = "Art;Benämning;À-pris\nNY-1;Kompress;12,50\n"
    whose = {
        "prices.agreement": cast.agreement.number,
        "prices.supplier": cast.supplier.org_number,
    }
    of_import = handed_in(text, constants=whose)
    assert of_import.status == "failed"
    headings = {"Art": "items.number,prices.item", "Benämning": "items.name", "À-pris": "prices.unit_price"}
    again = run_import(
        of_import=read_again(of_import=of_import, wishes=Wishes(said=headings), by=None, at=NOW), at=NOW
    )
    assert list(again.followers.get().headings) == [
        ["Art", "item"],
        ["Benämning", ""],
        ["À-pris", "unit_price"],
    ]
    third = handed_in(text, constants=whose)
    assert third.status == "queued"


def test_a_file_that_cannot_be_read_fails_for_all_its_registers(cast: Cast) -> None:
    of_import = handed_in('Artikelnummer;Avtalsnummer;Pris\n1;2;3\n"4;5;6\n7;8;9\n1;2;3\n', constants={})
    tasks.run_import(import_id=of_import.pk)
    assert set(Import.objects.values_list("status", flat=True)) == {"failed"}


def test_only_those_who_may_write_in_every_register_hand_a_list_in(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        request_import(
            register=BUNDLES["price_list"],
            file_name="x.csv",
            content=BytesIO(HEAD.encode()),
            by=cast.requester,
            at=NOW,
        )
    with pytest.raises(InvalidInput):
        handed_in(HEAD + "NY-1;A;10;st;st;1\n", constants={"prices.from_date": "i morgon"})


def test_replacements_come_with_the_list(cast: Cast) -> None:
    text = (
        "items.number;substitutions.to_item;prices.item;prices.unit_price;substitutions.from_item\n"
        f"{cast.gown.number};{cast.gown.number};{cast.gown.number};149;{cast.gloves.number}\n"
        f"{cast.chair.number};{cast.chair.number};{cast.chair.number};;\n"
    )
    of_import = compared(cast, text)
    assert counts(of_import)["substitutions"] == {"new": 1}
    apply_import(of_import=of_import, by=None, at=NOW)
    assert Substitution.objects.get().to_item == cast.gown


def test_a_price_list_from_the_form_to_taking_it_back(cast: Cast) -> None:
    page = "/register/price_list/inlasningar/"
    client = signed_in(cast.manager)
    may_rise(cast)
    assert page in client.get("/register/prices/").content.decode()
    text = rows(cast, f"{cast.gloves.number};{cast.gloves.name};{cast.gloves.category.code};par;ask;87")
    file = SimpleUploadedFile("lista.csv", text.encode())
    fields = {
        "alla-prices.agreement": cast.agreement.number,
        "alla-prices.supplier": cast.supplier.org_number,
        "alla-prices.from_date": "2021-06-01",
    }
    response = client.post(page, {"file": file, **fields, "alla-prices.from_date": "igår"})
    assert "”igår” är inget datum" in response.content.decode()
    file.seek(0)
    answer = client.post(page, {"file": file, **fields})
    lead = Import.objects.get(led_by=None)
    assert answer.headers["Location"] == address_of(lead)
    tasks.run_import(import_id=lead.pk)
    prices = lead.followers.get()
    content = client.get(f"{address_of(prices)}?visa=rises").content.decode()
    assert "Var 58, +50" in content
    assert "Filen ändrar" in content
    assert address_of(lead) in content
    client.post(f"{address_of(lead)}genomfor/", {"how": "decide", "reason": "Enligt avtalet"})
    tasks.run_application(application_id=Application.objects.latest("pk").pk)
    assert Price.objects.filter(item=cast.gloves).count() == 2
    assert "lista.csv" in client.get(page).content.decode()
    assert signed_in(cast.requester).get(page).status_code == 403


def test_a_price_that_cannot_be_read_is_refused_though_its_key_is_said_of_all_rows(cast: Cast) -> None:
    of_import = compared(cast, f"Artikelnummer;Pris\n{cast.gloves.number};abc\n{cast.gown.number};150\n")
    assert counts(of_import)["prices"] == {"new": 1, "refused": 1}
    (change,) = of_import.followers.get().changes.filter(kind=ChangeKind.REFUSED)
    assert change.sentence == "”abc” är inget tal."


def _other_supplier_import(cast: Cast, cells: str) -> Import:
    """A list of the paper supplier, outside agreements, in which one item has the number of the gloves."""
    return compared(
        cast,
        f"Artikelnummer;Namn;GTIN;Pris;Avtalsnummer\n{cells};\nNY-1;Penna;;6;\n",
        prices__agreement="",
        prices__supplier=Supplier.objects.get(name="Kustpapper AB").org_number,
        items__category="10",
        items__base_unit="st",
        items__order_unit="st",
    )


@pytest.mark.parametrize("price", ["5", "abc"])
def test_a_number_that_another_supplier_sells_under_already_is_refused(cast: Cast, price: str) -> None:
    of_import = _other_supplier_import(cast, f"{cast.gloves.number};Brevkorg;;{price}")
    assert counts(of_import) == {"items": {"new": 1, "refused": 1}, "prices": {"new": 1, "refused": 1}}
    (change,) = of_import.changes.filter(kind=ChangeKind.REFUSED)
    assert (change.row, change.column) == (2, "number")
    assert change.sentence.startswith("Artikelnumret finns redan, med priser bara från andra leverantörer.")
    apply_import(of_import=of_import, by=None, at=NOW)
    cast.gloves.refresh_from_db()
    assert cast.gloves.name.startswith("Undersökningshandske")
    assert Price.objects.filter(item=cast.gloves).count() == 1


def test_an_item_is_the_same_by_its_gtin_and_where_the_supplier_has_had_a_price_of_it(cast: Cast) -> None:
    item_cells = f"{cast.gloves.number};{cast.gloves.name}"
    Item.objects.filter(pk=cast.gloves.pk).update(gtin="7350000000017")
    assert counts(_other_supplier_import(cast, f"{item_cells};7350000000024;5"))["prices"] == {
        "new": 1,
        "refused": 1,
    }
    for same in (f"{item_cells};7350000000017;5", f"7350000000017;{cast.gloves.name};7350000000017;5"):
        of_import = _other_supplier_import(cast, same)
        assert counts(of_import) == {"items": {"new": 1, "unchanged": 1}, "prices": {"new": 2}}
    apply_import(of_import=of_import, by=None, at=NOW)
    Item.objects.filter(pk=cast.gloves.pk).update(gtin="")
    assert counts(_other_supplier_import(cast, f"{item_cells};;7"))["prices"] == {
        "changed": 1,
        "unchanged": 1,
    }
