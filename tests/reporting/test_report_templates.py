"""Word templates of a region's own: what is taken, what is refused with which words, and what becomes of reports made on them."""

from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import translation
from docx.oxml.ns import qn

from attachments.refusals import FileIsBroken, HasMacros
from audit.models import Entry
from core.errors import InvalidInput, NotPermitted
from reporting.models import FileKind, FollowUpReport, ReportFile, ReportTemplate, ReportText, TemplateKind
from reporting.operations.report_files import FilesAreUpToDate, renew_files
from reporting.operations.report_stages import lock_report
from reporting.operations.report_templates import OwnTemplateInUse, set_template, use_own_template
from reporting.report import template_check, template_refusals, template_walk
from reporting.report.case import compose
from reporting.report.checks import checked
from reporting.report.content import Content
from reporting.report.placeholders import SECTIONS, Group, Leaf, Several, Shape, listed, placeholders
from reporting.report.template_check import checked_template
from reporting.report.word import report_word
from reporting.report.word_own import own_template
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.reporting import follow_ups
from tests.reporting.test_report_document import SNAPSHOT, TEXTS
from tests.reporting.word_templates import ANNEX, CASE, EVERY, own_with, replaced, template, with_part
from tests.repository.code import ROOT

RELS = "word/_rels/document.xml.rels"
LINK = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
OUTSIDE = LINK + 'Target="http://example.com/x" TargetMode="External"/></Relationships>'
FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{words}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p><w:sectPr'


