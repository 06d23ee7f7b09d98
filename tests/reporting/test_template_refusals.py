"""Word templates of a region's own: what is taken, and what is refused with which words."""

from typing import Any

import pytest
from django.utils import translation

from attachments.refusals import FileIsBroken, HasMacros
from core.errors import InvalidInput
from reporting.models import TemplateKind
from reporting.report import template_check, template_refusals, template_walk
from reporting.report.template_check import checked_template
from reporting.report.word_own import own_template
from tests.reporting.word_templates import CASE, EVERY, own_with, replaced, template, with_part

RELS = "word/_rels/document.xml.rels"
LINK = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
OUTSIDE = LINK + 'Target="http://example.com/x" TargetMode="External"/></Relationships>'
FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{words}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:sectPr'


def instruction(*words: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{word}</w:instrText></w:r>" for word in words)
    return FIELD.format(words=runs)


def refusal(content: bytes, kind: TemplateKind = CASE, name: str = "Mall.docx") -> InvalidInput:
    with translation.override("sv"), pytest.raises(InvalidInput) as exc_info:
        checked_template(kind, name, content)
    return exc_info.value


@pytest.mark.parametrize("kind", TemplateKind)
def test_the_programs_own_template_is_one_that_is_taken(kind: TemplateKind) -> None:
    assert checked_template(kind, "Mall.docx", own_template(kind)).content == own_template(kind)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ rubrk }}", "Mallen frågar efter rubrk, som inte finns. Menar du rubrik?"),
        (
            "{{ forslag.rubrk }}",
            "Mallen frågar efter forslag.rubrk, som inte finns. Menar du forslag.rubrik?",
        ),
        ("{{ settings }}", "Mallen frågar efter settings, som inte finns."),
        ("{{ rubrik.__class__.__mro__ }}", "Mallen frågar efter rubrik.__class__, som inte finns."),
        ("{{ ''.__class__ }}", "inte fasta värden"),
        ("{{ forslag['rubrik'] }}", "inte [ ]"),
        ("{{ rubrik.upper() }}", "inte funktioner"),
        ("{{ rubrik|upper }}", "inte filter med |"),
        ("{{ 9**9**9 }}", "inte uträkningar"),
        ("{{ rubrik * 3 }}", "inte uträkningar"),
        ("{% for x in range(9999999) %}{% endfor %}", "inte funktioner"),
        ("{% set a = rubrik %}", "inte set"),
        ("{% include '/etc/passwd' %}", "inte include"),
        ("{% macro a() %}{% endmacro %}", "inte macro"),
        ("{% for a in avsnitten %}{% for b in avsnitten %}{% endfor %}{% endfor %}", "det som hör till den"),
        (
            "{% for a in ekonomi.tabeller %}{% for b in a.rader %}{% for c in a.rader %}{% endfor %}{% endfor %}{% endfor %}",
            "det som hör till den",
        ),
        ("{%p for a in avsnitten %}", "nära ”{% for a in avsnitten %}”"),
        ("{{ rubrik ", "nära ”{{ rubrik”"),
        ("{{ forslag }}", "Skriv forslag.rubrik, forslag.innehall"),
        ("{{ forslag.rader }}", "Skriv {%p for rad in forslag.rader %}"),
        ("{% for a in rubrik %}{% endfor %}", "Skriv {{ rubrik }}"),
        ("{{ forslag.innehall }} efter", "Skriv {{p avsnitt.innehall }}"),
    ],
)
def test_what_a_template_cannot_ask_for_is_refused_by_name(line: str, words: str) -> None:
    error = refusal(own_with(line))
    assert isinstance(error, template_refusals.TemplateRefused)
    assert words in str(error)


def test_a_template_without_all_sections_is_refused_and_they_are_named() -> None:
    error = refusal(template("{{ rubrik }}", "{{p bedomning.innehall }}"))
    assert "Mallen saknar Förslag till beslut, Sammanfattning" in str(error)
    assert "Bedömning" not in str(error)
    parts = ("{%p if not utkast %}", *EVERY, "{%p endif %}")
    assert isinstance(refusal(template(*parts)), template_refusals.SectionsLeftOut)


def test_what_is_drawn_stands_in_the_body_only() -> None:
    def in_header(word: Any) -> None:
        word.sections[0].header.paragraphs[0].text = "{{p bedomning.innehall }}"

    assert isinstance(refusal(template(*EVERY, change=in_header)), template_refusals.NotInHeaders)


