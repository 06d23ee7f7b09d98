"""What becomes of a report in Word, on the program's template and on a region's own."""

from io import BytesIO
from typing import Any

import docx
import pytest

from reporting.models import TemplateKind
from reporting.report.case import compose
from reporting.report.content import Content
from reporting.report.placeholders import SECTIONS, Group, Leaf, Several, Shape, listed, placeholders
from reporting.report.template_check import checked_template
from reporting.report.word import report_word
from reporting.report.word_own import own_template
from tests.cast import NOW
from tests.reporting.test_report_document import SNAPSHOT, TEXTS
from tests.reporting.word_templates import ANNEX, CASE, EVERY, template, text

HARD = "\x01 {{ 7*7 }} {_{ x }_} {% for %} {_% y %_} <w:p> & ]]> 😀 \x0b"
SEEN = "{{ 7*7 }} {_{ x }_} {% for %} {_% y %_} <w:p> & ]]> 😀"


@pytest.mark.parametrize("content", [own_template(CASE), template(*EVERY, "{{ rubrik }}", "{%p for rad in bedomning.rader %}", "{{ rad }}", "{%p endfor %}")])  # fmt: skip
def test_whatever_people_write_is_text_on_any_template(content: bytes) -> None:
    word, sentence = "x" * 5000, "Ord och mening. " * 300
    texts = dict.fromkeys(TEXTS, f"{HARD}\n\n{sentence}\n\n{word}")
    figures = SNAPSHOT | {"report": SNAPSHOT["report"] | {"title": HARD}}
    result = report_word(compose(Content(figures, texts)), CASE, at=NOW, template=content)
    assert result == report_word(compose(Content(figures, texts)), CASE, at=NOW, template=content)
    body = text(docx.Document(BytesIO(result)))
    assert body.count(SEEN) >= 1 + len(TEXTS)
    assert word in body
    assert sentence.strip() in body


@pytest.mark.parametrize("title", ["", " ", "\x00", "å" * 5000, "😀", "a\u202eb"])
def test_any_title_makes_a_document(title: str) -> None:
    figures = SNAPSHOT | {"report": SNAPSHOT["report"] | {"title": title}}
    for kind in TemplateKind:
        docx.Document(BytesIO(report_word(compose(Content(figures, TEXTS)), kind, at=NOW)))


def test_a_regions_template_gives_its_header_its_own_tables_and_its_styles() -> None:
    def with_table(word: Any) -> None:
        word.styles["Heading 3"].font.name = "Comic Sans MS"
        word.add_paragraph("{%p for tabell in ekonomi.tabeller %}")
        table = word.add_table(3, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "{%tr for rad in tabell.rader %}", ""
        table.cell(1, 0).text = "{%tc for cell in rad.celler %}"
        table.cell(1, 1).text = "{{ cell }}"
        table.cell(2, 0).text = "{%tr endfor %}"
        table.rows[1]._tr.append(_cell("{%tc endfor %}"))
        word.add_paragraph("{%p endfor %}")
        word.add_paragraph("{%p for rad in underskrift.rader %}")
        word.add_paragraph("Undertecknat: {{ rad }}")
        word.add_paragraph("{%p endfor %}")

    content = template(*EVERY, change=with_table)
    checked_template(CASE, "Mall.docx", content)
    document = compose(Content(SNAPSHOT, TEXTS, "RS 2020/1154"))
    word = docx.Document(BytesIO(report_word(document, CASE, at=NOW, template=content)))
    header = word.sections[0].header.paragraphs[0].text
    assert header == "Region Gotlands egen mall RS 2020/1154 (RS 1154-2020)"
    assert word.styles["Heading 3"].font.name == "Comic Sans MS"
    rows = [[cell.text for cell in row.cells] for row in word.tables[-1].rows]
    assert rows[-1][0] == "Netto"
    paragraphs = [paragraph.text for paragraph in word.paragraphs]
    assert "Undertecknat: Helena Stenmark" in paragraphs
    assert "Utkast" in paragraphs, "a draft is marked also where the template does not ask"


def _cell(words: str) -> Any:
    cell = docx.Document().add_table(1, 1).cell(0, 0)
    cell.text = words
    return cell._tc


def test_a_template_that_lacks_styles_and_lists_is_given_them() -> None:
    def bare(word: Any) -> None:
        for style in list(word.styles):
            if style.name in ("Heading 3", "List Number", "List Bullet", "Table Grid"):
                style.element.getparent().remove(style.element)
        word.part.drop_rel(next(key for key, each in word.part.rels.items() if "numbering" in each.reltype))

    document = compose(Content(SNAPSHOT, TEXTS))
    content = report_word(document, CASE, at=NOW, template=template(*EVERY, change=bare))
    word = docx.Document(BytesIO(content))
    styles = [each.style.name for each in word.paragraphs if each.style is not None]
    assert {"Heading 3", "List Number", "List Bullet"} <= set(styles)
    numbered = [
        each for each in word.paragraphs if each.style is not None and each.style.name == "List Number"
    ]
    lists = [str(each._p.xpath("w:pPr/w:numPr/w:numId/@w:val")) for each in numbered]
    assert lists[0] == lists[1] != lists[-1], "each list begins at 1"


def test_a_secretary_gets_headings_header_rows_and_described_pictures() -> None:
    document = compose(Content(SNAPSHOT, TEXTS))
    word = docx.Document(BytesIO(report_word(document, ANNEX, at=NOW)))
    headings = [
        each.text for each in word.paragraphs if each.style is not None and each.style.name == "Heading 2"
    ]
    assert headings == [section.heading for section in document.annex]
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in word.tables)
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)
    assert "w:txbxContent" not in word.element.xml
    assert 'w:val="sv-SE"' in word.styles["Normal"].element.xml
    assert word.core_properties.title == document.annex_title


def names(shapes: dict[str, Shape]) -> set[str]:
    keys = set()
    for name, shape in shapes.items():
        inner = shape.each if isinstance(shape, Several) else shape
        keys |= {name} | (names(dict(inner.fields)) if isinstance(inner, Group) else set())
    return keys


@pytest.mark.parametrize("kind", TemplateKind)
def test_every_placeholder_is_listed_and_comes_out(kind: TemplateKind) -> None:
    shapes = placeholders(kind)
    document = compose(Content(SNAPSHOT, TEXTS, "RS 2020/1154"))
    lines = [f"{{{{ {name} }}}}" for name, shape in shapes.items() if isinstance(shape, Leaf)]
    for name in SECTIONS[kind].values():
        lines += [f"{{{{ {name}.rubrik }}}}", f"{{{{p {name}.innehall }}}}"]
        lines += [
            f"{{%p for b in {name}.bilder %}}",
            "{{ b.rubrik }} {{ b.bild }} {{ b.text }}",
            "{%p endfor %}",
        ]
    content = template(*lines)
    checked_template(kind, "Mall.docx", content)
    word = docx.Document(BytesIO(report_word(document, kind, at=NOW, template=content)))
    assert len(word.inline_shapes) == (2 * len(document.pictures) if kind is ANNEX else 0)
    listing = " ".join(each.written for each in listed(kind))
    assert all(
        name in listing
        for name in names(dict(shapes)) - set(SECTIONS[kind].values()) - {"kolumner", "celler"}
    )
