"""A difference says what would be refused, of many rows as of few."""

from datetime import date

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Supplier
from catalog.models import Item, Price, Substitution, Synonym
from catalog.states import ItemStatus
from registers.models import ChangeKind, Import
from registers.operations import current_rows, rehearsing
from registers.operations.applying import apply_import
from registers.operations.changing import source_of
from registers.operations.writer import Writer
from registers.register import REGISTERS
from tests.cast import NOW, TODAY, Cast, many_items
from tests.registers.test_files import compared

PRICES = "Artikelnummer;Avtalsnummer;Leverantör;Pris;Från och med;Till och med\n"


@pytest.fixture(params=["few", "many"])
def _tried(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Try every difference on the table itself, and on its copy, the register as long as the file or much longer."""
    monkeypatch.setattr(rehearsing, "MANY", 0 if request.param == "many" else 10_000)
    monkeypatch.setattr(current_rows, "SEVERAL_TIMES", 0 if request.param == "many" else 10_000)


def refused(of_import: Import) -> dict[int, str]:
    """Why rows are refused, by their places in the file."""
    rows = of_import.changes.filter(kind=ChangeKind.REFUSED, row__gt=0)
    return {change.row: change.sentence for change in rows}


@pytest.mark.usefixtures("_tried")
def test_what_the_database_and_the_rules_refuse_is_told_in_the_difference(cast: Cast) -> None:
    price = Price.objects.filter(item=cast.gloves).get()
    same = f"{cast.gloves.number};{cast.agreement.number};{cast.supplier.org_number}"
    other = cast.chair.number
    another = Supplier.objects.create(
        name="Annan AB", org_number="550000-9999", order_email="order@annan.example"
    )
    text = (
        f"{PRICES}{same};61;2017-01-01;2018-06-30\n"  # goes into the period that is there
        f"{same};62;2021-06-01;2021-05-01\n"  # ends before it begins
        f"{other};{cast.agreement.number};{another.org_number};63;2021-06-01;\n"  # another's agreement
        f"{same};64;2021-07-01;\n"
    )
    of_import = compared("prices", text)
    assert {row: sentence.split(",")[0].split(".")[0] for row, sentence in refused(of_import).items()} == {
        2: "Perioden går in i en annan rad för samma sak",
        3: "Sista dagen kommer före den första",
        4: "Priset står under ett avtal med en annan leverantör",
    }
    price.refresh_from_db()
    assert (price.valid_during.upper, Price.objects.filter(item=cast.gloves).count()) == (None, 1)
    apply_import(of_import=of_import, by=None, at=NOW)
    assert Price.objects.get(item=cast.gloves, unit_price=64).valid_during.lower == date(2021, 7, 1)


@pytest.mark.usefixtures("_tried")
def test_what_is_unique_without_being_the_key_is_told(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gown.pk).update(gtin="7350000000017")
    head = "Artikelnummer;Namn;Kategori;Basenhet;Beställningsenhet;GTIN\n"
    of_import = compared("items", f"{head}NY-1;Ny;10;st;st;7350000000017\nNY-2;Ny;10;st;st;7350000000024\n")
    assert refused(of_import) == {2: "Det finns redan en rad med samma uppgifter."}
    Synonym.objects.create(term="Näsduk", means="Servett")
    of_import = compared("synonyms", "Sökord;Betyder\nnäsduk;servett\n")
    assert refused(of_import) == {2: "Det finns redan en rad med samma uppgifter."}


@pytest.mark.usefixtures("_tried")
def test_changed_and_ended_rows_are_tried_too(cast: Cast) -> None:
    old = Price.objects.filter(item=cast.gloves).get()
    Price.objects.filter(pk=old.pk).update(valid_during=DateRange(date(2018, 1, 1), date(2020, 1, 1)))
    later = Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=9,
        valid_during=DateRange(date(2020, 1, 1), None),
    )
    same = f"{cast.gloves.number};{cast.agreement.number};{cast.supplier.org_number}"
    of_import = compared("prices", f"{PRICES}{same};58;2018-01-01;2020-03-01\n{same};8;2020-01-01;\n")
    assert refused(of_import) == {2: "Perioden går in i en annan rad för samma sak."}
    assert Price.objects.get(pk=later.pk).unit_price == 9


def test_the_copy_is_gone_when_the_difference_is_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsing, "MANY", 0)
    count = Price.objects.count()
    same = f"{cast.gloves.number};{cast.agreement.number};{cast.supplier.org_number}"
    compared("prices", f"{PRICES}{same};64;2021-07-01;\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'catalog_price'::regclass")
        assert cursor.fetchone() == ("p",)
    assert Price.objects.count() == count


def test_a_new_period_is_held_against_all_that_is_there_once(cast: Cast) -> None:
    """What a row refers to is not looked up anew beside each row of the register."""
    many_items(cast, 3)
    lines = "".join(
        f"{number};{cast.agreement.number};{cast.supplier.org_number};1;2021-07-01;\n"
        for number in Item.objects.values_list("number", flat=True)
    )
    of_import = compared("prices", PRICES + lines)
    succeeded = Writer(REGISTERS["prices"]).succeeded(source_of(of_import, ChangeKind.NEW), TODAY)
    assert succeeded is not None
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {succeeded.sql}", list(succeeded.parameters))
        plan = [row[0] for row in cursor.fetchall()]
    joining = [line for line in plan if "Cond" in line or "Filter" in line]
    assert any("same_0" in line for line in joining)
    assert not [line for line in joining if "same_" in line and "SubPlan" in line]


def test_what_only_a_trigger_refuses_is_told_of_many_rows_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsing, "MANY", 0)
    leaving = "Artikelnummer;Status;Sista beställningsdag;Namn\n"
    items = compared(
        "items",
        f"{leaving}{cast.gloves.number};phasing_out;2027-01-01;Handske\n{cast.gown.number};standard;;Rock\n",
    )
    circle = f"{cast.gown.number};{cast.chair.number};2021-01-01\n{cast.chair.number};{cast.gown.number};2021-01-01\n"
    replacements = compared("substitutions", f"Artikel;Ersätts av;Från och med\n{circle}")
    assert refused(items)[2].startswith("Ange vad som ersätter artikeln när den utgår.")
    assert refused(replacements)[3].startswith("Artikeln ersätter redan, direkt eller via andra")
    assert Item.objects.get(pk=cast.gown.pk).name != "Rock", "what was tried is taken back"
    for of_import in (items, replacements):
        apply_import(of_import=of_import, by=None, at=NOW)
    assert (len(refused(items)), len(refused(replacements))) == (1, 1)
    assert Item.objects.get(pk=cast.gown.pk).name == "Rock"


def test_a_last_day_of_what_leaves_already_is_tried_where_it_stands(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file says nothing of the state; the item has it."""
    monkeypatch.setattr(rehearsing, "MANY", 0)
    Substitution.objects.create(
        from_item=cast.gloves, to_item=cast.gown, valid_during=DateRange(date(2021, 1, 1), date(2022, 1, 1))
    )
    Item.objects.filter(pk=cast.gloves.pk).update(
        status=ItemStatus.PHASING_OUT, last_order_date=date(2021, 6, 1)
    )
    items = compared("items", f"Artikelnummer;Sista beställningsdag\n{cast.gloves.number};2023-01-01\n")
    assert refused(items)[2].startswith("Ange vad som ersätter artikeln när den utgår.")


def test_registers_with_triggers_that_refuse_are_tried_in_place(cast: Cast) -> None:
    """A trigger that refuses is not on the copy, so whoever writes one says which rows it asks about."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosrc LIKE '%%RAISE EXCEPTION%%' AND pronamespace = 'public'::regnamespace"
        )
        refusing = [name for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgname NOT LIKE '%%_not_emptied'"
            " AND (p.proname = ANY(%s) OR p.prosrc ~ ANY(%s))",
            [refusing, refusing],
        )
        guarded = {name for (name,) in cursor.fetchall()}
    untried = {
        register.name
        for register in REGISTERS.values()
        if register.model._meta.db_table in guarded
        and register.tried_in_place is None
        and register.ledger is None
        and register.settle is None
    }
    assert untried == set()
