"""build_report(): what is frozen, what is made of it, and that nothing is done twice, whatever happens."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from pypdf import PdfReader

from agreements.models import Agreement, AgreementOption
from agreements.operations import agreements as operations
from audit.models import Entry
from core.work import WorkStatus
from procurement.operations import decisions
from reporting.models import FileKind, FollowUpReport, FrozenLines, ReportFile, SavingInitiative
from reporting.operations import reports
from reporting.operations.baselines import freeze_baselines
from reporting.report import files
from reporting.report.agreements import agreements_on
from reporting.report.content import content_of
from reporting.report.indicators import long_agreements
from reporting.report.lines import HeldLines, thaw_lines
from reporting.report.snapshot import _overdue, _unconfirmed, canonical, digest
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.reporting import follow_ups, initiatives


def content(report: FollowUpReport, kind: FileKind) -> bytes:
    return ReportFile.objects.made_of(report).get(kind=kind).content.open().read()


def pdf_text(report: FollowUpReport) -> str:
    reader = PdfReader(BytesIO(content(report, FileKind.PDF)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_build_report_freezes_the_measures_and_their_lines(cast: Cast) -> None:
    report = follow_ups.built(cast, diary_number="RS 2020/1154")
    assert (report.status, report.error) == (WorkStatus.DONE, "")
    snapshot = report.snapshot
    assert snapshot is not None
    net = snapshot["effects"]["net"]
    assert (net["full_year"], net["in_year"], net["overhang"]) == ("26140.00", "8713.33", "17426.67")
    assert snapshot["effects"]["increase"]["realised"] == "-90.00"
    assert net["realised"] == snapshot["lines"]["amount"] == "7710.00"
    assert snapshot["lines"]["count"] == 5
    assert snapshot["cost"]["whole"] == {
        "amount": "5500000.00",
        "starts": "2018-11-01",
        "ends": "2020-12-31",
        "holes": [],
    }
    assert Decimal(snapshot["cost"]["net"]) == Decimal("7710.00") - Decimal(
        snapshot["cost"]["period"]["amount"]
    )
    assert snapshot["deliveries"][0]["without_baseline"] == 4
    assert "kategori=10" in snapshot["categories"][0]["url"]
    assert report.snapshot_sha256 == digest(snapshot)
    lines = list(thaw_lines(report.frozen_lines.file.open()))
    assert [line.amount for line in lines] == ["1560.00", "-90.00", "5200.00", "0.00", "1040.00"]
    assert lines[0].baseline_price == "63.2000"
    events = list(Entry.objects.about(report).order_by("pk").values_list("event", flat=True))
    assert events == ["report.requested", "report.frozen", "report.finished"]


def test_a_report_tells_ceilings_as_they_were_on_its_last_day(cast: Cast) -> None:
    moment = NOW.replace(year=2020, month=12, day=31)
    cast.agreement.committed_amount, cast.agreement.committed_at = Decimal(85_000), moment
    cast.agreement.save()
    cast.agreement.committed_amount, cast.agreement.committed_at = Decimal(99_000), NOW
    cast.agreement.save()
    report = follow_ups.built(cast)
    assert report.snapshot is not None
    (agreement,) = report.snapshot["agreements"]["near_ceiling"]
    assert (agreement["committed"], agreement["used_percent"]) == ("85000.00", "85.0")
    assert agreements_on(date(2020, 12, 30))["near_ceiling"] == []
    assert agreements_on(TODAY)["near_ceiling"][0]["committed"] == "99000.00"


def test_a_report_tells_the_days_of_agreements_as_they_were_on_its_last_day(cast: Cast) -> None:
    """An option that was used, and an end, in May 2021: on the last of December 2020 the agreement ran to its end, with the option."""
    through, end = date(2020, 12, 31), date(2021, 8, 31)
    Agreement.objects.filter(pk=cast.agreement.pk).update(
        valid_during=DateRange(date(2017, 10, 1), end + timedelta(days=1)), long_term_reason="Drift"
    )
    option = AgreementOption.objects.create(
        agreement=cast.agreement, number=1, months=12, decide_by_date=TODAY
    )
    other = AgreementOption.objects.create(agreement=cast.agreement, number=2, months=6, decide_by_date=end)
    before, long = agreements_on(through), long_agreements(through)
    (ending,) = before["ending"]
    assert (ending["ends"], ending["option_months"], long) == ("2021-08-31", 18, 0)
    operations.use_option(option=option, reason="Bra", by=cast.manager, at=NOW)
    assert agreements_on(TODAY)["ending"] == []
    assert long_agreements(TODAY) == 1
    later = NOW + timedelta(days=1)
    operations.let_option_go(option=other, reason="Nej", by=cast.manager, at=later)
    operations.end(agreement=cast.agreement, reason="Hävt", by=cast.manager, at=later)
    assert (agreements_on(through), long_agreements(through)) == (before, long)
    assert agreements_on(TODAY)["ending"] == []
    assert agreements_on(later.date())["ending"][0]["ends"] == later.date().isoformat()
    assert agreements_on(later.date() + timedelta(days=1))["active"] == 0


def test_a_report_calls_things_what_they_were_called_on_its_last_day(cast: Cast) -> None:
    cast.supplier.name = "Ett senare namn"
    cast.supplier.save()
    cast.medical.name = "En senare kategori"
    cast.medical.save()
    report = follow_ups.frozen(cast)
    SavingInitiative.objects.update(name="Ett senare initiativ")
    snapshot = reports.build_report(report=follow_ups.requested(cast), at=NOW).snapshot
    assert report.snapshot is not None
    assert snapshot is not None
    assert canonical(snapshot["initiatives"]) == canonical(report.snapshot["initiatives"])
    assert "senare" not in canonical({key: snapshot[key] for key in ("categories", "initiatives")}).decode()


def test_an_initiative_that_was_frozen_later_is_not_waited_for(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 5, 1), "10", "60.00")
    waiting = initiatives.initiative(cast)
    freeze_baselines(initiative=waiting, by=cast.head, at=NOW)
    assert _unconfirmed(date(2020, 12, 31))["count"] == 0
    assert _unconfirmed(TODAY)["count"] == 1


def test_a_snapshot_has_no_floats_and_one_form(cast: Cast) -> None:
    report = follow_ups.built(cast)

    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for each in value.values() for leaf in leaves(each)]
        return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]

    assert not [leaf for leaf in leaves(report.snapshot) if isinstance(leaf, float)]
    again = FollowUpReport.objects.get(pk=report.pk)
    assert again.snapshot is not None
    assert report.snapshot is not None
    assert canonical(again.snapshot) == canonical(report.snapshot)


def test_build_report_says_the_same_figures_in_all_files(cast: Cast) -> None:
    report = follow_ups.built(cast)
    words = [docx.Document(BytesIO(content(report, kind))) for kind in (FileKind.DOCX, FileKind.ANNEX)]
    cells = [cell.text for word in words for table in word.tables for row in table.rows for cell in row.cells]
    book = openpyxl.load_workbook(BytesIO(content(report, FileKind.XLSX)), read_only=True)
    figures = [value for row in book["Siffror"].iter_rows(values_only=True) for value in row]
    lines = list(book["Orderrader"].iter_rows(values_only=True))
    text = pdf_text(report)
    for amount_text, number in (("26 140", 26140), ("8 713", 8713.33), ("7 710", 7710)):
        nbsp = amount_text.replace(" ", "\u00a0")
        assert nbsp in cells
        assert amount_text in text.replace("\u00a0", " ")
        assert number in figures
    assert sum(row[12] for row in lines[:-1] if isinstance(row[12], int | float)) == 7710
    assert lines[-1][12] == 7710


def test_build_report_makes_a_tagged_pdf_in_swedish(cast: Cast) -> None:
    report = follow_ups.built(cast)
    reader = PdfReader(BytesIO(content(report, FileKind.PDF)))
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/Lang"].lower() == "sv-se"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == follow_ups.TITLE
    text = pdf_text(report)
    assert report.editions.get().sha256[:16] in text
    assert f"Version {report.version}" in text
    assert "Sida 1 av" in text


def test_a_section_that_nobody_wrote_is_missing_in_every_file_and_a_draft_is_marked(cast: Cast) -> None:
    report = follow_ups.built(cast, assessment="Det går åt rätt håll.\n\nVi fortsätter.")
    text = pdf_text(report)
    assert "Det går åt rätt håll." in text
    assert "UTKAST" in text
    word = docx.Document(BytesIO(content(report, FileKind.DOCX)))
    paragraphs = [paragraph.text for paragraph in word.paragraphs]
    assert "Vi fortsätter." in paragraphs
    assert [paragraph.text for paragraph in word.sections[0].header.paragraphs] == ["Utkast"]
    book = openpyxl.load_workbook(BytesIO(content(report, FileKind.XLSX)), read_only=True)
    cells = [str(value) for row in book["Tjänsteskrivelse"].iter_rows(values_only=True) for value in row]
    assert "Utkast" in cells
    for words in (text, "\n".join(paragraphs), "\n".join(cells)):
        assert "Landsbygdsperspektiv" in words
        assert words.count("Avsnittet saknar text.") == 5


def test_build_report_makes_a_word_file_with_headings_header_rows_and_language(cast: Cast) -> None:
    word = docx.Document(BytesIO(content(follow_ups.built(cast, **follow_ups.TEXTS), FileKind.DOCX)))
    headings = [
        each.text for each in word.paragraphs if each.style is not None and each.style.name == "Heading 2"
    ]
    assert headings[:3] == ["Förslag till beslut", "Sammanfattning", "Ärendebeskrivning"]
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in word.tables)
    assert 'w:val="sv-SE"' in word.styles["Normal"].element.xml
    numbered = [
        each for each in word.paragraphs if each.style is not None and each.style.name == "List Number"
    ]
    lists = {str(each._p.xpath("w:pPr/w:numPr/w:numId/@w:val")) for each in numbered}
    assert len(lists) == 2, "each list begins at 1"


def test_build_report_never_writes_a_formula(cast: Cast) -> None:
    cast.gloves.name = '=HYPERLINK("http://example.com")'
    cast.gloves.save()
    report = follow_ups.built(cast, title="=1+1")
    book = openpyxl.load_workbook(BytesIO(content(report, FileKind.XLSX)))
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert any(cell.value == cast.gloves.name for row in book["Orderrader"].iter_rows() for cell in row)


def test_build_report_takes_whatever_people_write(cast: Cast) -> None:
    cast.medical.name = "Sjukvård \x01\x0b 😀 中文 \u202e"
    cast.medical.save()
    odd = "\x01 #panic() <w:p> & ]]> 😀 \ud800 *_$` \\ =1+1 @A1"
    long, word = "Ord och mening. " * 300, "x" * 5000
    texts = dict.fromkeys(follow_ups.TEXTS, f"{odd}\n{long}\n\n{word}\u2028slut")
    report = follow_ups.built(cast, title="\x08 😀" + "å" * 145, **texts)
    assert [file.error for file in report.files.all()] == [""] * len(FileKind)
    assert report.files.filter(status=WorkStatus.DONE).count() == len(FileKind)
    assert "#panic() <w:p> &" in pdf_text(report)
    paragraphs = [each.text for each in docx.Document(BytesIO(content(report, FileKind.DOCX))).paragraphs]
    book = openpyxl.load_workbook(BytesIO(content(report, FileKind.XLSX)), read_only=True)
    cells = [str(value) for row in book["Tjänsteskrivelse"].iter_rows(values_only=True) for value in row]
    for file_text in ("\n".join(paragraphs), "\n".join(cells)):
        assert file_text.count(word) == 6
        assert file_text.count(long.strip()) == 6
        assert "=1+1 @A1" in file_text


def test_build_report_again_from_the_same_snapshot_gives_the_same_bytes(cast: Cast) -> None:
    report = follow_ups.built(cast)
    cast.medical.name = "Ett annat namn"
    cast.medical.save()
    again = FollowUpReport.objects.get(pk=report.pk)
    for kind in FileKind:
        lines = thaw_lines(again.frozen_lines.file.open())
        with files.make_file(kind, again, content_of(again), lines, counted=lambda count: None) as file:
            assert file.read() == content(report, kind)


def test_a_frozen_snapshot_is_not_changed_even_by_mistake(cast: Cast) -> None:
    report = follow_ups.built(cast)
    changes: list[dict[str, Any]] = [
        {"snapshot": {"effects": {}}},
        {"snapshot_sha256": "0" * 64},
        {"year": 2019},
    ]
    for change in changes:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            FollowUpReport.objects.filter(pk=report.pk).update(**change)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        FrozenLines.objects.update(count=0)


def test_build_report_is_refused_when_the_lines_do_not_sum_to_the_figure(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow_ups.year_2020(cast)
    monkeypatch.setattr(HeldLines, "portions", lambda self: iter(()))
    report = reports.build_report(report=follow_ups.requested(cast), at=NOW)
    assert (report.status, report.snapshot) == (WorkStatus.FAILED, None)
    assert "7\u00a0710\u00a0kr" in report.error


def test_build_report_of_nothing_at_all_is_still_a_report(cast: Cast) -> None:
    report = follow_ups.files_made(reports.build_report(report=follow_ups.requested(cast), at=NOW))
    assert report.status == WorkStatus.DONE
    assert "saknar baslinje" not in pdf_text(report)


def test_build_report_measures_what_people_decided_apart_from_standing_approvals(cast: Cast) -> None:
    submitted_at = NOW - timedelta(days=7)
    worlds.approved(cast, (cast.gloves, 20), at=submitted_at)
    slow = worlds.submitted(cast, (cast.gown, 1), at=submitted_at)
    worlds.submitted(cast, (cast.gloves, 1), at=submitted_at)
    decisions.approve(lines=list(slow.lines.all()), by=cast.manager, at=NOW)
    report = follow_ups.requested(cast, year=2021, through_date=TODAY)
    snapshot = reports.build_report(report=report, at=NOW).snapshot
    assert snapshot is not None
    lead = snapshot["lead_times"][0]
    assert (lead["decided"], lead["by_policy"], lead["in_time"]) == (2, 0, 1)
    assert (lead["median_days"], lead["p90_days"]) == ("3.50", "6.30")
    assert snapshot["overdue"] == 1
    assert snapshot["agreements"]["active"] == 1
    before = TODAY - timedelta(days=1)
    assert [_overdue(day) for day in (submitted_at.date(), before, TODAY)] == [
        0,
        2,
        1,
    ]  # one of them was decided today
