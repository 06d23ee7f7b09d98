"""Text that stops no document, whatever it holds."""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from core.pdf import typeset
from core.printable import each_text, printable, property_text
from core.workbook_rows import LONGEST_CELL
from core.workbooks import Book, Column
from reporting.models import TemplateKind
from reporting.report.document import Document
from reporting.report.word import report_word

AT = datetime(2021, 5, 18, 9, 0, tzinfo=UTC)
HOSTILE = "a\x00b\x07c\x1bd\ud800e\u202ef\ufffeg\r\nh\u2028i"
SEEN = "abcd\ufffdefg\nh\ni"


def test_what_nobody_sees_is_taken_out_and_the_rest_is_kept() -> None:
    assert printable(HOSTILE) == SEEN
    assert printable("Ängs- & åkermark\n⌀ 漢字 عربي 🧤") == "Ängs- & åkermark\n⌀ 漢字 عربي 🧤"


@given(st.text())
def test_printable_text_is_stable_and_can_be_stored_anywhere(text: str) -> None:
    clean = printable(text)
    assert printable(clean) == clean
    clean.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [("", "Rauk"), (" \n ", "Rauk"), ("a\nb", "a b"), ("x" * 300, "x" * 254 + "…"), ("x" * 255, "x" * 255)],
)
def test_a_property_is_one_line_and_never_empty_or_too_long(text: str, line: str) -> None:
    assert property_text(text, default="Rauk") == line


def test_every_text_is_reached() -> None:
    @dataclass(frozen=True)
    class Inner:
        text: str
        number: int

    given_value = {"a": [HOSTILE, (HOSTILE, 1)], "b": Inner(HOSTILE, 2), "c": None}
    assert each_text(given_value) == {"a": [SEEN, (SEEN, 1)], "b": Inner(SEEN, 2), "c": None}


def test_a_pdf_is_made_of_hostile_text_and_without_a_title(tmp_path: Path) -> None:
    template = Path(__file__).parents[2] / "core" / "documents" / "empty_title.typ"
    template.write_text(
        '#import "/core/documents/style.typ": document-style, running\n'
        "#let facts = json(bytes(sys.inputs.facts))\n"
        '#show: document-style.with(title: facts.title, author: "Region", footer: [x])\n'
        "#running(facts.text)\n"
    )
    try:
        content = typeset(template, {"title": "", "text": HOSTILE}, at=AT)
    finally:
        template.unlink()
    reader = PdfReader(io.BytesIO(content))
    assert reader.metadata is not None
    assert reader.metadata.title == "Dokument"
    assert "abcd" in reader.pages[0].extract_text()


def test_a_spreadsheet_is_made_of_hostile_text(tmp_path: Path) -> None:
    path = tmp_path / "bok.xlsx"
    with Book(path, title="x" * 300 + "\x00", author="") as book:
        book.table("Blad", [Column(HOSTILE)], [[HOSTILE], ["å" * 40_000]], heading=HOSTILE, intro=[HOSTILE])
    workbook = openpyxl.load_workbook(path)
    cells = [cell.value for row in workbook["Blad"].iter_rows() for cell in row if cell.value]
    assert cells[-2] == SEEN
    assert cells[-1] == "å" * (LONGEST_CELL - 1) + "…"
    assert len(workbook.properties.title) == 255


def test_a_word_file_is_made_of_hostile_text() -> None:
    text = HOSTILE * 100
    document = Document(
        sender=text,
        sender_unit=text,
        facts=((text, text),),
        title=text,
        sections=(),
        annex_title=text,
        annex=(),
        footer=text,
    )
    content = report_word(document, TemplateKind.CASE, at=AT)
    word = docx.Document(io.BytesIO(content))
    assert len(word.core_properties.title) == 255
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