def instruction(*words: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{word}</w:instrText></w:r>" for word in words)
    return FIELD.format(words=runs)


def refusal(content: bytes, kind: TemplateKind = CASE, name: str = "Mall.docx") -> InvalidInput:
    with translation.override("sv"), pytest.raises(InvalidInput) as refused:
        checked_template(kind, name, content)
    return refused.value


def text(word: Any) -> str:
    return "\n".join("".join(each.itertext(qn("w:t"))) for each in word.element.iter(qn("w:p")))


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
    refused = refusal(own_with(line))
    assert isinstance(refused, template_refusals.TemplateRefused)
    assert words in str(refused)


def test_a_template_without_all_sections_is_refused_and_they_are_named() -> None:
    refused = refusal(template("{{ rubrik }}", "{{p bedomning.innehall }}"))
    assert "Mallen saknar Förslag till beslut, Sammanfattning" in str(refused)
    assert "Bedömning" not in str(refused)
    hidden = ("{%p if not utkast %}", *EVERY, "{%p endif %}")
    assert isinstance(refusal(template(*hidden)), template_refusals.SectionsLeftOut)


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
    refused = refusal(content)
    assert isinstance(refused, kind)
    assert words in str(refused)


def test_a_link_that_somebody_presses_and_a_page_number_are_taken() -> None:
    linked = replaced(RELS, "</Relationships>", OUTSIDE.format(kind="hyperlink"))
    paged = replaced("word/document.xml", "<w:sectPr", instruction(" NUM", "PAGES "), linked)
    assert checked_template(CASE, "..\\Mall", paged).name == "Mall.docx"


def test_footnotes_are_left_as_they_are_and_may_ask_for_nothing() -> None:
    xml = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    noted = with_part("word/footnotes.xml", xml.format("Not").encode())
    assert checked_template(CASE, "Mall.docx", noted).content == noted
    refused = refusal(with_part("word/footnotes.xml", xml.format("{{ rubrik }}").encode()))
    assert isinstance(refused, template_refusals.NotInNotes)


HARD = "\x01 {{ 7*7 }} {_{ x }_} {% for %} {_% y %_} <w:p> & ]]> 😀 \x0b"
SEEN = "{{ 7*7 }} {_{ x }_} {% for %} {_% y %_} <w:p> & ]]> 😀"


@pytest.mark.parametrize("content", [own_template(CASE), template(*EVERY, "{{ rubrik }}", "{%p for rad in bedomning.rader %}", "{{ rad }}", "{%p endfor %}")])  # fmt: skip
def test_whatever_people_write_is_text_on_any_template(content: bytes) -> None:
    word, sentence = "x" * 5000, "Ord och mening. " * 300
    texts = dict.fromkeys(TEXTS, f"{HARD}\n\n{sentence}\n\n{word}")
    figures = SNAPSHOT | {"report": SNAPSHOT["report"] | {"title": HARD}}
    made = report_word(compose(Content(figures, texts)), CASE, at=NOW, template=content)
    assert made == report_word(compose(Content(figures, texts)), CASE, at=NOW, template=content)
    written = text(docx.Document(BytesIO(made)))
    assert written.count(SEEN) >= 1 + len(TEXTS)
    assert word in written
    assert sentence.strip() in written


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
    own = [[cell.text for cell in row.cells] for row in word.tables[-1].rows]
    assert own[-1][0] == "Netto"
    written = [paragraph.text for paragraph in word.paragraphs]
    assert "Undertecknat: Helena Stenmark" in written
    assert "Utkast" in written, "a draft is marked also where the template does not ask"


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
    made = report_word(document, CASE, at=NOW, template=template(*EVERY, change=bare))
    word = docx.Document(BytesIO(made))
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
    found = set()
    for name, shape in shapes.items():
        inner = shape.each if isinstance(shape, Several) else shape
        found |= {name} | (names(dict(inner.fields)) if isinstance(inner, Group) else set())
    return found


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
    written = " ".join(each.written for each in listed(kind))
    assert all(
        name in written
        for name in names(dict(shapes)) - set(SECTIONS[kind].values()) - {"kolumner", "celler"}
    )


def checked_case(content: bytes) -> template_check.CheckedTemplate:
    return checked_template(CASE, "Mall.docx", content)


def word_of(report: FollowUpReport, kind: FileKind = FileKind.DOCX) -> bytes:
    return ReportFile.objects.made_of(report).get(kind=kind).content.open().read()


def test_set_template_keeps_every_version_and_its_trail(cast: Cast) -> None:
    first = set_template(template=checked_case(template(*EVERY)), by=cast.head, at=NOW)
    assert set_template(template=checked_case(template(*EVERY)), by=cast.head, at=NOW) == first
    second = set_template(template=checked_case(template(*EVERY, "Ny")), by=cast.head, at=NOW)
    assert (first.version, second.version) == (1, 2)
    assert ReportTemplate.objects.in_use() == {CASE: second}
    third = use_own_template(kind=CASE, by=cast.head, at=NOW)
    assert (third.version, third.file, ReportTemplate.objects.in_use()) == (3, None, {})
    events = [Entry.objects.about(each).get().event for each in (first, second, third)]
    assert events == ["report_template.changed", "report_template.changed", "report_template.removed"]
    with pytest.raises(OwnTemplateInUse):
        use_own_template(kind=CASE, by=cast.head, at=NOW)


@pytest.mark.parametrize("actor", ["controller", "auditor", "manager", "requester"])
def test_set_template_is_the_heads(cast: Cast, actor: str) -> None:
    with pytest.raises(NotPermitted):
        set_template(template=checked_case(template(*EVERY)), by=getattr(cast, actor), at=NOW)
    with pytest.raises(NotPermitted):
        use_own_template(kind=CASE, by=getattr(cast, actor), at=NOW)
    assert not ReportTemplate.objects.exists()


def test_a_template_is_never_edited(cast: Cast) -> None:
    kept = set_template(template=checked_case(template(*EVERY)), by=cast.head, at=NOW)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        ReportTemplate.objects.filter(pk=kept.pk).update(name="Annan.docx")


def test_a_draft_can_be_made_anew_on_another_template_and_a_locked_report_stays(cast: Cast) -> None:
    set_template(template=checked_case(template(*EVERY, "Första mallen")), by=cast.head, at=NOW)
    report = follow_ups.approved(cast)
    follow_ups.files_made(report)
    assert "Första mallen" in text(docx.Document(BytesIO(word_of(report))))
    set_template(template=checked_case(template(*EVERY, "Andra mallen")), by=cast.head, at=NOW)
    renew_files(report=report, by=cast.head, at=NOW)
    with pytest.raises(FilesAreUpToDate):
        renew_files(report=report, by=cast.head, at=NOW)
    follow_ups.files_made(lock_report(report=report, diary_number="RS 2020/1154", by=cast.head, at=NOW))
    locked = word_of(report)
    assert "Andra mallen" in text(docx.Document(BytesIO(locked)))
    use_own_template(kind=CASE, by=cast.head, at=NOW)
    again = FollowUpReport.objects.get(pk=report.pk)
    assert all(each.is_same for each in checked(again, with_files=True))
    assert word_of(again) == locked


def upload(client: Client, content: bytes, kind: str = "case") -> Any:
    file = SimpleUploadedFile("Mall.docx", content)
    return client.post(reverse("reporting:report_template_set", args=[kind]), {f"{kind}-file": file})


def test_the_page_takes_a_template_shows_it_and_goes_back(client: Client, cast: Cast) -> None:
    client.force_login(cast.head)
    address = reverse("reporting:report_templates")
    assert "Görs på programmets egen mall." in client.get(address).content.decode()
    assert upload(client, template(*EVERY)).status_code == 302
    page = client.get(address).content.decode()
    assert "Mall.docx" in page
    given = client.get(reverse("reporting:report_template_file", args=["case", 1]))
    assert given.content == template(*EVERY)
    assert given["Content-Disposition"] == 'attachment; filename="Mall.docx"'
    own = client.get(reverse("reporting:report_template_file", args=["annex", 0]))
    assert own.content == own_template(ANNEX)
    refused = upload(client, own_with("{{ rubrk }}"))
    assert refused.status_code == 422
    assert "Mallen frågar efter rubrk, som inte finns. Menar du rubrik?" in refused.content.decode()
    assert client.post(reverse("reporting:report_template_own", args=["case"])).status_code == 302
    assert not ReportTemplate.objects.in_use()
    assert client.get(reverse("reporting:report_template_file", args=["case", 9])).status_code == 404


def test_the_page_is_read_by_readers_of_reports_and_changed_by_the_head(client: Client, cast: Cast) -> None:
    address = reverse("reporting:report_templates")
    client.force_login(cast.auditor)
    page = client.get(address)
    assert page.status_code == 200
    assert "Bara inköpschefen kan byta mallar" in page.content.decode()
    assert upload(client, template(*EVERY)).status_code == 403
    client.force_login(cast.requester)
    assert client.get(address).status_code == 403


def test_the_api_does_the_same(cast: Cast) -> None:
    programs = {name: Program(getattr(cast, name)) for name in ("head", "controller", "auditor", "requester")}

    def handed_in(actor: str, content: bytes) -> Any:
        file = SimpleUploadedFile("Mall.docx", content)
        return programs[actor].client.post(
            "/api/v1/report-templates/", {"kind": "case", "file": file}, format="multipart"
        )

    made = handed_in("head", template(*EVERY))
    assert (made.status_code, made.data["version"], made.data["name"]) == (201, 1, "Mall.docx")
    refused = handed_in("head", own_with("{{ rubrk }}"))
    assert (refused.status_code, refused.data["code"]) == (400, "report_template_unknown")
    assert handed_in("controller", template(*EVERY)).status_code == 403
    told = programs["auditor"].get("report-templates/").data["results"]
    assert [(each["kind"], each["version"]) for each in told] == [("case", 1)]
    assert programs["requester"].get("report-templates/").data["results"] == []
    assert programs["head"].post("report-templates/use-own/", kind="case").data["version"] == 2
    assert programs["head"].post("report-templates/use-own/", kind="case").status_code == 409


def test_the_headings_page_tells_whose_words_they_are_and_where_they_change(
    client: Client, cast: Cast
) -> None:
    kept = ReportText.objects.create(
        part="heading_method", text="Vår metod", valid_during=DateRange(NOW.date(), None)
    )
    client.force_login(cast.head)
    page = client.get(reverse("reporting:report_headings")).content.decode()
    assert "Vår metod" in page
    assert page.count("Regionens rubrik") == 1
    assert reverse("registers:row", args=["report_texts", kept.pk]) in page
    assert f"{reverse('registers:add', args=['report_texts'])}?part=ask_proposal" in page
    assert (
        client.get(f"{reverse('registers:add', args=['report_texts'])}?part=ask_proposal").status_code == 200
    )
    client.force_login(cast.auditor)
    assert "Ändra rubriken" not in client.get(reverse("reporting:report_headings")).content.decode()
    client.force_login(cast.requester)
    assert client.get(reverse("reporting:report_headings")).status_code == 403


def test_a_report_keeps_the_headings_that_it_was_frozen_with_on_one_line(cast: Cast) -> None:
    text = ReportText.objects.create(
        part="heading_quality", text="Vad\nsaknas? " + "x" * 500, valid_during=DateRange(None, None)
    )
    report = follow_ups.locked(cast)
    assert report.snapshot is not None
    assert report.snapshot["headings"]["quality"] == ("Vad saknas? " + "x" * 500)[:200]
    text.text = "Annat"
    text.save()
    assert all(each.is_same for each in checked(FollowUpReport.objects.get(pk=report.pk), with_files=True))


def test_the_documentation_names_every_placeholder() -> None:
    documentation = (ROOT / "docs" / "report-templates.md").read_text()
    for kind in TemplateKind:
        shapes = placeholders(kind)
        for name, shape in shapes.items():
            inner = shape.each if isinstance(shape, Several) else shape
            assert f"`{name}`" in documentation, name
            for field in inner.fields if isinstance(inner, Group) else ():
                assert f"`avsnitt.{field}`" in documentation
