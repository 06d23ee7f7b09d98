"""The pages of reports: who sees them, what they say, their progress and their files."""

import html
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.work import WorkStatus
from reporting import tasks
from reporting.models import FileKind, FollowUpReport, ReportFile
from reporting.operations import reports
from tests.cast import NOW, Cast
from tests.governance import worlds as governing
from tests.reporting import follow_ups

READERS = ["head", "controller", "auditor", "manager", "deputy"]
OTHERS = ["requester", "stranger", "budget_holder", "administrator"]


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Wake nobody; say who would have been."""
    calls: list[int] = []
    monkeypatch.setattr(tasks.build_report, "wake", lambda *, report_id: calls.append(report_id))
    monkeypatch.setattr(tasks.make_report_file, "wake", lambda *, file_id: calls.append(-file_id))
    return calls


def enter(client: Client, cast: Cast, actor: str) -> Client:
    client.force_login(getattr(cast, actor))
    return client


def form(**other: Any) -> dict[str, str]:
    return {"title": follow_ups.TITLE, "through_date": "2020-12-31", "diary_number": "", **other}


@pytest.mark.parametrize("actor", READERS)
def test_reports_are_read_by_those_they_concern(client: Client, cast: Cast, actor: str) -> None:
    report = follow_ups.built(cast)
    enter(client, cast, actor)
    assert follow_ups.TITLE in client.get(reverse("reporting:reports")).content.decode()
    assert client.get(report.get_absolute_url()).status_code == 200
    file = client.get(reverse("reporting:report_file", args=[report.pk, "pdf"]))
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")


@pytest.mark.parametrize("actor", OTHERS)
def test_reports_are_hidden_from_everybody_else(client: Client, cast: Cast, actor: str) -> None:
    report = follow_ups.built(cast)
    enter(client, cast, actor)
    assert client.get(reverse("reporting:reports")).status_code == 403
    for address in (
        report.get_absolute_url(),
        reverse("reporting:report_progress", args=[report.pk]),
        reverse("reporting:report_file", args=[report.pk, "pdf"]),
    ):
        assert client.get(address).status_code == 404


def test_report_page_shows_the_document_with_its_figures(client: Client, cast: Cast) -> None:
    report = follow_ups.built(cast, diary_number="RS 2020/1154")
    page = enter(client, cast, "head").get(report.get_absolute_url()).content.decode()
    assert '<article class="document" lang="sv">' in page
    for figure in ("26\u00a0140", "8\u00a0713", "7\u00a0710", "RS 2020/1154"):
        assert figure in page
    assert 'okning=0">7\u00a0800</a>' in page
    assert "Landsbygdsperspektiv" in page
    assert "Avsnittet saknar text." in page
    assert reverse("reporting:report_file", args=[report.pk, "docx"]) in page


def test_every_figure_of_a_report_opens_and_its_lines_sum_to_it(client: Client, cast: Cast) -> None:
    report = follow_ups.built(cast)
    assert report.snapshot is not None
    page = enter(client, cast, "head").get(report.get_absolute_url()).content.decode()
    document = page[page.index("<article") : page.rindex("</article>")]
    addresses = {html.unescape(address) for address in re.findall(r'<a href="(/[^"]+)"', document)}
    assert len(addresses) >= 6
    for address in addresses:
        assert client.get(address).status_code == 200, address
    figures = [(report.snapshot["effects"][part], part) for part in ("net", "increase", "decrease")]
    figures += [
        (row, row["name"]) for row in (*report.snapshot["categories"], *report.snapshot["initiatives"])
    ]
    for row, name in figures:
        sums = client.get(row["url"]).context["sums"]
        assert sums.net == Decimal(row["realised"]), name


def test_report_page_offers_a_new_version_only_to_those_who_may_ask(client: Client, cast: Cast) -> None:
    report = follow_ups.locked(cast)
    new = f"{reverse('reporting:report_new')}?fran={report.pk}"
    assert new in enter(client, cast, "head").get(report.get_absolute_url()).content.decode()
    assert new not in enter(client, cast, "auditor").get(report.get_absolute_url()).content.decode()


def test_report_page_has_a_constant_number_of_queries(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    report = follow_ups.built(cast)
    enter(client, cast, "head")
    with django_assert_max_num_queries(26):
        client.get(report.get_absolute_url())
    with django_assert_max_num_queries(20):
        client.get(reverse("reporting:reports"))


def test_report_new_asks_for_a_report_and_wakes_a_worker(
    client: Client, cast: Cast, woken: list[int]
) -> None:
    enter(client, cast, "controller")
    assert client.get(reverse("reporting:report_new")).status_code == 200
    answer = client.post(reverse("reporting:report_new"), form())
    report = FollowUpReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, report.get_absolute_url())
    assert (report.stage, report.year, woken) == ("draft", 2020, [report.pk])
    client.post(reverse("reporting:report_new"), form())
    assert FollowUpReport.objects.count() == 1


@pytest.mark.parametrize("actor", ["auditor", "manager", "requester"])
def test_report_new_is_refused_to_everybody_else(client: Client, cast: Cast, actor: str) -> None:
    enter(client, cast, actor)
    assert client.get(reverse("reporting:report_new")).status_code == 403
    assert client.post(reverse("reporting:report_new"), form()).status_code == 403
    assert not FollowUpReport.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Ange en rubrik"),
        ({"through_date": "i går"}, "Skriv datumet så här"),
        ({"through_date": "2099-12-31"}, "har inga siffror än"),
        ({"diary_number": "1154"}, "Skriv diarienumret som"),
        ({"title": "x" * 151}, "150"),
    ],
)
def test_report_new_with_bad_input_says_what_is_wrong(
    client: Client, cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    answer = enter(client, cast, "head").post(reverse("reporting:report_new"), form(**wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode().replace("\u00a0", "").replace(" 000", "000").replace(
        "&nbsp;", ""
    )
    assert not FollowUpReport.objects.exists()


def test_report_new_is_filled_in_from_an_earlier_version(client: Client, cast: Cast) -> None:
    report = follow_ups.requested(cast, title="En egen rubrik")
    page = (
        enter(client, cast, "head")
        .get(f"{reverse('reporting:report_new')}?fran={report.pk}")
        .content.decode()
    )
    assert "En egen rubrik" in page
    assert 'value="2020-12-31"' in page
    assert client.get(f"{reverse('reporting:report_new')}?fran=x").status_code == 200


def test_report_progress_survives_a_reload_and_ends_with_the_whole_page(client: Client, cast: Cast) -> None:
    follow_ups.year_2020(cast)
    report = follow_ups.requested(cast)
    report.start(at=NOW)
    report.advance(done=3, total=5)
    enter(client, cast, "head")
    for _reload in range(2):
        page = client.get(report.get_absolute_url()).content.decode()
        assert "Läser orderrader, 3 av 5" in page
        assert 'hx-trigger="every 2s"' in page
    part = client.get(reverse("reporting:report_progress", args=[report.pk]) + "?utan=1")
    assert "HX-Refresh" not in part
    assert "<html" not in part.content.decode()
    follow_ups.files_made(reports.build_report(report=report, at=NOW))
    part = client.get(reverse("reporting:report_progress", args=[report.pk]))
    assert part["HX-Refresh"] == "true"
    assert 'hx-trigger="every 2s"' not in client.get(report.get_absolute_url()).content.decode()


def test_report_file_streams_what_was_made(client: Client, cast: Cast) -> None:
    report = follow_ups.built(cast)
    enter(client, cast, "head")
    for kind in FileKind:
        file = ReportFile.objects.get(report=report, kind=kind).content
        answer = client.get(reverse("reporting:report_file", args=[report.pk, kind.value]))
        assert b"".join(answer.streaming_content) == file.open().read()  # type: ignore[attr-defined]
        assert (answer["Content-Length"], answer["ETag"]) == (str(file.size), f'"{file.sha256}"')
        ending = "-bilaga-1.docx" if kind is FileKind.ANNEX else f".{kind.value}"
        assert f'filename="aterrapport-2020-12-31-v1-utkast{ending}"' in answer["Content-Disposition"]


def test_report_file_that_is_not_there_is_not_found(client: Client, cast: Cast) -> None:
    report = follow_ups.requested(cast)
    enter(client, cast, "head")
    for kind in ("pdf", "exe"):
        assert client.get(reverse("reporting:report_file", args=[report.pk, kind])).status_code == 404


def test_report_retry_queues_a_failed_report(client: Client, cast: Cast, woken: list[int]) -> None:
    report = follow_ups.requested(cast)
    report.start(at=NOW)
    report.fail(at=NOW, error="Något gick fel.")
    address = reverse("reporting:report_retry", args=[report.pk])
    page = enter(client, cast, "head").get(report.get_absolute_url()).content.decode()
    assert "Något gick fel." in page
    assert address in page
    assert client.get(address).status_code == 405
    assert enter(client, cast, "auditor").post(address).status_code == 403
    assert enter(client, cast, "head").post(address).status_code == 302
    report.refresh_from_db()
    assert (report.status, woken) == (WorkStatus.QUEUED, [report.pk])
    client.post(address)
    assert woken == [report.pk]


def test_report_page_escapes_what_people_write(client: Client, cast: Cast) -> None:
    report = follow_ups.built(
        cast, title="<b>Rubrik</b>", assessment="<script>alert(1)</script> #let x = 1 $y$"
    )
    page = enter(client, cast, "head").get(report.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert report.status == WorkStatus.DONE
    assert Decimal(report.snapshot["effects"]["net"]["realised"]) == Decimal(7710)  # type: ignore[index]


def address(name: str, report: FollowUpReport, *more: str) -> str:
    return reverse(f"reporting:{name}", args=[report.pk, *more])


def test_a_report_is_taken_to_the_board_on_its_page(client: Client, cast: Cast, woken: list[int]) -> None:
    report = follow_ups.built(cast, **follow_ups.TEXTS)
    confirmation = {"shown": follow_ups.sha256_of(report)}
    without = enter(client, cast, "controller").post(address("report_review", report), follow=True)
    assert "Läs den igen först." in without.content.decode()
    client.post(address("report_review", report), confirmation)
    assert "Godkänn rapporten" not in client.get(report.get_absolute_url()).content.decode()
    enter(client, cast, "head").post(address("report_approve", report), confirmation)
    without = client.post(address("report_lock", report), {"diary_number": ""})
    assert without.status_code == 422
    assert "Skriv diarienumret." in without.content.decode()
    woken.clear()
    client.post(address("report_lock", report), {"diary_number": "RS 1154-2020"})
    assert woken == [-pk for pk in report.files.filter(edition__is_draft=False).values_list("pk", flat=True)]
    early = client.post(
        address("report_hand_over", report), {"meeting_date": "2099-01-01", "paragraph": "94"}
    )
    assert early.status_code == 422
    assert "Mötet har inte varit än." in early.content.decode()
    assignment = governing.assignment(cast)
    report.refresh_from_db()
    to_hand_over = client.get(report.get_absolute_url())
    assert to_hand_over.context["hand_over"].fields["answered"].initial == [assignment.pk], (
        "it is of the same case"
    )
    assert "§ 229 av 2020-11-17: Återrapportera i juni 2021." in to_hand_over.content.decode()
    later = governing.assignment(
        cast, paragraph="§ 9", meeting_date=date(2021, 7, 1), due_date=date(2022, 1, 1)
    )
    data = {"meeting_date": "2021-06-23", "paragraph": "§ 94", "answered": later.pk}
    response = client.post(address("report_hand_over", report), data)
    assert response.status_code == 422
    assert response.context["hand_over"].errors["answered"] == [
        "Uppdraget i § 9 gavs 2021-07-01, efter mötet, så rapporten besvarar inte det."
    ]
    data["answered"] = assignment.pk
    client.post(address("report_hand_over", report), data)
    assignment.refresh_from_db()
    assert (assignment.status, str(assignment.reported_date)) == ("reported", "2021-06-23")
    page = client.get(report.get_absolute_url()).content.decode()
    assert "§ 94" in page
    assert "Överlämnad" in page
    report.refresh_from_db()
    assert report.stage == "handed_over"


def test_a_report_is_sent_back_with_words_on_its_page(client: Client, cast: Cast) -> None:
    report = follow_ups.reviewed(cast)
    assert (
        enter(client, cast, "manager").post(address("report_send_back", report), {"words": "Nej"}).status_code
        == 403
    )
    empty = enter(client, cast, "head").post(address("report_send_back", report), {"words": ""})
    assert empty.status_code == 422
    client.post(address("report_send_back", report), {"words": "Skriv om resor."})
    assert "Skriv om resor." in client.get(report.get_absolute_url()).content.decode()


def test_what_is_missing_is_named_and_leads_to_where_it_is_written(client: Client, cast: Cast) -> None:
    report = follow_ups.frozen(cast)
    answer = enter(client, cast, "controller").post(address("report_review", report), follow=True)
    assert "Avsnitt utan text: Förslag till beslut, Bedömning" in answer.content.decode()
    assert address("report_text", report, "signature") in answer.content.decode()


def test_report_text_is_written_and_shown_again(client: Client, cast: Cast) -> None:
    report = follow_ups.frozen(cast)
    write = address("report_text", report, "assessment")
    page = enter(client, cast, "head").get(write).content.decode()
    assert 'name="began_from" value="0"' in page
    answer = client.post(write, {"text": "Ett.\r\n\r\nTvå.", "began_from": "0"})
    assert answer["Location"] == f"{report.get_absolute_url()}#assessment"
    assert report.read_texts()["assessment"] == "Ett.\n\nTvå."
    page = client.get(report.get_absolute_url()).content.decode()
    assert "Handlingarna har texterna som de var" in page or "Bygger version" in page
    assert client.get(address("report_text", report, "summary")).status_code == 404
    assert enter(client, cast, "auditor").get(write).status_code == 403


def test_two_writers_see_both_texts_side_by_side_and_hers_is_kept(client: Client, cast: Cast) -> None:
    report = follow_ups.frozen(cast, assessment="Början.")
    write = address("report_text", report, "assessment")
    enter(client, cast, "controller").post(write, {"text": "Ekonomens text.", "began_from": "1"})
    answer = enter(client, cast, "head").post(write, {"text": "Chefens text.", "began_from": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ekonomens text." in page
    assert "Chefens text.</textarea>" in page
    assert 'name="began_from" value="2"' in page
    assert report.read_texts()["assessment"] == "Ekonomens text."
    client.post(write, {"text": "Båda.", "began_from": "2"})
    assert report.read_texts()["assessment"] == "Båda."


def test_a_text_of_what_is_reviewed_stands_and_what_was_typed_is_kept(client: Client, cast: Cast) -> None:
    report = follow_ups.reviewed(cast)
    write = address("report_text", report, "assessment")
    answer = enter(client, cast, "head").post(write, {"text": "För sent.", "began_from": "1"})
    assert answer.status_code == 409
    assert "För sent." in answer.content.decode()
    assert report.read_texts()["assessment"] == follow_ups.TEXTS["assessment"]


def test_a_next_version_shows_what_differs(client: Client, cast: Cast) -> None:
    follow_ups.locked(cast)
    after = reports.build_report(report=follow_ups.requested(cast), at=NOW)
    follow_ups.wrote(cast, after, assessment="Ännu bättre.")
    page = enter(client, cast, "auditor").get(after.get_absolute_url()).content.decode()
    assert "skiljer sig från version 1" in page
    assert "Det går åt rätt håll." in page
    assert "Ännu bättre." in page


def test_nobody_reviews_or_approves_what_she_was_not_shown(client: Client, cast: Cast) -> None:
    report = follow_ups.frozen(cast, **follow_ups.TEXTS)
    page = enter(client, cast, "controller").get(report.get_absolute_url())
    follow_ups.wrote(cast, report, assessment="Något helt annat.")
    confirmation = {"shown": page.context["sha256"]}
    answer = client.post(address("report_review", report), confirmation, follow=True)
    assert "Någon har skrivit i rapporten sedan du läste den." in answer.content.decode()
    report.refresh_from_db()
    assert report.stage == "draft"
    again = {"shown": answer.context["sha256"]}
    assert f'name="shown" value="{again["shown"]}"' in answer.content.decode()
    client.post(address("report_review", report), again)
    report.refresh_from_db()
    assert report.stage == "reviewed"
    enter(client, cast, "head").post(address("report_approve", report), confirmation)
    report.refresh_from_db()
    assert report.stage == "reviewed"
    client.post(address("report_approve", report), again)
    report.refresh_from_db()
    assert report.stage == "approved"
