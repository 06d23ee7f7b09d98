"""Word templates of a region's own: their versions, the pages and the API where they are kept, and the reports made on them."""

from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from core.errors import NotPermitted
from reporting.models import FileKind, FollowUpReport, ReportFile, ReportTemplate, ReportText, TemplateKind
from reporting.operations.report_files import FilesAreUpToDate, renew_files
from reporting.operations.report_stages import lock_report
from reporting.operations.report_templates import OwnTemplateInUse, set_template, use_own_template
from reporting.report import template_check
from reporting.report.checks import run_checks
from reporting.report.placeholders import Group, Several, placeholders
from reporting.report.template_check import checked_template
from reporting.report.word_own import own_template
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.reporting import follow_ups
from tests.reporting.word_templates import ANNEX, CASE, EVERY, own_with, template, text
from tests.repository.code import ROOT


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
    case_template = set_template(template=checked_case(template(*EVERY)), by=cast.head, at=NOW)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        ReportTemplate.objects.filter(pk=case_template.pk).update(name="Annan.docx")


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
    assert all(each.is_same for each in run_checks(again, with_files=True))
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
    custom_file = client.get(reverse("reporting:report_template_file", args=["case", 1]))
    assert custom_file.content == template(*EVERY)
    assert custom_file["Content-Disposition"] == 'attachment; filename="Mall.docx"'
    default_file = client.get(reverse("reporting:report_template_file", args=["annex", 0]))
    assert default_file.content == own_template(ANNEX)
    response = upload(client, own_with("{{ rubrk }}"))
    assert response.status_code == 422
    assert "Mallen frågar efter rubrk, som inte finns. Menar du rubrik?" in response.content.decode()
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

    response = handed_in("head", template(*EVERY))
    assert (response.status_code, response.data["version"], response.data["name"]) == (201, 1, "Mall.docx")
    refusal = handed_in("head", own_with("{{ rubrk }}"))
    assert (refusal.status_code, refusal.data["code"]) == (400, "report_template_unknown")
    assert handed_in("controller", template(*EVERY)).status_code == 403
    templates = programs["auditor"].get("report-templates/").data["results"]
    assert [(each["kind"], each["version"]) for each in templates] == [("case", 1)]
    assert programs["requester"].get("report-templates/").data["results"] == []
    assert programs["head"].post("report-templates/use-own/", kind="case").data["version"] == 2
    assert programs["head"].post("report-templates/use-own/", kind="case").status_code == 409


def test_the_headings_page_tells_whose_words_they_are_and_where_they_change(
    client: Client, cast: Cast
) -> None:
    report_text = ReportText.objects.create(
        part="heading_method", text="Vår metod", valid_during=DateRange(NOW.date(), None)
    )
    client.force_login(cast.head)
    page = client.get(reverse("reporting:report_headings")).content.decode()
    assert "Vår metod" in page
    assert page.count("Regionens rubrik") == 1
    assert reverse("registers:row", args=["report_texts", report_text.pk]) in page
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
    assert all(each.is_same for each in run_checks(FollowUpReport.objects.get(pk=report.pk), with_files=True))


def test_the_documentation_names_every_placeholder() -> None:
    documentation = (ROOT / "docs" / "report-templates.md").read_text()
    for kind in TemplateKind:
        shapes = placeholders(kind)
        for name, shape in shapes.items():
            inner = shape.each if isinstance(shape, Several) else shape
            assert f"`{name}`" in documentation, name
            for field in inner.fields if isinstance(inner, Group) else ():
                assert f"`avsnitt.{field}`" in documentation
