"""
Whether a Word template that a region hands in can be used: what it is, what it fetches, what it asks for, and what comes out.

Nothing of it is run before it has been walked. At last a sample report is made on it, with texts such as people may write.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import docx
from docx.oxml.ns import qn
from lxml import etree

from attachments.archives import document_type
from attachments.kinds import LARGEST_FILE, MediaType
from attachments.names import safe_name
from attachments.refusals import FileIsBroken, UnknownType
from core.errors import DomainError
from reporting.models import TemplateKind
from reporting.report.filled import Filled
from reporting.report.placeholders import placeholders
from reporting.report.sample import MARK, sample_document
from reporting.report.template_refusals import (
    FieldNotAllowed,
    NotAWordFile,
    NotInNotes,
    SectionsLeftOut,
    TemplateBroken,
    TemplateFetches,
    TemplateTooLarge,
    WrongPlace,
)
from reporting.report.template_walk import placeholder_tail, walk
from reporting.report.word import report_word

LARGEST_PART = 2_000_000
"""Bytes of one part of a template that is text."""
LARGEST_UNPACKED = 40_000_000
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
FIELDS = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTION",
        "SECTIONPAGES",
        "TOC",
        "TC",
        "REF",
        "PAGEREF",
        "NOTEREF",
        "STYLEREF",
        "SEQ",
        "HYPERLINK",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "TITLE",
        "SUBJECT",
        "AUTHOR",
        "FILENAME",
        "DOCPROPERTY",
        "NUMWORDS",
        "NUMCHARS",
        "SYMBOL",
        "EQ",
    ]
)
"""Fields that read nothing but the document itself."""
OBJECTS = ("word/embeddings/", "word/activex/", "word/afchunk", "customui/", "word/vbadata")
"""How the names of parts begin that are other files or programs within a document."""
LINKED = frozenset({"hyperlink"})
"""What may point out of a document: what somebody has to press."""
CONTAINERS = frozenset(
    qn(name) for name in ("w:body", "w:tc", "w:hdr", "w:ftr", "w:txbxContent", "w:sdtContent", "w:footnote", "w:endnote",
                          "w:comment", "w:customXml", "w:ins", "w:del")
)  # fmt: skip
"""Where a paragraph or a table can stand."""
ON_ITS_OWN = "{{p avsnitt.innehall }}"
BLANK, TEXT = b" \t\r\n\xef\xbb\xbf", (b"<", b"\x00<", b"\xff\xfe", b"\xfe\xff", b"Lo\xa7\x94")
"""What may come before XML, and how it begins in each encoding that is read."""
FETCHING = {qn(f"w:{name}"): name for name in ("altChunk", "subDoc", "mailMerge", "control", "object")}
"""Elements that take in what is not the document's own text."""
ADDRESSES = etree.XPath(
    "//@*[contains(' src href althref ', concat(' ', translate(local-name(), 'ACEFHLRST', 'acefhlrst'), ' '))]",
    smart_strings=False,
)
"""What the attributes say that may be addresses, in whatever case their names are written."""
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|\\\\|//", re.IGNORECASE)
"""How an address begins that leads out of a document; those of relations are looked at where they stand."""
AT = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """A template that can be used."""

    kind: TemplateKind
    name: str
    content: bytes


def checked_template(kind: TemplateKind, name: str, content: bytes) -> CheckedTemplate:
    """
    Look at a file that is handed in as a template.

    :raises FileRefused: it is no file that can be kept: empty of anything, locked, broken, or with macros.
    :raises TemplateRefused: it cannot be used, in a sentence that says what to change.
    """
    file_name = safe_name(name, suffix=".docx")
    _require_word_file(content, file_name)
    for part, xml in _texts(content):
        _require_no_fetching(part, xml)
    filled = _opened(content, file_name)
    walk(filled.sources, placeholders(kind))
    _check_sample(kind, content)
    return CheckedTemplate(kind, file_name, content)


def _require_word_file(content: bytes, name: str) -> None:
    if len(content) > LARGEST_FILE:
        raise _too_large()
    try:
        kind = document_type(content, name=name)
    except UnknownType:
        raise NotAWordFile(name=name) from None
    except FileIsBroken as error:
        raise (error if content.startswith(b"PK") else NotAWordFile(name=name)) from None
    if kind is not MediaType.DOCX:
        raise NotAWordFile(name=name)


