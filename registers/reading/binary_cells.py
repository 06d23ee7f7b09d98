"""
Cells of binary workbooks, XLS and XLSB, that show an error or are merged with others.

What reads the values of these files gives a cell with an error as an empty one. Both kinds of file are a row of records, each
with its number and its length (MS-XLS 2.1.4, MS-XLSB 2.1.4), so the few records that matter are found without knowing the others.
"""

import struct
from collections.abc import Iterator, Sequence

Refused = dict[int, dict[int, str]]
"""Why cells are refused, by row and column, both counted from 0."""

_WIDEST = 16_384
_MOST_MERGED = 100_000

_HEADER = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_FORMULA, _BOOLEAN_OR_ERROR, _SHEET, _BEGIN, _END = 0x0006, 0x0205, 0x0085, 0x0809, 0x000A
_ROW, _ERROR, _FORMULA_WITH_ERROR, _BUNDLED_SHEET, _MERGED = 0, 3, 11, 156, 176

_END_OF_CHAIN = 0xFFFF_FFFA
"""From here on a sector's number is no sector."""
_ENTRY = 128
_IN_HEADER = 109


class TooManyMerged(ValueError):
    """More cells are merged than any table has."""


def of_xls(content: bytes, names: Sequence[str]) -> dict[str, Refused]:
    """
    The cells with errors of an XLS file, by sheet.

    :param names: the sheets, in the order in which the file names them.
    :raises ValueError: the file is damaged.
    """
    stream = _workbook_stream(content)
    places = [struct.unpack_from("<I", body)[0] for kind, body in _xls_records(stream, 0) if kind == _SHEET]
    return {name: _xls_sheet(stream, place) for name, place in zip(names, places, strict=True)}


def names_of_xlsb(content: bytes) -> Iterator[tuple[str, str]]:
    """Give each sheet of the workbook's part of an XLSB file with the relation that tells where it is."""
    for kind, body in _xlsb_records(content):
        if kind == _BUNDLED_SHEET:
            relation, after = _wide_text(body, 8)
            yield _wide_text(body, after)[0], relation


def of_xlsb(content: bytes) -> Refused:
    """
    The cells of a sheet of an XLSB file that show an error or are merged.

    :raises ValueError: the file is damaged, or more is merged than any table has.
    """
    refusals: Refused = {}
    row = merged = 0
    for kind, body in _xlsb_records(content):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", body)
        elif kind in (_ERROR, _FORMULA_WITH_ERROR):
            refusals.setdefault(row, {})[struct.unpack_from("<I", body)[0]] = "error"
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<IIII", body)
            merged += bottom - top + 1
            if merged > _MOST_MERGED or right - left > _WIDEST:
                raise TooManyMerged
            for each in range(top, bottom + 1):
                refusals[each] = refusals.get(each, {}) | dict.fromkeys(range(left, right + 1), "merged")
    return refusals


def _xls_sheet(stream: bytes, place: int) -> Refused:
    refusals: Refused = {}
    for kind, body in _xls_records(stream, place):
        is_error = (
            kind == _FORMULA and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff"
            if kind != _BOOLEAN_OR_ERROR
            else body[7:8] == b"\x01"
        )
        if is_error:
            row, column = _PLACE.unpack_from(body)
            refusals.setdefault(row, {})[column] = "error"
    return refusals


def _xls_records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records from a place to the end of what begins there; a chart within it has a beginning and an end of its own."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = _HEADER.unpack_from(stream, place)
        yield kind, stream[place + 4 : place + 4 + size]
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        place += 4 + size


def _xlsb_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(content):
        kind, place = _length(content, place, most=2)
        size, place = _length(content, place, most=4)
        yield kind, content[place : place + size]
        place += size


def _length(content: bytes, place: int, *, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, the eighth saying that there is more; and where it ends."""
    number = 0
    for step in range(most):
        if place >= len(content):
            raise ValueError("A record has no end.")
        byte, place = content[place], place + 1
        number |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            break
    return number, place


def _wide_text(body: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, place)
    end = place + 4 + 2 * length
    return body[place + 4 : end].decode("utf-16-le"), end


def _workbook_stream(content: bytes) -> bytes:
    """The part of a compound file (MS-CFB) that holds the records."""
    sector, small = 1 << _number(content, 30, 2), 1 << _number(content, 32, 2)
    in_header = struct.unpack_from(f"<{_IN_HEADER}I", content, 76)
    tables = [each for each in in_header if each < _END_OF_CHAIN]
    more, steps = _number(content, 68), _number(content, 72)
    for _step in range(min(steps, len(content) // sector + 1)):
        if more >= _END_OF_CHAIN:
            break
        *numbers, more = struct.unpack_from(f"<{sector // 4}I", content, (more + 1) * sector)
        tables += [each for each in numbers if each < _END_OF_CHAIN]
    table = b"".join(_sector(content, each, sector) for each in tables)
    entries = _chained_sectors(content[sector:], _number(content, 48), table, sector)
    large: dict[str, tuple[int, int]] = {}
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        name = entries[at : at + max(0, _number(entries, at + 64, 2) - 2)].decode("utf-16-le", "replace")
        kind = "Root" if entries[at + 66] == 5 else name
        large.setdefault(kind, (_number(entries, at + 116), _number(entries, at + 120)))
    start, size = large.get("Workbook") or large["Book"]
    if size >= _number(content, 56):
        return _chained_sectors(content[sector:], start, table, sector)[:size]
    small_table = _chained_sectors(content[sector:], _number(content, 60), table, sector)
    return _chained_sectors(
        _chained_sectors(content[sector:], large["Root"][0], table, sector), start, small_table, small
    )[:size]


def _chained_sectors(content: bytes, start: int, table: bytes, size: int) -> bytes:
    """What lies in sectors that each tell which comes next."""
    parts: list[bytes] = []
    most = len(content) // size + 1
    while start < _END_OF_CHAIN:
        if len(parts) > most:
            raise ValueError("The sectors go in a ring.")
        parts.append(content[start * size : (start + 1) * size])
        start = _number(table, start * 4)
    return b"".join(parts)


def _sector(content: bytes, number: int, size: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _number(content: bytes, place: int, size: int = 4) -> int:
    number = content[place : place + size]
    if len(number) < size:
        raise ValueError("The file ends too soon.")
    return int.from_bytes(number, "little")
