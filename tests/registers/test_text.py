"""Text files as they are handed in: packed or not, cut off, far too large, or no text at all."""

import gzip
from io import BytesIO

import pytest

from registers.reading import text
from registers.reading.lines import lines


def read(content: bytes) -> str:
    return text.text_in(BytesIO(content)).read()


@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_any_line_end_plain_or_packed(line_end: str, pack: type[bytes]) -> None:
    content = pack(f"\ufeffa;b{line_end}1;2{line_end}3;4{line_end}".encode())
    assert [line.row for line in lines(BytesIO(content), file_name="x")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", text.EmptyFile),
        (b"  \r\n ", text.EmptyFile),
        (b"PK\x03\x04whatever", text.NotText),
        (b"\xff\xfe\x00", text.NotText),
        (b"\xff\xfe\x00\xd8", text.NotText),
        (b"name\x81", text.NotText),
        (b"\x01\x02", text.NotText),
        (b"a\x00b", text.NotText),
        (gzip.compress(b"a" * 1000, mtime=0)[:-9], text.BrokenArchive),
        (gzip.compress(b"a" * 900) + b"something else", text.BrokenArchive),
        (b"\x1f\x8bnot gzip at all", text.BrokenArchive),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(content)


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "UPLOAD_LIMIT", 1000)
    with pytest.raises(text.FileTooLarge):
        read(b"x" * 1001)


def test_a_line_that_no_row_has_is_refused() -> None:
    with pytest.raises(text.NotText):
        list(lines(BytesIO(b"a;b\n" + b"x" * (text.LONGEST_LINE + 1)), file_name="x"))


@pytest.mark.parametrize("before", [b"", gzip.compress(b"a" * 900)])
def test_a_bomb_is_refused_whichever_member_it_is(monkeypatch: pytest.MonkeyPatch, before: bytes) -> None:
    monkeypatch.setattr(text, "TEXT_LIMIT", 1000)
    with pytest.raises(text.FileTooLarge):
        read(before + gzip.compress(b"a" * 1_000_000))


def test_every_member_of_a_packed_file_is_read() -> None:
    whole = gzip.compress(b"first\r") + gzip.compress(b"later rows\r") + b"\x00" * 9
    assert read(whole) == "first\rlater rows\r"
