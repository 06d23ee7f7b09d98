"""
The blocks of a report as Word has them: real headings, lists, tables with header rows, and pictures with what is said in their place.

They are drawn with the styles of the document that they stand in, so a region's template decides how they look. What a template
lacks of them comes from the program's own.
"""

import copy
import io
from functools import cache
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from reporting.report.document import Block, Cell, Paragraph, Picture, Points, Row, Section, Table
from reporting.report.pictures import picture_png

INK_2 = RGBColor(0x47, 0x53, 0x5C)
RUST = RGBColor(0xA6, 0x3D, 0x14)
TEXT_WIDTH_CM = 16.2
TABLE_STYLE = "Table Grid"
DRAWN_IN = ("Heading 3", "List Bullet", "List Number")
STYLES = ("Heading 1", "Heading 2", *DRAWN_IN, TABLE_STYLE, "Title")
"""What blocks, and the program's own template, are drawn with."""


class Canvas:
    """
    Somewhere in a document to draw blocks, which are then taken out as XML; one for the whole document.

    It stands on the document's own part, so that styles, lists and pictures are those of the document.
    """

    def __init__(self, word: Any) -> None:
        self.word = word
        self.drawn = docx.Document()
        self.drawn._part = word.part
        self.clear()
        self._styles = {name: word.part.get_style_id(name, WD_STYLE_TYPE.PARAGRAPH) for name in DRAWN_IN}

    def clear(self) -> None:
        """Make room for what is drawn next."""
        body: Any = self.drawn.element.body
        body.clear_content()

    def section(self, section: Section) -> None:
        """Draw what stands under a section's heading; one that nobody has written is marked."""
        if section.is_missing:
            run = self.drawn.add_paragraph().add_run(f"Avsnittet saknar text. {section.ask}")
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        for block in section.blocks:
            self.block(block)

    def block(self, block: Block) -> None:
        """Draw one block."""
        if isinstance(block, Paragraph):
            self.drawn.add_paragraph(block.text)
        elif isinstance(block, Points):
            self._points(block)
        elif isinstance(block, Picture):
            self._caption(block.caption)
            place = self.drawn.add_paragraph()
            place.paragraph_format.keep_with_next = True
            add_picture(place.add_run(), block)
            self.drawn.add_paragraph(block.words)
        else:
            self._table(block)

    @property
    def xml(self) -> str:
        """What is drawn, as it stands in a body."""
        body: Any = self.drawn.element.body
        return "".join(as_xml(each) for each in body if each.tag != qn("w:sectPr"))

    def _caption(self, text: str) -> None:
        self._add_paragraph(text, "Heading 3").paragraph_format.keep_with_next = True

    def _add_paragraph(self, text: str, style: str) -> Any:
        """Add a paragraph in a style, which is looked up once for the document."""
        paragraph: Any = self.drawn.add_paragraph(text)
        paragraph._p.style = self._styles[style]
        return paragraph

    def _points(self, block: Points) -> None:
        """Draw a list; each numbered one begins at 1."""
        style = "List Number" if block.is_numbered else "List Bullet"
        paragraphs = [self._add_paragraph(item, style) for item in block.items]
        number = list_of(self.word, style, is_numbered=block.is_numbered)
        for paragraph in paragraphs:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number

    def _table(self, block: Table) -> None:
        self._caption(block.caption)
        table = self.drawn.add_table(rows=1, cols=len(block.headings))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.style = self.word.styles[TABLE_STYLE]
        _describe(table, block.caption)
        for cell, heading in zip(table.rows[0].cells, block.headings, strict=True):
            _fill(cell, Cell(heading.text), is_number=heading.is_number, is_bold=True)
        _repeat_as_header(table.rows[0])
        for row in block.rows:
            _fill_row(table.add_row(), block, row)
        _set_widths(table, block)
        if block.note:
            run = self.drawn.add_paragraph().add_run(block.note)
            run.font.size, run.font.color.rgb = Pt(9), INK_2


def as_xml(element: Any) -> str:
    """An element as text, without a space that is not its own."""
    return str(etree.tostring(element, encoding="unicode"))


def add_picture(run: Any, picture: Picture) -> None:
    """Put a picture in a run, with what is said in its place."""
    shape = run.add_picture(io.BytesIO(picture_png(picture)), width=Cm(TEXT_WIDTH_CM))
    shape._inline.docPr.set("descr", picture.alt)
    shape._inline.docPr.set("title", picture.caption)


def add_styles(word: Any) -> None:
    """Give a document the styles that it lacks of those that blocks are drawn with."""
    style_names = {style.name for style in word.styles}
    for name in STYLES:
        if name not in style_names:
            word.styles.element.append(copy.deepcopy(_own_styles()[name]))


@cache
def _own_styles() -> dict[str, Any]:
    """The styles of a new document by name, without numbering of their own: that is in another part."""
    styles = {name: copy.deepcopy(docx.Document().styles[name].element) for name in STYLES}
    for style in styles.values():
        for numbering in style.xpath("w:pPr/w:numPr"):
            numbering.getparent().remove(numbering)
    return styles


def list_of(word: Any, style: str, *, is_numbered: bool) -> int:
    """
    The number of a new list that begins at 1; bullets, which need not begin anywhere, are one list for the whole document.

    A list looks as the style says, where the style says how.
    """
    numbering = _numbering(word)
    ids = word.styles[style].element.xpath("w:pPr/w:numPr/w:numId/@w:val")
    original = next((each for each in numbering.num_lst if [str(each.numId)] == ids), None)
    if original is not None and not is_numbered:
        return int(original.numId)
    abstract = original.abstractNumId.val if original is not None else _abstract_list(numbering, is_numbered)
    new_list = numbering.add_num(abstract)
    new_list.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(new_list.numId)


def _numbering(word: Any) -> Any:
    """The lists of a document; a template that has none gets the part that holds them."""
    part = word.part
    if not any(each.reltype == RELATIONSHIP_TYPE.NUMBERING for each in part.rels.values()):
        empty = f"<w:numbering {nsdecls('w')}/>".encode()
        name = PackURI("/word/numbering.xml")
        numbering_part = NumberingPart.load(name, CONTENT_TYPE.WML_NUMBERING, empty, part.package)
        part.relate_to(numbering_part, RELATIONSHIP_TYPE.NUMBERING)
    return part.numbering_part.element


def _abstract_list(numbering: Any, is_numbered: bool) -> int:
    """How a list looks where no style says it: figures, or bullets."""
    numbers = [int(each) for each in numbering.xpath("w:abstractNum/@w:abstractNumId")]
    number = max(numbers, default=-1) + 1
    form, text = ("decimal", "%1.") if is_numbered else ("bullet", "–")
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
    )
    numbering.insert(len(numbering.xpath("w:numPicBullet|w:abstractNum")), abstract)
    return number


def _fill_row(table_row: Any, block: Table, row: Row) -> None:
    for cell, heading, value in zip(table_row.cells, block.headings, row.cells, strict=True):
        _fill(cell, value, is_number=heading.is_number, is_bold=row.kind == "sum")
        if row.kind == "increase":
            for run in cell.paragraphs[0].runs:
                run.font.color.rgb = RUST


def _fill(cell: Any, value: Cell, *, is_number: bool, is_bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    if is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(value.text)
    run.bold, run.font.size = is_bold, Pt(9.5)
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
