"""
The process that reads one workbook, from its standard input to lines of JSON on its standard output.

It is started by `registers.reading.workbooks`, alone and without the rest of the program, and ends itself when it needs more
memory or time than it was given.
"""

import json
import re
import resource
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from registers.reading.binary_cells import Refused, TooManyMerged, names_of_xlsb, of_xls, of_xlsb

STEP = 500
"""So many rows are handed over at a time."""

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_HAS_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)\b[^>]*>[^<]")
_IS_ERROR = re.compile(rb'\bt="e"')
_ERRORS = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!)|Err:[0-9]{3}")


BROKEN = (
    CalamineError,
    zipfile.BadZipFile,
    expat.ExpatError,
    struct.error,
    ValueError,
    LookupError,
    RuntimeError,
    OSError,
)
"""What a damaged file makes of those who read it."""


class _Failure(Exception):
    """The workbook is not read, and why."""


def main() -> None:
    """Read, and tell of whatever stops it."""
    memory, seconds, unpacked = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _read(unpacked)
    except _Failure as failure:
        _tell({"failure": str(failure)})
    except PasswordError:
        _tell({"failure": "locked"})
    except (MemoryError, TooManyMerged):
        _tell({"failure": "large"})
    except BROKEN:
        _tell({"failure": "broken"})


def _read(unpacked: int) -> None:
    file = sys.stdin.buffer
    is_packed = file.read(2) == b"PK"
    file.seek(0)
    refusals = _archive_refusals(unpacked) if is_packed else {}
    if not is_packed and _ENCRYPTED in file.read():
        raise _Failure("locked")
    file.seek(0)
    workbook = CalamineWorkbook.from_filelike(file)
    if not is_packed:
        file.seek(0)
        refusals = of_xls(file.read(), [metadata.name for metadata in workbook.sheets_metadata])
    for metadata in workbook.sheets_metadata:
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        if metadata.visible != SheetVisibleEnum.Visible:
            _tell({"hidden": metadata.name})
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        _tell({"sheet": metadata.name, "rows": sheet.height})
        _send_rows(sheet, refusals.get(metadata.name, {}))


def _send_rows(sheet: CalamineSheet, refusals: Refused) -> None:
    first = sheet.start[1] if sheet.start else 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if bottom - top > 100_000 or right - left > 16_384:
            raise _Failure("large")
        for row in range(top, bottom + 1):
            refusals[row] = refusals.get(row, {}) | dict.fromkeys(range(left, right + 1), "merged")
    step: list[Any] = []
    for number, cells in enumerate(sheet.iter_rows()):
        why = refusals.get(number)
        if why is None and not any(cell != "" for cell in cells):
            continue
        row_refusals = [[column - first, reason] for column, reason in (why or {}).items() if column >= first]
        step.append([number + 1, [_plain(cell) for cell in cells], row_refusals])
        if len(step) == STEP:
            _tell(step)
            step = []
    if step:
        _tell(step)


def _plain(cell: Any) -> Any:
    """A value as JSON has it; numbers as a spreadsheet program shows them, with fifteen digits."""
    if isinstance(cell, float):
        return float(f"{cell:.15g}")
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, str | int | bool) else str(cell)


def _tell(message: Any) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _archive_refusals(unpacked: int) -> dict[str, Refused]:
    """Look through the parts of a packed workbook for what must not be there, and for cells that have no value to read."""
    with zipfile.ZipFile(sys.stdin.buffer) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > unpacked or len(parts) > 10_000:
            raise _Failure("large")
        if any(part.flag_bits & 1 for part in parts):
            raise _Failure("locked")
        names = set(archive.namelist())
        for name in names:
            with archive.open(name) as part:
                head = part.read(4096)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise _Failure("entities")
        if "content.xml" in names:
            return _OpenDocument().read(archive)
        if "xl/workbook.xml" in names:
            return {name: _refused(archive.read(path)) for name, path in _sheets(archive) if path in names}
        if "xl/workbook.bin" in names:
            sheets = names_of_xlsb(archive.read("xl/workbook.bin"))
            parts_of = _parts(archive, "xl/workbook.bin")
            path_by_sheet = {name: parts_of.get(relation, "") for name, relation in sheets}
            return {
                name: of_xlsb(archive.read(path)) for name, path in path_by_sheet.items() if path in names
            }
        return {}


