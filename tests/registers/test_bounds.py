"""Numbers and periods that cannot be, whatever the register: the file says which column, and between what."""

import pytest

from catalog.models import Price
from core.errors import InvalidInput
from registers.operations import rehearsing
from registers.operations.applying import apply_import
from registers.operations.rows import add_row
from registers.register import REGISTERS
from tests.cast import NOW, TODAY, Cast
from tests.registers.test_files import compared
from tests.registers.test_rehearsing import refused

PRICES = "Artikelnummer;Avtalsnummer;Leverantör;Minsta antal;Pris;Från och med;Till och med\n"


@pytest.mark.parametrize("many", [0, 10_000], ids=["many rows", "few rows"])
def test_a_price_of_nothing_and_a_period_backwards_are_said(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(rehearsing, "MANY", many)
    same = f"{cast.chair.number};{cast.agreement.number};{cast.supplier.org_number}"
    lines = [f"{same};1;0;2021-06-01;", f"{same};0;61;2021-06-01;", f"{same};1;61;2021-06-02;2021-06-01"]
    of_import = compared("prices", PRICES + "\n".join(lines) + "\n")
    assert refused(of_import) == {
        2: "Pris ska vara större än 0.",
        3: "Minsta antal ska vara större än 0.",
        4: "Sista dagen kommer före den första.",
    }
    assert not Price.objects.filter(item=cast.chair, unit_price__in=(0, 61)).exists()


def test_a_number_that_cannot_be_is_said_of_one_row_too(cast: Cast) -> None:
    cells = {"number": "NY-1", "name": "Ny", "category": "10", "base_unit": "st", "order_unit": "ask"}
    with pytest.raises(InvalidInput, match=r"Basenheter per beställningsenhet ska vara större än 0\."):
        add_row(
            register=REGISTERS["items"], cells=cells | {"units_per_order_unit": "0"}, by=cast.manager, at=NOW
        )


def test_what_begins_today_and_is_gone_from_a_whole_file_ends_today(cast: Cast) -> None:
    """A list that is corrected the same day leaves no price without days behind."""
    terms, same = f"{cast.agreement.number};{cast.supplier.org_number}", Price.objects.get(item=cast.gloves)
    first = (
        PRICES
        + f"{cast.gloves.number};{terms};1;58;2018-01-01;\n{cast.gown.number};{terms};1;149;2018-01-01;\n"
    )
    new = f"{cast.chair.number};{terms};1;61;{TODAY.isoformat()};\n"
    apply_import(of_import=compared("prices", first + new), by=None, at=NOW)
    apply_import(of_import=compared("prices", first, is_complete=True), by=None, at=NOW)
    ended = Price.objects.get(item=cast.chair, agreement=cast.agreement)
    assert (ended.valid_during.lower, ended.end_date) == (TODAY, TODAY)
    same.refresh_from_db()
    assert same.end_date is None


def test_an_agreement_that_ends_before_it_begins_is_said(cast: Cast) -> None:
    head = "Avtalsnummer;Rubrik;Kategori;Leverantör;Förfarande;Första dag;Sista dag\n"
    org_number = cast.supplier.org_number
    of_import = compared(
        "agreements", f"{head}RA 1;Ny;10;{org_number};Öppet förfarande;2021-06-02;2021-06-01\n"
    )
    assert refused(of_import) == {2: "Sista dagen kommer före den första."}