def test_more_than_a_report_has_use_for_is_refused() -> None:
    many = ["{{p bedomning.innehall }}"] * (template_walk.MOST_BLOCKS + 1)
    assert isinstance(refusal(own_with(*many)), template_refusals.TooManyPlaceholders)
    many = ["{{ rubrik }}" * 100] * 6
    assert isinstance(refusal(own_with(*many)), template_refusals.TooManyPlaceholders)


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (b"", template_refusals.NotAWordFile, "Mall.docx är inget Word-dokument"),
        (b"%PDF-1.7", template_refusals.NotAWordFile, "Spara mallen som Word-dokument (.docx)"),
        (own_template(CASE)[:-500], FileIsBroken, "Mall.docx går inte att läsa"),
        (with_part("word/vbaProject.bin", b"x"), HasMacros, "innehåller makron"),
        (
            with_part("word/embeddings/x.bin", b"x"),
            template_refusals.TemplateFetches,
            "word/embeddings/x.bin",
        ),
        (with_part("word/afchunk1.html", b"x"), template_refusals.TemplateFetches, "afchunk1.html"),
        (
            replaced(RELS, "</Relationships>", OUTSIDE.format(kind="image")),
            template_refusals.TemplateFetches,
            "(image)",
        ),
        (
            replaced(RELS, "</Relationships>", OUTSIDE.format(kind="attachedTemplate")),
            template_refusals.TemplateFetches,
            "(attachedTemplate)",
        ),
        (
            replaced("word/document.xml", "<w:sectPr", '<w:altChunk r:id="rId1"/><w:sectPr'),
            template_refusals.TemplateFetches,
            "(altChunk)",
        ),
        (
            replaced("word/document.xml", "<w:sectPr", instruction(" INCLU", "DETEXT", " x")),
            template_refusals.FieldNotAllowed,
            "fältet INCLUDETEXT",
        ),
        (
            replaced("word/document.xml", "<w:sectPr", instruction("DDEAUTO c:\\cmd")),
            template_refusals.FieldNotAllowed,
            "fältet DDEAUTO",
        ),
        (
            replaced("word/document.xml", "<w:sectPr", '<w:p><w:fldSimple w:instr="LINK x"/></w:p><w:sectPr'),
            template_refusals.FieldNotAllowed,
            "fältet LINK",
        ),
        (
            with_part("word/settings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
            template_refusals.TemplateFetches,
            "(DOCTYPE)",
        ),
        (
            with_part("word/media/body.png", b"\xef\xbb\xbf <!DOCTYPE x><x/>"),
            template_refusals.TemplateFetches,
            "(DOCTYPE)",
        ),
        (
            with_part("word/media/a.svg", b'<svg><image href="https://example.com/a"/></svg>'),
            template_refusals.TemplateFetches,
            "(https://example.com/a)",
        ),
        (
            with_part(
                "word/header9.xml",
                b'<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="\\\\server\\a"/>',
            ),
            template_refusals.TemplateFetches,
            "server",
        ),
        (with_part("word/theme/theme1.xml", b"<a>"), FileIsBroken, "theme1.xml går inte att läsa"),
        (
            with_part("word/comments.xml", b"<a>" + b" " * template_check.LARGEST_PART + b"</a>"),
            template_refusals.TemplateTooLarge,
            "Mallen är för stor",
        ),
        (
            with_part("word/media/image.png", b"0" * (template_check.LARGEST_UNPACKED + 1)),
            template_refusals.TemplateTooLarge,
            "Mallen är för stor",
        ),
    ],
)
def test_hostile_and_unfit_files_are_refused(content: bytes, kind: type[InvalidInput], words: str) -> None:
    error = refusal(content)
    assert isinstance(error, kind)
    assert words in str(error)


def test_a_link_that_somebody_presses_and_a_page_number_are_taken() -> None:
    linked = replaced(RELS, "</Relationships>", OUTSIDE.format(kind="hyperlink"))
    paged = replaced("word/document.xml", "<w:sectPr", instruction(" NUM", "PAGES "), linked)
    assert checked_template(CASE, "..\\Mall", paged).name == "Mall.docx"


def test_footnotes_are_left_as_they_are_and_may_ask_for_nothing() -> None:
    xml = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    content = with_part("word/footnotes.xml", xml.format("Not").encode())
    assert checked_template(CASE, "Mall.docx", content).content == content
    error = refusal(with_part("word/footnotes.xml", xml.format("{{ rubrik }}").encode()))
    assert isinstance(error, template_refusals.NotInNotes)
