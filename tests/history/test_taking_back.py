"""Lines of an import are taken back as long as nothing has been built on them, and no line goes in any other way."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Entry
from core.errors import DomainError
from history.models import PurchaseHistoryLine
from history.price_savings import price_savings
from office.registers.purchases import BaselinesFrozen, Reported, SavingsCounted
from registers.models import Import
from registers.operations.applying import take_back_import
from reporting.models import ChangedMonth, Saving
from reporting.operations.months import sum_up_months
from tests.cast import NOW, Cast
from tests.history.scms_files import EXTRACT, ID, brought_in, table
from tests.races import race
from tests.reporting import follow_ups, initiatives


def test_an_import_can_be_taken_back_and_the_file_handed_in_again(db: None) -> None:
    first = brought_in(EXTRACT.read_bytes())
    second = brought_in(table({ID: "x1"}, {ID: "x2"}).encode())
    take_back_import(of_import=first, by=None, at=NOW)
    assert set(PurchaseHistoryLine.objects.values_list("of_import", flat=True)) == {second.pk}
    assert price_savings(source="scms").total.lines_without_baseline == 2
    assert Entry.objects.about(first).filter(event="register.import_taken_back").exists()
    assert brought_in(EXTRACT.read_bytes()).counts()["new"] == 21
    assert price_savings(source="scms").total.lines == 11


def known_lines(cast: Cast, item: str = "") -> Import:
    """Three lines of the last months of 2020, of an item in the assortment or of none."""
    rows = (
        "Transaktion;Datum;Benämning;Antal;Pris;Kostnadsställe;Kategori;Organisationsnummer;Artikelnummer\n"
    )
    rows += "".join(
        f"{month};2020-{month}-02;Handske;2;58;{cast.ward.cost_center};Handskar;{cast.supplier.org_number};{item}\n"
        for month in (10, 11, 12)
    )
    return brought_in(rows.encode(), cast.controller, source="Raindance")


def test_what_baselines_are_frozen_on_is_not_taken_back(cast: Cast) -> None:
    of_import = known_lines(cast, cast.gloves.number)
    initiatives.frozen(cast, initiatives.initiative(cast, effective=date(2021, 3, 1)))
    with pytest.raises(BaselinesFrozen):
        take_back_import(of_import=of_import, by=cast.controller, at=NOW)
    assert PurchaseHistoryLine.objects.filter(of_import=of_import).count() == 3


def test_what_is_counted_as_saved_is_not_taken_back(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    of_import = known_lines(cast, cast.gloves.number)
    initiatives.computed()
    with pytest.raises(SavingsCounted):
        take_back_import(of_import=of_import, by=cast.controller, at=NOW)


def test_what_a_report_has_told_is_not_taken_back(cast: Cast) -> None:
    of_import, other = known_lines(cast), brought_in(EXTRACT.read_bytes(), cast.controller)
    follow_ups.built(cast)
    with pytest.raises(Reported, match="2020"):
        take_back_import(of_import=of_import, by=cast.controller, at=NOW)
    take_back_import(of_import=other, by=cast.controller, at=NOW)


def test_what_a_report_compares_with_is_not_taken_back(cast: Cast) -> None:
    """Each indicator of a report on 2021 is told beside that of the same time in 2020."""
    of_import = known_lines(cast)
    follow_ups.frozen(cast, year=2021, through_date=date(2021, 3, 31))
    with pytest.raises(Reported, match="2021"):
        take_back_import(of_import=of_import, by=cast.controller, at=NOW)


def test_lines_go_only_with_their_import(db: None) -> None:
    of_import = brought_in(table({}, {}).encode())
    for statement in (
        "DELETE FROM history_purchasehistoryline",
        "UPDATE history_purchasehistoryline SET amount = 0",
        "TRUNCATE history_purchasehistoryline CASCADE",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    take_back_import(of_import=of_import, by=None, at=NOW)
    assert not PurchaseHistoryLine.objects.exists()


def test_the_months_of_lines_that_went_are_summed_anew(db: None) -> None:
    of_import = brought_in(table({}).encode())
    sum_up_months()
    assert not ChangedMonth.objects.exists()
    take_back_import(of_import=of_import, by=None, at=NOW)
    assert set(ChangedMonth.objects.values_list("month", flat=True)) == {date(2006, 6, 1)}


@pytest.mark.django_db(transaction=True)
def test_lines_are_counted_as_saved_or_taken_back_and_never_both(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    of_import = known_lines(cast, cast.gloves.number)
    _run, taken_back = race(
        initiatives.computed, lambda: take_back_import(of_import=of_import, by=cast.controller, at=NOW)
    )
    is_refused = isinstance(taken_back, DomainError)
    assert Saving.objects.filter(history_line__of_import=of_import).exists() == is_refused
    assert PurchaseHistoryLine.objects.filter(of_import=of_import).exists() == is_refused
