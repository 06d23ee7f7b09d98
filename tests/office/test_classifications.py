"""CPV and EMDN come in by the register's own import, are found by code and by word, and are given to items and agreements."""

import gzip
from io import BytesIO
from pathlib import Path

import pytest

from agreements.models import Agreement
from catalog.models import Item
from categories.models import ClassificationCode, Scheme
from registers.models import ChangeKind
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.operations.rows import RowRefused, change_row
from registers.register import REGISTERS
from tests.cast import NOW, Cast
from tests.long import LONG
from tests.pages import signed_in
from tests.registers.test_files import compared
from tests.shared import shared

FILES = Path(__file__).parents[2] / "office" / "classifications"
SYRINGES = ("33141310-6", "Injektionssprutor", "Syringes")
WANTED = {
    "33000000-0",
    "33100000-1",
    "33140000-3",
    "33141000-0",
    "33141300-3",
    "33141310-6",
    "A",
    "A01",
    "A0101",
    "A010101",
}


def part_of(name: str) -> bytes:
    """The codes that the tests speak of, with all above them, from the file that comes with the program."""
    head, *rows = gzip.decompress((FILES / name).read_bytes()).decode().splitlines()
    return "\n".join([head, *(row for row in rows if row.split(",")[0] in WANTED)]).encode()


@pytest.fixture
def codes(cast: Cast) -> None:
    """The codes that the tests speak of."""
    for name in ("cpv.csv.gz", "emdn.csv.gz"):
        upload = request_import(
            register=REGISTERS["classifications"],
            file_name=name,
            content=BytesIO(part_of(name)),
            by=None,
            at=NOW,
        )
        of_import = apply_import(of_import=run_import(of_import=upload, at=NOW), by=None, at=NOW)
        assert of_import.counts()["refused"] == 0


@pytest.mark.usefixtures("codes")
def test_codes_come_with_what_is_above_them() -> None:
    code = ClassificationCode.objects.get(code=SYRINGES[0])
    assert (code.scheme, code.name, code.name_en) == (Scheme.CPV, *SYRINGES[1:])
    above = []
    while code.parent is not None:
        code = code.parent
        above.append(code.code)
    assert above == ["33141000-0", "33140000-3", "33100000-1", "33000000-0"]
    needles = ClassificationCode.objects.get(code="A010101")
    assert (needles.name, str(needles.parent)) == (
        "Hypodermic needles",
        "A0101 Needles for infusion and sampling",
    )


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize("words", ["33141310", "injektionssprut", "syringes", "hypodermic"])
def test_a_code_is_found_by_number_and_by_word_in_either_language(cast: Cast, words: str) -> None:
    page = signed_in(cast.manager).get("/register/classifications/", {"q": words}).content.decode()
    assert ("A010101" if words == "hypodermic" else SYRINGES[0]) in page
    assert "33000000-0" not in page


@pytest.mark.usefixtures("codes")
def test_items_and_agreements_are_given_codes_of_the_right_scheme(cast: Cast) -> None:
    head = "Artikelnummer;CPV-kod;EMDN-kod;UNSPSC-kod\n"
    number = cast.gloves.number
    of_import = compared(
        "items", f"{head}{number};{SYRINGES[0]};A010101;42142500\n{cast.gown.number};A010101;;\n"
    )
    (change,) = of_import.changes.filter(kind=ChangeKind.REFUSED)
    assert change.sentence == "A010101 finns inte i registret som raden hänvisar till."
    apply_import(of_import=of_import, by=None, at=NOW)
    item = Item.objects.get(number=number)
    assert (str(item.cpv), item.unspsc) == ("33141310-6 Injektionssprutor", "42142500")
    page = signed_in(cast.requester).get(f"/katalog/{number}/").content.decode()
    assert "33141310-6 Injektionssprutor" in page
    assert "A010101 Hypodermic needles" in page
    listed = signed_in(cast.manager).get("/register/items/", {"cpv": SYRINGES[0]}).content.decode()
    assert (number in listed, cast.chair.number in listed) == (True, False)
    agreements = REGISTERS["agreements"]
    with pytest.raises(RowRefused):
        change_row(
            register=agreements, row_id=cast.agreement.pk, cells={"cpv": "A01"}, by=cast.manager, at=NOW
        )
    change_row(
        register=agreements, row_id=cast.agreement.pk, cells={"cpv": SYRINGES[0]}, by=cast.manager, at=NOW
    )
    assert Agreement.objects.get().cpv == item.cpv
    address = f"/avtal/{cast.agreement.pk}/"
    assert "33141310-6 Injektionssprutor" in signed_in(cast.manager).get(address).content.decode()


def test_codes_come_also_from_a_file_that_says_nothing_of_what_is_above_them(cast: Cast) -> None:
    of_import = compared("classifications", "Kod;Klassificering;Namn\nA01;emdn;Nålar\n")
    assert of_import.counts()["new"] == 1
    apply_import(of_import=of_import, by=None, at=NOW)
    assert ClassificationCode.objects.get().parent is None


def test_a_code_is_written_as_its_scheme_has_it(cast: Cast) -> None:
    of_import = compared("classifications", "Kod;Klassificering;Namn\n33141310;cpv;Sprutor\nA01;cpv;X\n")
    assert {change.sentence for change in of_import.changes.all()} == {
        "Koden är inte skriven som sin klassificering: 33141420-0 i CPV, A010101 i EMDN."
    }


@pytest.mark.skipif(not LONG, reason="make test-long takes both classifications in, all of them")
@pytest.mark.parametrize(("name", "count"), [("cpv", 9454), ("emdn", 8453)])
def test_the_whole_of_a_classification_comes_in(cast: Cast, name: str, count: int) -> None:
    upload = request_import(
        register=REGISTERS["classifications"],
        file_name=f"{name}.csv.gz",
        content=BytesIO((FILES / f"{name}.csv.gz").read_bytes()),
        by=None,
        at=NOW,
    )
    of_import = apply_import(of_import=run_import(of_import=upload, at=NOW), by=None, at=NOW)
    assert (of_import.counts()["new"], of_import.counts()["refused"]) == (count, 0)
    source = {"cpv": "cpv_2008_en_sv.csv", "emdn": "emdn_v2.tsv"}[name]
    text = shared(f"classification/{source}").read_text("utf-8-sig")
    assert all(code in text for code in ClassificationCode.objects.values_list("code", flat=True))
