"""
The program's own Word templates: what reports are made on until a region has one of its own, and what it can begin from.

They are written here and not kept as files, so that they can be read, compared and changed like everything else.
"""

from functools import cache
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from reporting.models import TemplateKind
from reporting.report.word_archive import packed
from reporting.report.word_blocks import INK_2, RUST

INK = RGBColor(0x17, 0x21, 0x2B)
SERIF = "Cambria"
SIZES = {"Normal": 11, "Title": 22, "Heading 1": 18, "Heading 2": 14, "Heading 3": 11}
FACTS = (("Ärende", "arende"), ("Datum", "datum"), ("Handläggare", "handlaggare"), ("Till", "mottagare"))


@cache
def own_template(kind: TemplateKind) -> bytes:
    """The program's own template of a kind, as a file."""
    word = docx.Document()
    _set_up(word)
    _head(word, "Tjänsteskrivelse" if kind is TemplateKind.CASE else "Bilaga 1")
    word.add_heading("{{ rubrik }}" if kind is TemplateKind.CASE else "{{ bilagans_rubrik }}", level=0)
    word.add_paragraph("{%p for avsnitt in avsnitten %}")
    word.add_heading("{{ avsnitt.rubrik }}", level=2)
    word.add_paragraph("{{p avsnitt.innehall }}")
    word.add_paragraph("{%p endfor %}")
    return packed(word)


def _set_up(word: Any) -> None:
    """Page, styles, language, header and footer."""
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.4)
    page.top_margin = page.bottom_margin = Cm(2.2)
    for name, size in SIZES.items():
        style = word.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = SERIF, Pt(size), INK
        _set_font(style.element)
    _set_language(word.styles["Normal"].element, "sv-SE")
    word.styles["Normal"].paragraph_format.space_after = Pt(8)
    word.core_properties.comments = ""
    header = page.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    mark = header.add_run("{{ utkast }}")
    mark.bold, mark.font.size, mark.font.color.rgb = True, Pt(13), RUST
    footer = page.footer.paragraphs[0]
    footer.text = "{{ avsandare }}. {{ sidfot }}. Sida "
    _add_page_number(footer)
    for run in footer.runs:
        run.font.size, run.font.color.rgb = Pt(8.5), INK_2


def _head(word: Any, what: str) -> None:
    """Sender, and the facts of the case that there are."""
    sender = word.add_paragraph()
    run = sender.add_run("{{ avsandare }}")
    run.bold, run.font.size = True, Pt(13)
    sender.add_run("\n{{ enhet }}").font.color.rgb = INK_2
    word.add_paragraph().add_run(what).bold = True
    for label, name in FACTS:
        word.add_paragraph(f"{{%p if {name} %}}")
        fact = word.add_paragraph()
        fact.paragraph_format.space_after = Pt(0)
        fact.add_run(f"{label} ").font.color.rgb = INK_2
        fact.add_run(f"{{{{ {name} }}}}")
        word.add_paragraph("{%p endif %}")


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