def _parts(archive: zipfile.ZipFile, workbook: str) -> dict[str, str]:
    """The parts that an Excel workbook refers to, by relation."""
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship"):
            target = attributes.get("Target", "")
            is_whole = target.startswith("/")
            targets[attributes.get("Id", "")] = (
                target.lstrip("/") if is_whole else str(PurePosixPath("xl") / target)
            )

    _listen(archive.read(workbook.replace("xl/", "xl/_rels/") + ".rels"), relation)
    return targets


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give each sheet of an Excel workbook with the part that it is in."""
    names: list[tuple[str, str]] = []

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            names.append((attributes.get("name", ""), identity))

    parts = _parts(archive, "xl/workbook.xml")
    _listen(archive.read("xl/workbook.xml"), sheet)
    for name, identity in names:
        yield name, parts.get(identity, "")


def _listen(content: bytes, begun: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = begun
    parser.Parse(content, True)


def _refused(content: bytes) -> Refused:
    """The cells of an Excel sheet that show an error, or are formulas that were never worked out."""
    refusals: Refused = {}
    if not (_HAS_FORMULA.search(content) or _IS_ERROR.search(content)):
        return refusals
    for cell in _CELL.finditer(content):
        attributes, inside = cell[1], cell[2] or b""
        is_error = _IS_ERROR.search(attributes)
        if not is_error and (not _HAS_FORMULA.search(inside) or _has_value(attributes, inside)):
            continue
        place = _REFERENCE.search(attributes)
        if place is None:
            raise _Failure("broken")
        row, column = int(place[2]) - 1, _column(place[1].decode())
        refusals.setdefault(row, {})[column] = "error" if is_error else "formula"
    return refusals


def _has_value(attributes: bytes, inside: bytes) -> bool:
    """A formula whose value is empty text has been worked out too; programs say then that it is text."""
    return bool(_HAS_VALUE.search(inside)) or b't="str"' in attributes


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _OpenDocument:
    """Finds, in an ODS file, cells that are merged, show an error, or are formulas that were never worked out."""

    def __init__(self) -> None:
        self.refused: dict[str, Refused] = {}
        self.sheet: Refused = {}
        self.row = self.column = self.rows = 0
        self.cell: tuple[int, str] | None = None
        self.text = ""

    def read(self, archive: zipfile.ZipFile) -> dict[str, Refused]:
        """Go through the cells."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start_element
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._write_text
        with archive.open("content.xml") as content:
            parser.ParseFile(content)
        return self.refused

    def _start_element(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "table:table":
                self.sheet = self.refused.setdefault(attributes.get("table:name", ""), {})
                self.row = 0
            case "table:table-row":
                self.column, self.rows = 0, int(attributes.get("table:number-rows-repeated", "1"))
            case "table:table-cell" | "table:covered-table-cell":
                times = int(attributes.get("table:number-columns-repeated", "1"))
                why = self._why(tag, attributes)
                if why and times * self.rows > 100_000:
                    raise _Failure("large")
                if why:
                    self._refuse(times, why)
                self.cell, self.text = (times, attributes.get("table:formula", "")), ""
                self.column += times

    def _why(self, tag: str, attributes: dict[str, str]) -> str:
        spans = ("table:number-columns-spanned", "table:number-rows-spanned")
        if tag == "table:covered-table-cell" or any(attributes.get(span, "1") != "1" for span in spans):
            return "merged"
        if attributes.get("calcext:value-type") == "error":
            return "error"
        return "formula" if "table:formula" in attributes and "office:value-type" not in attributes else ""

    def _refuse(self, times: int, why: str) -> None:
        for row in range(self.row, self.row + self.rows):
            columns = range(self.column, self.column + times)
            self.sheet[row] = self.sheet.get(row, {}) | dict.fromkeys(columns, why)

    def _write_text(self, text: str) -> None:
        if self.cell is not None and self.cell[1] and len(self.text) < 20:
            self.text += text

    def _ended(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell") and self.cell is not None:
            times, formula = self.cell
            if formula and _ERRORS.fullmatch(self.text.strip()):
                self.column -= times
                self._refuse(times, "error")
                self.column += times
            self.cell = None
        elif tag == "table:table-row":
            self.row += self.rows