def _too_large() -> TemplateTooLarge:
    return TemplateTooLarge(limit=LARGEST_FILE // 1_000_000, part=LARGEST_PART // 1_000_000)


def _texts(content: bytes) -> Iterator[tuple[str, Any]]:
    """
    Each part that is XML, whatever it is called, read without entities.

    Sizes are held against what is read, not against what the archive says.
    """
    total = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            name = member.filename.lower()
            if name.startswith(OBJECTS):
                raise TemplateFetches(what=member.filename)
            with archive.open(member) as part:
                text = part.read(LARGEST_UNPACKED + 1)
            is_text = name.endswith((".xml", ".rels")) or text.lstrip(BLANK).startswith(TEXT)
            total += len(text)
            if total > LARGEST_UNPACKED or (is_text and len(text) > LARGEST_PART):
                raise _too_large()
            if is_text:
                yield name, _read(text, member.filename)


def _read(text: bytes, name: str) -> Any:
    try:
        root = etree.fromstring(text, PARSER)
    except etree.XMLSyntaxError:
        raise FileIsBroken(name=name) from None
    if root.getroottree().docinfo.doctype:
        raise TemplateFetches(what="DOCTYPE")
    return root


def _require_no_fetching(part: str, root: Any) -> None:
    """Nothing of a part leads out of the document but what somebody has to press."""
    if part.endswith(".rels"):
        for each in root:
            kind = str(each.get("Type", "")).rpartition("/")[2]
            is_outside = str(each.get("TargetMode", "")).lower() == "external"
            if is_outside and kind.lower() not in LINKED:
                raise TemplateFetches(what=kind)
            if kind.lower() in ("afchunk", "oleobject", "package", "subdocument", "frame", "vbaproject"):
                raise TemplateFetches(what=kind)
        return
    fetching = next(root.iter(*FETCHING), None)
    if fetching is not None:
        raise TemplateFetches(what=FETCHING[fetching.tag])
    for value in ADDRESSES(root):
        if OUTSIDE.match(value.strip()):
            raise TemplateFetches(what=value.strip()[:60])
    for field in _fields(root):
        if field and field not in FIELDS:
            raise FieldNotAllowed(field=field[:30])
    if part.endswith(("footnotes.xml", "endnotes.xml", "comments.xml")):
        text = "".join(root.itertext(qn("w:t")))
        if "{{" in text or "{%" in text:
            raise NotInNotes


def _fields(root: Any) -> Iterator[str]:
    """The first word of every field, also of one whose words are spread over runs or that stands within another."""
    for simple in root.iter(qn("w:fldSimple")):
        yield _first_word(simple.get(qn("w:instr"), ""))
    open_fields: list[str] = []
    for each in root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText")):
        if each.tag != qn("w:fldChar"):
            if open_fields:
                open_fields[-1] += each.text or ""
            else:
                yield _first_word(each.text or "")
        elif each.get(qn("w:fldCharType")) == "begin":
            open_fields.append("")
        elif open_fields and each.get(qn("w:fldCharType")) in ("separate", "end"):
            yield _first_word(open_fields[-1])
            open_fields[-1] = ""
            if each.get(qn("w:fldCharType")) == "end":
                open_fields.pop()
    yield from map(_first_word, open_fields)


def _first_word(instruction: str) -> str:
    return next(iter(instruction.split()), "").upper()


def _opened(content: bytes, name: str) -> Filled:
    try:
        return Filled(content)
    except Exception:
        raise FileIsBroken(name=name) from None


def _check_sample(kind: TemplateKind, content: bytes) -> None:
    """Make a sample report, and see that all of it is there and that each paragraph stands where Word can have one."""
    document = sample_document()
    try:
        sample = report_word(document, kind, at=AT, template=content)
        word = docx.Document(io.BytesIO(sample))
    except DomainError:
        raise
    except Exception:
        raise TemplateBroken(near=placeholder_tail("".join(Filled(content).sources.values()))) from None
    for each in word.element.iter(qn("w:p"), qn("w:tbl")):
        if each.getparent().tag not in CONTAINERS:
            raise WrongPlace(name="innehall", how=ON_ITS_OWN)
    text = "\n".join(word.element.itertext(qn("w:t")))
    sections = document.sections if kind is TemplateKind.CASE else document.annex
    left_out = [each.heading for each in sections if f"{MARK}{each.key}." not in text]
    if left_out:
        raise SectionsLeftOut(sections=", ".join(left_out))
