"""Binary workbooks with cells that no Python library writes: errors, and formulas that came out wrong."""

import struct
from collections.abc import Mapping, Sequence

from tests.registers.files import OFFICE, PACKAGE, archive

DIVISION = 0x07
"""The code of #DIV/0!"""

Cells = Mapping[tuple[int, int], str | float | bytes]
"""What stands in the cells: text, a number, or records' own bytes after the place, with the record's number first."""

SECTOR = 512
NOTHING, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(sheets: Mapping[str, Cells], *, is_small: bool = False) -> bytes:
    """An XLS file; one that is small has its records in the small sectors of the compound file."""
    globals_ = _record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + _record(0x0042, b"\xb0\x04")
    bodies = [_xls_sheet(cells) for cells in sheets.values()]
    headings = [struct.pack("<BB", len(name), 0) + name.encode("latin-1") for name in sheets]
    place = len(globals_) + sum(4 + 6 + len(heading) for heading in headings) + 4
    for heading, body in zip(headings, bodies, strict=True):
        globals_ += _record(0x0085, struct.pack("<IH", place, 0) + heading)
        place += len(body)
    stream = globals_ + _record(0x000A, b"") + b"".join(bodies)
    return _compound(stream, is_small=is_small)


def error(code: int = DIVISION) -> bytes:
    """A cell of an XLS file that shows an error."""
    return struct.pack("<HHBB", 0x0205, 0, code, 1)


def truth(value: bool) -> bytes:
    """A cell of an XLS file that is true or false, in the record that also errors have."""
    return struct.pack("<HHBB", 0x0205, 0, value, 0)


def formula_with_error(code: int = DIVISION) -> bytes:
    """A formula of an XLS file that came out wrong."""
    result = bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])
    return struct.pack("<HH", 0x0006, 0) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00"


def xlsb(sheets: Mapping[str, Sequence[bytes]]) -> bytes:
    """An XLSB file whose sheets are rows of records."""
    bundle = b"".join(
        _biff12_record(156, struct.pack("<II", 0, number) + _wide_string(f"r{number}") + _wide_string(name))
        for number, name in enumerate(sheets, start=1)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number in range(1, len(sheets) + 1)
    )
    begin = (
        _biff12_record(129, b"")
        + _biff12_record(148, struct.pack("<IIII", 0, 400, 0, 5))
        + _biff12_record(145, b"")
    )
    end = _biff12_record(146, b"") + _biff12_record(130, b"")
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
            "xl/workbook.bin": [
                _biff12_record(131, b"")
                + _biff12_record(143, b"")
                + bundle
                + _biff12_record(144, b"")
                + _biff12_record(132, b"")
            ],
            **{
                f"xl/worksheets/sheet{number}.bin": [begin, *records, end]
                for number, records in enumerate(sheets.values(), start=1)
            },
        }
    )


def row(number: int) -> bytes:
    """A row of an XLSB sheet, counted from 0."""
    return _biff12_record(0, struct.pack("<I", number) + bytes(13))


def text(column: int, written: str) -> bytes:
    """A cell of an XLSB sheet with text."""
    return _biff12_record(6, struct.pack("<II", column, 0) + _wide_string(written))


def wrong(column: int, *, is_formula: bool = False) -> bytes:
    """A cell of an XLSB sheet that shows an error, typed or worked out."""
    after = struct.pack("<HI", 0, 0) if is_formula else b""
    return _biff12_record(11 if is_formula else 3, struct.pack("<IIB", column, 0, DIVISION) + after)


def merged(top: int, bottom: int, left: int, right: int) -> bytes:
    """Cells of an XLSB sheet that are merged."""
    return _biff12_record(176, struct.pack("<IIII", top, bottom, left, right))


def _xls_sheet(cells: Cells) -> bytes:
    content = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for (row_, column), cell in cells.items():
        place = struct.pack("<HH", row_, column)
        if isinstance(cell, bytes):
            content += _record(int.from_bytes(cell[:2], "little"), place + cell[2:])
        elif isinstance(cell, str):
            text_ = struct.pack("<HHB", 0, len(cell), 1) + cell.encode("utf-16-le")
            content += _record(0x0204, place + text_)
        else:
            content += _record(0x0203, place + struct.pack("<Hd", 0, cell))
    return content + _record(0x000A, b"")


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes, *, is_small: bool) -> bytes:
    """A compound file: a sector of the table, one of the directory, and what is in it."""
    if not is_small:
        stream = stream.ljust(4096, b"\0")
    size, body = len(stream), stream.ljust(-(-len(stream) // SECTOR) * SECTOR, b"\0")
    count = len(body) // SECTOR
    chain = [*range(3, 2 + count), END]
    smalls = [*range(1, -(-size // 64)), END] if is_small else []
    assert len(smalls) <= 128
    table = [TABLE, END, *chain, *([END] if is_small else [])]
    root_start, start = (2, 0) if is_small else (END, 2)
    directory = _entry("Root Entry", 5, root_start, len(body) if is_small else 0, child=1)
    directory += _entry("Workbook", 2, start, size) + _entry("", 0, 0, 0) * 2
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 2 + count if is_small else END, int(is_small), END, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[NOTHING] * 108)
    sectors = [_numbers(table), directory, body, *([_numbers(smalls)] if is_small else [])]
    return header + b"".join(sectors)


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack("<128I", *numbers, *[NOTHING] * (128 - len(numbers)))


def _entry(name: str, kind: int, start: int, size: int, *, child: int = NOTHING) -> bytes:
    name_bytes = name.encode("utf-16-le")
    return (
        name_bytes.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(name_bytes) + 2 if name else 0, kind, 1, NOTHING, NOTHING, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _biff12_record(kind: int, body: bytes) -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, rest = b"", len(body)
    while rest >= 128:
        size, rest = size + bytes([rest & 0x7F | 0x80]), rest >> 7
    return number + size + bytes([rest]) + body


def _wide_string(written: str) -> bytes:
    return struct.pack("<I", len(written)) + written.encode("utf-16-le")
