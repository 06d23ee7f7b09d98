"""Word templates to try: the program's own with something more in it, or with parts that should not be there."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.oxml.ns import qn

from reporting.models import TemplateKind
from reporting.report.word_archive import packed
from reporting.report.word_own import own_template

CASE, ANNEX = TemplateKind.CASE, TemplateKind.ANNEX
EVERY = (
    "{%p for avsnitt in avsnitten %}",
    "{{ avsnitt.rubrik }}",
    "{{p avsnitt.innehall }}",
    "{%p endfor %}",
)


def template(*lines: str, change: Callable[[Any], None] | None = None) -> bytes:
    """A new document of a region's with these paragraphs, its name in the header, and whatever is done to it."""
    word = docx.Document()
    word.sections[0].header.paragraphs[0].text = "Region Gotlands egen mall {{ arende }}"
    for line in lines:
        word.add_paragraph(line)
    if change is not None:
        change(word)
    return packed(word)


def own_with(*lines: str) -> bytes:
    """The program's own template for the case document with some more paragraphs."""
    word = docx.Document(io.BytesIO(own_template(CASE)))
    for line in lines:
        word.add_paragraph(line)
    return packed(word)


def with_part(name: str, content: bytes, base: bytes | None = None) -> bytes:
    """The program's own template with a part added or replaced."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or own_template(CASE))) as source,
        zipfile.ZipFile(buffer, "w") as target,
    ):
        for each in source.namelist():
            if each != name:
                target.writestr(each, source.read(each), zipfile.ZIP_DEFLATED)
        target.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def replaced(name: str, before: str, after: str, base: bytes | None = None) -> bytes:
    """The program's own template with some words of a part replaced."""
    base = base or own_template(CASE)
    with zipfile.ZipFile(io.BytesIO(base)) as source:
        text = source.read(name).decode()
    assert before in text
    return with_part(name, text.replace(before, after, 1).encode(), base)


def text(word: Any) -> str:
    """What is written in a document, a line for each paragraph."""
    return "\n".join("".join(each.itertext(qn("w:t"))) for each in word.element.iter(qn("w:p")))
