"""
The case document with its annex as Word, for the secretary who edits it.

Real headings, header rows that repeat, and Swedish as the language of the text. Sections that nobody has written
stand there marked, so that they are seen and written; a draft is marked at the top of every page.
"""

import io
import zipfile
from datetime import datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from core.printable import each_text, property_text
from reporting.report.document import Block, Cell, Document, Paragraph, Picture, Points, Row, Section, Table
from reporting.report.pictures import picture_png

INK = RGBColor(0x17, 0x21, 0x2B)
INK_2 = RGBColor(0x47, 0x53, 0x5C)
RUST = RGBColor(0xA6, 0x3D, 0x14)
SERIF = "Cambria"
TEXT_WIDTH_CM = 16.2
_BEGINNING = (1980, 1, 1, 0, 0, 0)


def report_word(document: Document, *, at: datetime) -> bytes:
    """Write a document as .docx; the same document gives the same bytes."""
    document = each_text(document)
    word = docx.Document()
    _set_up(word, document, at)
    _head(word, document)
    for section in document.sections:
        _section(word, section)
    word.add_page_break()  # type: ignore[no-untyped-call]
    word.add_heading(document.annex_title, level=1)
    for section in document.annex:
        _section(word, section)
    return _packed(word)


def _set_up(word: Any, document: Document, at: datetime) -> None:
    """Page, styles, language, properties and footer."""
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.4)
    page.top_margin = page.bottom_margin = Cm(2.2)
    sizes = {"Normal": 11, "Title": 22, "Heading 1": 18, "Heading 2": 14, "Heading 3": 11}
    for name, size in sizes.items():
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = SERIF, Pt(size), INK
        _set_font(style.element)
    _set_language(word.styles["Normal"].element, "sv-SE")
    word.styles["Normal"].paragraph_format.space_after = Pt(8)
    properties = word.core_properties
    properties.title = property_text(document.title, default="Dokument")
    properties.author = property_text(document.sender, default="Rauk")
    properties.language = "sv-SE"
    properties.created = properties.modified = at.replace(tzinfo=None, microsecond=0)
    properties.last_modified_by, properties.comments = "", ""
    if document.mark:
        header = page.header.paragraphs[0]
        header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = header.add_run(document.mark)
        run.bold, run.font.size, run.font.color.rgb = True, Pt(13), RUST
    footer = page.footer.paragraphs[0]
    footer.text = f"{document.sender}. {document.footer}. Sida "
    _add_page_number(footer)
    for run in footer.runs:
        run.font.size, run.font.color.rgb = Pt(8.5), INK_2


def _set_font(style: Any) -> None:
    """Use the serif for all scripts; a theme font would win over the name alone."""
    fonts = style.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), SERIF)


def _set_language(style: Any, language: str) -> None:
    properties = style.get_or_add_rPr()
    mark = OxmlElement("w:lang")
    for attribute in ("w:val", "w:eastAsia", "w:bidi"):
        mark.set(qn(attribute), language)
    properties.append(mark)


def _add_page_number(paragraph: Any) -> None:
    """Add a field that Word fills with the page number."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)


def _head(word: Any, document: Document) -> None:
    """Sender, facts of the case, title."""
    sender = word.add_paragraph()
    run = sender.add_run(document.sender)
    run.bold, run.font.size = True, Pt(13)
    unit = sender.add_run(f"\n{document.sender_unit}")
    unit.font.color.rgb = INK_2
    facts = word.add_paragraph()
    facts.add_run("Tjänsteskrivelse").bold = True
    for label, value in document.facts:
        facts.add_run(f"\n{label} ").font.color.rgb = INK_2
        facts.add_run(value)
    word.add_heading(document.title, level=0)


def _section(word: Any, section: Section) -> None:
    word.add_heading(section.heading, level=2)
    if section.is_missing:
        run = word.add_paragraph().add_run(f"Avsnittet saknar text. {section.ask}")
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    for block in section.blocks:
        _block(word, block)


def _block(word: Any, block: Block) -> None:
    if isinstance(block, Paragraph):
        word.add_paragraph(block.text)
    elif isinstance(block, Points):
        _points(word, block)
    elif isinstance(block, Picture):
        _picture(word, block)
    else:
        _table(word, block)


def _picture(word: Any, block: Picture) -> None:
    """The picture with what is said in its place, under its question; its numbers in words after it."""
    caption = word.add_heading(block.caption, level=3)
    paragraph = word.add_paragraph()
    caption.paragraph_format.keep_with_next = paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(io.BytesIO(picture_png(block)), width=Cm(TEXT_WIDTH_CM))
    shape._inline.docPr.set("descr", block.alt)
    shape._inline.docPr.set("title", block.caption)
    word.add_paragraph(block.words)


def _points(word: Any, block: Points) -> None:
    """Write a list; each numbered one begins at 1."""
    paragraphs = [
        word.add_paragraph(item, style="List Number" if block.is_numbered else "List Bullet")
        for item in block.items
    ]
    if not block.is_numbered:
        return
    numbering = word.part.numbering_part.element
    style = word.styles["List Number"].element.pPr.numPr.numId.val
    original = next(each for each in numbering.num_lst if each.numId == style)
    own = numbering.add_num(original.abstractNumId.val)
    own.add_lvlOverride(ilvl=0).add_startOverride(1)
    for paragraph in paragraphs:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = own.numId


def _table(word: Any, block: Table) -> None:
    caption = word.add_heading(block.caption, level=3)
    caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(block.headings))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.style = word.styles["Table Grid"]
    _describe(table, block.caption)
    for cell, heading in zip(table.rows[0].cells, block.headings, strict=True):
        _fill(cell, Cell(heading.text), is_number=heading.is_number, is_bold=True)
    _repeat_as_header(table.rows[0])
    for row in block.rows:
        cells = table.add_row().cells
        for cell, heading, value in zip(cells, block.headings, row.cells, strict=True):
            _fill(cell, value, is_number=heading.is_number, is_bold=row.kind == "sum", colour=_colour(row))
    _set_widths(table, block)
    if block.note:
        run = word.add_paragraph().add_run(block.note)
        run.font.size, run.font.color.rgb = Pt(9), INK_2


def _colour(row: Row) -> RGBColor:
    return RUST if row.kind == "increase" else INK


def _fill(cell: Any, value: Cell, *, is_number: bool, is_bold: bool, colour: RGBColor = INK) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(value.text)
    run.bold, run.font.size, run.font.color.rgb = is_bold, Pt(9.5), colour
    if value.below:
        below = paragraph.add_run(f"\n{value.below}")
        below.font.size, below.font.color.rgb = Pt(8.5), INK_2


def _describe(table: Any, caption: str) -> None:
    """Give the table a title for those who cannot see it."""
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), caption)
    table._tbl.tblPr.append(title)


def _repeat_as_header(row: Any) -> None:
    """Mark the row as header: repeated on each page and read as headings."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _set_widths(table: Any, block: Table) -> None:
    whole = sum(heading.share for heading in block.headings)
    table.autofit = False
    for column, heading in zip(table.columns, block.headings, strict=True):
        width = Cm(TEXT_WIDTH_CM * heading.share / whole)
        for cell in column.cells:
            cell.width = width


def _packed(word: Any) -> bytes:
    """Save with the same dates inside the archive each time, so that equal documents are equal bytes."""
    saved, packed = io.BytesIO(), io.BytesIO()
    word.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _BEGINNING), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
