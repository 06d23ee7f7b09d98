"""
The case document and its annex as Word, each on a template: the region's own, or the program's.

docxtpl fills the template in with a sandboxed Jinja that can do nothing but write out, go through and leave out; what a person
typed is put in as text and never read as anything else. Styles, headings and tables are Word's own, for the secretary who goes on
editing. The same document on the same template gives the same bytes.
"""

import re
from datetime import datetime
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.printable import each_text, property_text
from reporting.models import TemplateKind
from reporting.report.document import Document
from reporting.report.filled import Filled
from reporting.report.word_archive import packed
from reporting.report.word_blocks import add_styles
from reporting.report.word_context import template_context
from reporting.report.word_own import own_template

_ASKS_FOR_DRAFT = re.compile(r"\{\{\s*utkast\s*\}\}")


def environment() -> ImmutableSandboxedEnvironment:
    """A Jinja without functions, filters and tests: what a template has been checked not to use is not there either."""
    env = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    env.globals.clear()
    env.filters.clear()
    env.tests.clear()
    return env


def report_word(
    document: Document, kind: TemplateKind, *, at: datetime, template: bytes | None = None
) -> bytes:
    """
    Write the case document or its annex as .docx.

    :param template: one that has been checked; the program's own when there is none.
    """
    document = each_text(document)
    filled = Filled(template or own_template(kind))
    add_styles(filled.docx)
    _mark_draft(filled)
    filled.render(template_context(document, kind, filled.docx), environment())
    _set_properties(filled.docx, document, kind, at)
    return packed(filled)


def _mark_draft(filled: Filled) -> None:
    """See to it that a draft is marked, also where the template does not ask whether it is one."""
    if not any(_ASKS_FOR_DRAFT.search(source) for source in filled.sources.values()):
        word = filled.docx
        first = word.paragraphs[0] if word.paragraphs else word.add_paragraph()
        for text in ("{%p if utkast %}", "{{ utkast }}", "{%p endif %}"):
            first.insert_paragraph_before(text)


def _set_properties(word: Any, document: Document, kind: TemplateKind, at: datetime) -> None:
    title = document.title if kind is TemplateKind.CASE else document.annex_title
    properties = word.core_properties
    properties.title = property_text(title, default="Dokument")
    properties.author = property_text(document.sender, default="Rauk")
    properties.language = "sv-SE"
    properties.created = properties.modified = at.replace(tzinfo=None, microsecond=0)
    properties.last_modified_by, properties.revision = "", 1
