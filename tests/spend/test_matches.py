"""Which of our suppliers a ledger's supplier is: suggested with a ground, decided by a person, remembered."""

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from agreements.models import Supplier
from audit.models import Entry
from core.errors import NotPermitted
from spend.matches import decided_matches, unmatched
from spend.models import BookedCost, Meaning, SupplierMatch
from spend.operations.matches import (
    MatchedAlready,
    NotMatched,
    UnknownLedgerSupplier,
    match_supplier,
    undo_match,
)
from spend.operations.meanings import decide_meaning
from spend.rows import name_key, supplier_key
from tests.cast import NOW, Cast
from tests.races import race
from tests.spend.ledgers import SOURCE, YEAR, brought_in, table

pytestmark = pytest.mark.usefixtures("cast")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Mölnlycke Health Care AB", "mölnlycke health care"),
        ("MÖLNLYCKE  Health-Care Aktiebolag (publ)", "mölnlycke health care"),
        ("Bygg & Måleri HB", "bygg och måleri"),
        ("AB", "ab"),
        ("", ""),
        ("!!", ""),
    ],
)
def test_a_name_is_known_however_it_is_spelt(name: str, key: str) -> None:
    assert name_key(name) == key


def test_an_organisation_number_goes_before_the_name() -> None:
    assert supplier_key("556016-0680", "Ericsson") == "556016-0680"
    assert supplier_key("17", "Ericsson AB") == "ericsson"
    assert supplier_key("17", "") == "17"


def bring_in(cast: Cast) -> tuple[str, str]:
    """Rows of one supplier by our own number, one nearly by name, and one that nobody knows."""
    number, name = cast.supplier.org_number, cast.paper_supplier.name
    brought_in(
        table(
            {"Organisationsnummer": number, "Leverantör": "Annat namn", "Belopp": "300"},
            {"Leverantör": f"{name.upper()} (publ)", "Belopp": "200"},
            {"Leverantör": "Qvxzzy Jkw", "Belopp": "500"},
            {"Leverantör": "", "Belopp": "50"},
            {"Leverantör": "Lönebyrån", "Konto": "7010", "Belopp": "999"},
        ),
        cast.controller,
    )
    decide_meaning(source="", first_account="7010", meaning=Meaning.OTHER, by=cast.controller, at=NOW)
    return number, name_key(name)


def test_the_largest_come_first_each_with_what_speaks_for_a_match(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    number, key = bring_in(cast)
    with django_assert_num_queries(3):
        rows, count = unmatched(YEAR, limit=10)
    assert [(each.key, each.amount) for each in rows] == [
        ("qvxzzy jkw", Decimal(500)),
        (number, Decimal(300)),
        (key, Decimal(200)),
    ]
    assert count == 3
    nobody, by_number, by_name = (each.suggestion for each in rows)
    assert nobody is None
    assert by_number is not None
    assert (by_number.supplier, by_number.alike) == (cast.supplier, None)
    assert by_name is not None
    assert (by_name.supplier, by_name.alike) == (cast.paper_supplier, Decimal("1.00"))


def test_a_match_holds_of_rows_that_are_here_and_of_those_to_come(cast: Cast) -> None:
    number, key = bring_in(cast)
    before = list(BookedCost.objects.order_by("pk").values())
    match_supplier(source=SOURCE, key=number, supplier=cast.supplier, by=cast.controller, at=NOW)
    match_supplier(source=SOURCE, key="qvxzzy jkw", supplier=None, by=cast.controller, at=NOW)
    assert [each.key for each in unmatched(YEAR, limit=10)[0]] == [key]
    assert list(BookedCost.objects.order_by("pk").values()) == before
    brought_in(
        table(
            {"Radens nummer": "11", "Organisationsnummer": number},
            {"Radens nummer": "12", "Leverantör": "Qvxzzy Jkw"},
        ),
        cast.controller,
    )
    assert [each.key for each in unmatched(YEAR, limit=10)[0]] == [key]
    assert [(each.name, each.supplier) for each in decided_matches(SOURCE)] == [
        ("Qvxzzy Jkw", None),
        ("Annat namn", cast.supplier),
    ]
    assert Entry.objects.filter(event="ledger_supplier.matched").count() == 2


def test_a_match_is_of_its_source(cast: Cast) -> None:
    number, _key = bring_in(cast)
    match_supplier(source=SOURCE, key=number, supplier=cast.supplier, by=cast.controller, at=NOW)
    with pytest.raises(UnknownLedgerSupplier):
        match_supplier(source="agresso", key=number, supplier=cast.supplier, by=cast.controller, at=NOW)


def test_undoing_is_a_new_decision(cast: Cast) -> None:
    number, _key = bring_in(cast)
    facts: dict[str, Any] = {"source": SOURCE, "key": number, "by": cast.controller, "at": NOW}
    match_supplier(supplier=cast.supplier, **facts)
    with pytest.raises(MatchedAlready):
        match_supplier(supplier=None, **facts)
    undo_match(**facts)
    with pytest.raises(NotMatched):
        undo_match(**facts)
    assert number in [each.key for each in unmatched(YEAR, limit=10)[0]]
    match_supplier(supplier=None, **facts)
    assert list(SupplierMatch.objects.order_by("pk").values_list("supplier", "is_undone")) == [
        (cast.supplier.pk, False),
        (None, True),
        (None, False),
    ]


def test_only_finance_decides(cast: Cast) -> None:
    number, _key = bring_in(cast)
    for person in (cast.head, cast.auditor, cast.manager, cast.administrator, cast.requester):
        with pytest.raises(NotPermitted):
            match_supplier(source=SOURCE, key=number, supplier=cast.supplier, by=person, at=NOW)
        with pytest.raises(NotPermitted):
            undo_match(source=SOURCE, key=number, by=person, at=NOW)
    assert not SupplierMatch.objects.exists()


def test_nobody_is_matched_without_a_key(cast: Cast) -> None:
    bring_in(cast)
    for key in ("", "okänd"):
        with pytest.raises(UnknownLedgerSupplier):
            match_supplier(source=SOURCE, key=key, supplier=None, by=cast.controller, at=NOW)


def test_suggestions_need_suppliers(cast: Cast) -> None:
    brought_in(table({"Leverantör": "X"}), cast.controller)
    rows, _count = unmatched(YEAR, limit=10)
    assert rows[0].suggestion is None
    assert Supplier.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_do_not_both(cast: Cast) -> None:
    number, _key = bring_in(cast)
    facts: dict[str, Any] = {"source": SOURCE, "key": number, "by": cast.controller, "at": NOW}
    first, second = race(
        lambda: match_supplier(supplier=cast.supplier, **facts),
        lambda: match_supplier(supplier=None, **facts),
    )
    assert sorted(type(each).__name__ for each in (first, second)) == ["MatchedAlready", "SupplierMatch"]
    assert SupplierMatch.objects.count() == 1
