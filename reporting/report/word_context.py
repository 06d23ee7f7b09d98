"""What a report answers to the placeholders of a Word template: texts that are never read as anything but text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from reporting.models import TemplateKind
from reporting.report.document import Document, Paragraph, Picture, Points, Section, Table
from reporting.report.placeholders import SECTIONS
from reporting.report.word_blocks import Canvas, add_picture, as_xml

_MARKS = (("{_", "{&#95;"), ("_}", "&#95;}"), ("_%", "&#95;%"), ("%_", "%&#95;"))
"""What docxtpl would turn into braces after it has filled in a template, and how it is written so that it does not."""


def template_context(document: Document, kind: TemplateKind, word: Any) -> dict[str, Any]:
    """Everything that a template of a kind can ask for; what is drawn is drawn in ``word`` when it is asked for."""
    facts = dict(document.facts)
    names = SECTIONS[kind]
    parts = document.sections if kind is TemplateKind.CASE else document.annex
    canvas = Canvas(word)
    sections = {section.key: _section(section, canvas) for section in parts}
    return {
        "avsandare": text(document.sender),
        "enhet": text(document.sender_unit),
        "mottagare": text(facts.get("Till", "")),
        "handlaggare": text(facts.get("Handläggare", "")),
        "datum": text(facts.get("Datum", "")),
        "diarienummer": text(document.diary_number),
        "arende": text(facts.get("Ärende", "")),
        "rubrik": text(document.title),
        "bilagans_rubrik": text(document.annex_title),
        "sidfot": text(document.footer),
        "utkast": text(document.mark),
        "avsnitten": list(sections.values()),
        **{names[key]: section for key, section in sections.items()},
    }


def text(value: str) -> Markup:
    """A text as it stands in the XML of a document, whatever a person has written."""
    escaped = str(escape(value))
    for mark, safe in _MARKS:
        escaped = escaped.replace(mark, safe)
    return Markup(escaped)  # noqa: S704, it is escaped on the line above


@dataclass(frozen=True, slots=True)
class Blocks:
    """The content of a section, drawn where a template asks for it."""

    section: Section
    canvas: Canvas

    def __html__(self) -> str:
        """What stands in the place of the paragraph that asks for it; Word wants one paragraph at least."""
        self.canvas.clear()
        self.canvas.section(self.section)
        return _escape_marks(self.canvas.xml)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, drawn where a template asks for it."""

    picture: Picture
    canvas: Canvas

    def __html__(self) -> str:
        """What stands within the text of a run; the run is ended before it and begun again after it."""
        self.canvas.clear()
        run = self.canvas.drawn.add_paragraph().add_run()
        add_picture(run, self.picture)
        return f'</w:t></w:r>{_escape_marks(as_xml(run._r))}<w:r><w:t xml:space="preserve">'


def _escape_marks(xml: str) -> str:
    for mark, safe in _MARKS:
        xml = xml.replace(mark, safe)
    return xml


def _section(section: Section, canvas: Canvas) -> Mapping[str, Any]:
    return {
        "rubrik": text(section.heading),
        "innehall": Blocks(section, canvas),
        "rader": [text(line) for line in _lines(section)],
        "tabeller": [_table(block) for block in section.blocks if isinstance(block, Table)],
        "bilder": [_picture(block, canvas) for block in section.blocks if isinstance(block, Picture)],
    }


def _lines(section: Section) -> list[str]:
    """The text of a section, a paragraph or a point at a time; of one that nobody has written, that it is missing."""
    if section.is_missing:
        return [f"Avsnittet saknar text. {section.ask}"]
    lines: list[str] = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Points):
            lines += block.items
        elif isinstance(block, Picture):
            lines.append(block.words)
    return lines


def _table(table: Table) -> Mapping[str, Any]:
    return {
        "rubrik": text(table.caption),
        "kolumner": [text(heading.text) for heading in table.headings],
        "rader": [
            {"celler": [text("\n".join(filter(None, (cell.text, cell.below)))) for cell in row.cells]}
            for row in table.rows
        ],
        "not": text(table.note),
    }


def _picture(picture: Picture, canvas: Canvas) -> Mapping[str, Any]:
    return {
        "rubrik": text(picture.caption),
        "bild": Image(picture, canvas),
        "text": text(picture.words),
    }
