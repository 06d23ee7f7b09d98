"""The PDF as PDF/UA-1: what a reader that cannot see it is told, and in which order."""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from reporting.report.case import compose
from reporting.report.content import Content
from reporting.report.pdf import report_pdf
from tests.cast import NOW
from tests.reporting.test_report_document import SNAPSHOT, TEXTS

GROUPING = {"/Document", "/Div", "/Part", "/Sect", "/NonStruct"}


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    document = compose(Content(SNAPSHOT, TEXTS, "RS 2020/1154"))
    return PdfReader(BytesIO(report_pdf(document, at=NOW)))


def elements(node: Any) -> Iterator[Any]:
    """Every element of the structure, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from elements(each)
    elif hasattr(node, "get") and ("/S" in node or node.get("/Type") == "/StructTreeRoot"):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"]) if hasattr(node["/K"], "get_object") else []


def children(node: Any) -> list[Any]:
    inner = node.get("/K", [])
    inner = inner.get_object() if hasattr(inner, "get_object") else inner
    inner = inner if isinstance(inner, list) else [inner]
    return [
        each.get_object()
        for each in inner
        if hasattr(each, "get_object") and hasattr(each.get_object(), "get")
    ]


def structure(reader: PdfReader) -> list[Any]:
    root: Any = reader.trailer["/Root"]
    return list(elements(root["/StructTreeRoot"]))


def test_the_pdf_says_what_it_is(reader: PdfReader) -> None:
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert (root["/Lang"].lower(), bool(root["/MarkInfo"]["/Marked"])) == ("sv-se", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Återrapport"
    assert not reader.is_encrypted


def test_the_pdf_is_one_document_with_headings_in_order(reader: PdfReader) -> None:
    tags = [each["/S"] for each in structure(reader)]
    assert tags[0] == "/Document"
    levels = [int(tag[2:]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
    assert levels[0] == 1
    assert levels.count(1) == 2, "the case document and its annex"
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_of_the_pdf_has_header_cells_that_say_of_what(reader: PdfReader) -> None:
    tables = [each for each in structure(reader) if each["/S"] == "/Table"]
    assert len(tables) >= 3
    for table in tables:
        headers = [each for each in elements(table) if each["/S"] == "/TH"]
        rows = [[cell["/S"] for cell in children(each)] for each in elements(table) if each["/S"] == "/TR"]
        assert headers
        assert all(scope(each) == "/Column" for each in headers)
        assert len({len(row) for row in rows}) == 1


def scope(header: Any) -> str:
    attributes = header["/A"].get_object()
    every = attributes if isinstance(attributes, list) else [attributes]
    return str(next(each.get_object()["/Scope"] for each in every if "/Scope" in each.get_object()))


def test_every_picture_of_the_pdf_says_what_it_shows(reader: PdfReader) -> None:
    figures = [each for each in structure(reader) if each["/S"] == "/Figure"]
    assert [each["/Alt"] for each in figures] == [
        each.alt for each in compose(Content(SNAPSHOT, TEXTS)).pictures
    ]


def test_everything_on_a_page_is_marked_as_content_or_as_beside_it(reader: PdfReader) -> None:
    root: Any = reader.trailer["/Root"]
    assert root["/StructTreeRoot"]["/ParentTree"]
    pages: list[Any] = list(reader.pages)
    for page in pages:
        assert page["/Tabs"] == "/S"
        assert "/StructParents" in page
        contents = page.get_contents()
        marks = depth = 0
        for operands, operator in contents.operations:
            if operator in (b"BDC", b"BMC"):
                depth, marks = depth + 1, marks + 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in (b"Tj", b"TJ"):
                assert depth > 0, operands
        assert marks
        assert depth == 0


def test_nothing_of_the_pdf_is_without_its_font(reader: PdfReader) -> None:
    for page in reader.pages:
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            of = font.get_object()
            inner = of["/DescendantFonts"][0].get_object() if "/DescendantFonts" in of else of
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3", "/FontFile"} & set(descriptor)
            assert "/ToUnicode" in of
