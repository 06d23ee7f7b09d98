"""Savings, delivered lines and follow-up reports through the API."""

from datetime import date
from decimal import Decimal

from core.work import WorkStatus
from reporting.models import FileKind, FollowUpReport, Saving, SavingsRun
from reporting.operations import reports
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.reporting import follow_ups
from tests.reporting.follow_ups import files_made
from tests.reporting.initiatives import computed, example_b


def report(cast: Cast) -> FollowUpReport:
    return reports.request_report(
        year=2020, through_date=date(2020, 12, 31), title="Återrapport", by=cast.controller, at=NOW
    )


def test_delivered_lines_are_finances(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 3))
    (line,) = Program(cast.controller).get("delivered-lines/").data["results"]
    assert (line["item"], line["quantity"], line["amount"], line["currency"]) == (
        "104412",
        "3.000",
        "174.00",
        "SEK",
    )
    assert len(Program(cast.manager).get("delivered-lines/").data["results"]) == 1
    assert Program(cast.requester).get("delivered-lines/").data["results"] == []
    lars = Program(cast.controller, "sv")
    assert lars.get("delivered-lines/", year="2020").data["results"] == []
    assert (
        len(lars.get("delivered-lines/", year="2021", category="10", department="2140").data["results"]) == 1
    )


def test_savings_are_the_registers_lines(cast: Cast) -> None:
    initiative = example_b(cast)
    computed()
    lars = Program(cast.controller)
    rows = lars.get("savings/").data["results"]
    assert rows
    assert sum(Decimal(row["amount"]) for row in rows) == Saving.objects.visible_to(cast.controller).total()
    assert {(row["initiative"], row["method"]) for row in rows} == {(initiative.code, initiative.method)}
    dearer = lars.get("savings/", is_increase="true").data["results"]
    assert all(Decimal(row["amount"]) < 0 for row in dearer)
    assert lars.get("savings/", initiative="x").data["results"] == []
    assert Program(cast.requester).get("savings/").data["results"] == []


def test_compute_is_done_in_the_background(cast: Cast) -> None:
    answer = Program(cast.controller).post("savings/compute/")
    assert (answer.status_code, answer.data["status"]) == (202, "queued")
    assert SavingsRun.objects.get().requested_by == cast.controller


def test_report_is_followed_until_it_is_done(cast: Cast) -> None:
    lars = Program(cast.controller)
    response = lars.post("reports/", year=2020, through_date="2020-12-31", title="Återrapport")
    assert (response.status_code, response.data["status"]) == (202, "queued")
    address = f"reports/{response.data['id']}/"
    for kind in ("pdf", "exe", "pdf%00"):
        assert lars.get(f"{address}files/{kind}/").status_code == 404
    files_made(reports.build_report(report=FollowUpReport.objects.get(), at=NOW))
    data = lars.get(address).data
    assert (data["status"], data["percent"]) == ("done", 100)
    assert data["snapshot"]
    assert {(file["kind"], file["status"], file["is_draft"]) for file in data["files"]} == {
        (kind.value, "done", True) for kind in FileKind
    }
    assert lars.get(f"{address}files/pdf/").content.startswith(b"%PDF")
    for kind in (FileKind.DOCX, FileKind.XLSX):
        answer = lars.get(f"{address}files/{kind.value}/")
        assert answer.content.startswith(b"PK")
        assert answer["Content-Disposition"].endswith(f'.{kind.value}"')


def test_report_is_not_everybodys(cast: Cast) -> None:
    follow_up = report(cast)
    assert Program(cast.auditor).get(f"reports/{follow_up.pk}/").status_code == 200
    for who in ("requester", "budget_holder", "administrator"):
        other = Program(getattr(cast, who))
        assert other.get(f"reports/{follow_up.pk}/").status_code == 404
        assert other.post(f"reports/{follow_up.pk}/retry/").status_code == 404
    assert (
        Program(cast.auditor, "sv")
        .post("reports/", year=2020, through_date="2020-12-31", title="x")
        .status_code
        == 403
    )


def test_retry_asks_again_for_what_failed(cast: Cast) -> None:
    follow_up, lars = report(cast), Program(cast.controller)
    assert lars.post(f"reports/{follow_up.pk}/retry/").status_code == 409
    follow_up.start(at=NOW)
    follow_up.fail(at=NOW, error="Disken är full.")
    assert lars.get(f"reports/{follow_up.pk}/").data["error"] == "Disken är full."
    assert lars.post(f"reports/{follow_up.pk}/retry/").data["status"] == WorkStatus.QUEUED


def test_a_report_is_written_and_taken_to_the_board(cast: Cast) -> None:
    follow_up = reports.build_report(report=report(cast), at=NOW)
    lars, helena = Program(cast.controller, "sv"), Program(cast.head, "sv")
    address = f"reports/{follow_up.pk}/"
    for part, text in follow_ups.TEXTS.items():
        answer = helena.post(f"{address}write/", part=part, text=text, began_from=0)
        assert (answer.status_code, answer.data["version"]) == (200, 1)
    late = lars.post(f"{address}write/", part="assessment", text="Annat.", began_from=0)
    assert (late.status_code, late.data["code"]) == (409, "somebody_else_has_written")
    sha256 = lars.get(address).data["content_sha256"]
    assert helena.post(f"{address}review/", shown=sha256).status_code == 403
    assert lars.post(f"{address}review/").status_code == 400
    assert lars.post(f"{address}review/", shown=sha256).data["stage"] == "reviewed"
    assert lars.post(f"{address}approve/", shown=sha256).status_code == 403
    assert helena.post(f"{address}send-back/", words="Skriv mer.").data["stage"] == "draft"
    helena.post(f"{address}write/", part="assessment", text="Bättre.", began_from=1)
    changed = lars.post(f"{address}review/", shown=sha256)
    assert (changed.status_code, changed.data["code"]) == (409, "report_has_changed")
    sha256 = lars.get(address).data["content_sha256"]
    assert lars.post(f"{address}review/", shown=sha256).status_code == 200
    assert helena.post(f"{address}approve/", shown=sha256).data["stage"] == "approved"
    assert helena.post(f"{address}lock/").status_code == 400
    locked = helena.post(f"{address}lock/", diary_number="RS 1154-2020")
    assert (locked.status_code, locked.data["diary_number"]) == (202, "RS 2020/1154")
    files_made(follow_up)
    assert helena.post(f"{address}renew-files/").status_code == 409
    assert helena.post(f"{address}hand-over/", meeting_date="2099-01-01", paragraph="94").status_code == 400
    handed = helena.post(f"{address}hand-over/", meeting_date="2021-05-18", paragraph="94")
    assert handed.data["stage"] == "handed_over"
    data = lars.get(address).data
    assert [act["kind"] for act in data["acts"]][-2:] == ["locked", "handed_over"]
    assert {file["is_draft"] for file in data["files"]} == {False}
    checks = lars.get(f"{address}verification/").data
    assert {check["of"]: check["is_same"] for check in checks} == {
        "figures": True,
        "lines": True,
        "content": True,
    }
