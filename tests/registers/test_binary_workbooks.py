"""XLS and XLSB: a cell that shows an error is refused with its reason, and never read as an empty one."""

import io

import pytest

from registers.reading.lines import Line, lines
from registers.reading.workbooks import BrokenWorkbook, CellWithError, MergedCell, WorkbookTooLarge
from tests.registers import binary_files as made

CELLS: made.Cells = {
    (0, 0): "Kod",
    (0, 1): "Pris",
    (1, 0): "å",
    (1, 1): made.error(),
    (2, 0): made.truth(value=True),
    (2, 1): made.formula_with_error(),
    (3, 0): made.truth(value=False),
    (3, 1): 2.5,
}


def read(content: bytes) -> list[Line]:
    return list(lines(io.BytesIO(content), file_name="fil"))


def refused(found: list[Line]) -> list[tuple[str, int, dict[int, type]]]:
    """Sheet, row and the columns that are refused, of the lines that have any."""
    each = [
        (line.sheet, line.row, {place: type(why) for place, why in line.refused.items()}) for line in found
    ]
    return [line for line in each if line[2]]


@pytest.mark.parametrize("is_small", [True, False], ids=["in small sectors", "in large sectors"])
def test_errors_of_xls_are_refused(is_small: bool) -> None:
    content = made.xls({"Ett": CELLS, "Blad 2": {(4, 2): made.error(), (4, 3): "x"}}, is_small=is_small)
    rows = read(content)
    assert refused(rows) == [
        ("Ett", 2, {1: CellWithError}),
        ("Ett", 3, {1: CellWithError}),
        ("Blad 2", 5, {0: CellWithError}),
    ]
    assert [line.cells for line in rows if not line.refused] == [["Kod", "Pris"], [False, 2.5]]


def test_a_row_with_nothing_but_an_error_is_not_an_empty_row() -> None:
    rows = read(made.xls({"Ett": {(0, 0): "Kod", (1, 0): made.formula_with_error()}}, is_small=True))
    assert refused(rows) == [("Ett", 2, {0: CellWithError})]


def test_errors_and_merged_cells_of_xlsb_are_refused() -> None:
    first = [
        made.row(0), made.text(0, "Kod"), made.text(1, "Pris"),
        made.row(1), made.text(0, "a"), made.wrong(1),
        made.row(300), made.text(0, "å" * 100), made.wrong(1, is_formula=True),
    ]  # fmt: skip
    second = [made.row(0), made.text(0, "Kod"), made.row(2), made.text(1, "x"), made.merged(2, 2, 0, 1)]
    rows = read(made.xlsb({"Ett": first, "Två": second}))
    assert refused(rows) == [
        ("Ett", 2, {1: CellWithError}),
        ("Ett", 301, {1: CellWithError}),
        ("Två", 3, {0: MergedCell, 1: MergedCell}),
    ]


def test_absurd_merges_and_records_that_end_too_soon_get_a_sentence() -> None:
    head = [made.row(0), made.text(0, "Kod")]
    with pytest.raises(WorkbookTooLarge):
        read(made.xlsb({"Ett": [*head, made.merged(0, 2**31, 0, 1)]}))
    content = made.xls({"Ett": CELLS})
    for length in (600, 1100, 2000):
        with pytest.raises(BrokenWorkbook):
            read(content[:length])


def test_sectors_that_go_in_a_ring_are_ended() -> None:
    content = bytearray(made.xls({"Ett": CELLS}))
    content[512 + 4 * 3 : 512 + 4 * 4] = (2).to_bytes(4, "little")
    with pytest.raises(BrokenWorkbook):
        read(bytes(content))
