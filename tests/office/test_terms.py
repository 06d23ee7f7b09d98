"""Order times, closed days, thresholds and report texts: what is kept in their registers is what the program goes by."""

import io
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from agreements.models import Agreement, Procedure, Threshold
from core.errors import DomainError
from core.models import ClosedDay
from core.working_days import add_working_days, calendar, is_working_day
from office.registers import calendar_previews
from organizations.models import User
from procurement.models import OrderTime, RequisitionLine
from procurement.operations.orders import consolidate
from procurement.order_times import next_order_time, order_times
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.operations.rows import add_row, change_row, remove_row
from registers.register import REGISTERS, Proposal
from reporting.models import FollowUpReport, ReportText
from reporting.operations.reports import build_report, request_report
from reporting.report.case import compose
from reporting.report.content import content_of
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of
from tests.registers.files import xlsx

OnCommit = DjangoCaptureOnCommitCallbacks
TOMORROW = TODAY + timedelta(days=1)


def added(name: str, by: User | None, at: datetime = NOW, **cells: Any) -> int:
    return add_row(register=REGISTERS[name], cells=cells, by=by, at=at)


def at(hours: int, minutes: int = 0, days: int = 0) -> datetime:
    return NOW.replace(hour=hours, minute=minutes) + timedelta(days=days)


def test_a_new_order_time_ends_the_one_before_it_and_moves_what_waits(
    cast: Cast, django_capture_on_commit_callbacks: OnCommit
) -> None:
    line = worlds.approved(cast, (cast.gloves, 1)).lines.get()
    assert line.order_due_at == at(15)
    with django_capture_on_commit_callbacks(execute=True):
        first = added("order_times", cast.head, weekday="tuesday", time="15.00", from_date="2020-01-01")
        added("order_times", cast.head, weekday="tuesday", time="kl. 10.30", from_date="2021-05-18")
    line.refresh_from_db()
    assert line.order_due_at == at(10, 30) == next_order_time(NOW)
    assert OrderTime.objects.get(pk=first).valid_during.upper == TODAY
    assert consolidate(at=at(10, 29)) == []
    assert len(consolidate(at=at(10, 30))) == 1


def test_a_weekday_may_have_several_times(cast: Cast, django_capture_on_commit_callbacks: OnCommit) -> None:
    line = worlds.approved(cast, (cast.gloves, 1)).lines.get()
    with django_capture_on_commit_callbacks(execute=True):
        for number, moment in ((1, "15.00"), (2, "10.00"), (3, "12.30")):
            cells: dict[str, Any] = {"weekday": "tuesday", "number": number, "from_date": "2020-01-01"}
            added("order_times", cast.head, time=moment, **cells)
    line.refresh_from_db()
    assert line.order_due_at == at(15)
    expected = {8: at(10), 10: at(12, 30), 12: at(12, 30), 13: at(15), 15: at(10, days=7)}
    assert {hour: next_order_time(at(hour)) for hour in expected} == expected
    with django_capture_on_commit_callbacks(execute=True):
        added("order_times", cast.head, weekday="tuesday", time="14.00", from_date=TODAY.isoformat())
    line.refresh_from_db()
    assert line.order_due_at == at(10)
    assert OrderTime.objects.get(time=time(15)).valid_during.upper == TODAY


def test_two_times_of_a_weekday_have_numbers_of_their_own(cast: Cast) -> None:
    added("order_times", cast.head, weekday="tuesday", time="15.00")
    with pytest.raises(DomainError):
        added("order_times", cast.head, weekday="tuesday", number=1, time="10.00")
    with pytest.raises(DomainError):
        added("order_times", cast.head, weekday="tuesday", number=0, time="10.00")


def test_a_weekday_without_a_time_has_none_where_others_have(
    cast: Cast, django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        added("order_times", cast.head, weekday="thursday", time="14:00")
    assert next_order_time(NOW) == at(14, days=2)
    assert next_order_time(at(14, days=2)) == at(14, days=9)


def test_where_no_time_is_in_force_the_usual_one_holds(
    cast: Cast, django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        added("order_times", cast.head, weekday="monday", time="08.00", from_date="2021-06-01")
    assert next_order_time(NOW) == at(15)
    assert next_order_time(at(15, days=13)) == at(8, days=20)


def test_a_closed_day_moves_orders_and_keeps_promises(
    cast: Cast, django_capture_on_commit_callbacks: OnCommit
) -> None:
    open_line = worlds.line(cast)
    ordered = worlds.ordered(cast, (cast.gown, 2))[0]
    line = worlds.approved(cast, (cast.gown, 1)).lines.get()
    with django_capture_on_commit_callbacks(execute=True):
        closed = added("closed_days", cast.administrator, day=TODAY.isoformat(), reason="Storm")
    promised = open_line.response_due_date
    line.refresh_from_db()
    open_line.refresh_from_db()
    assert line.order_due_at == at(15, days=1)
    assert open_line.response_due_date == promised
    assert (ordered.__class__.objects.get(pk=ordered.pk).lines.get().expected_date) == (
        ordered.shown_lines[0].expected_date
    )
    assert not is_working_day(TODAY)
    assert add_working_days(TODAY - timedelta(days=1), 1) == TOMORROW
    with django_capture_on_commit_callbacks(execute=True):
        remove_row(register=REGISTERS["closed_days"], row_id=closed, by=cast.administrator, at=NOW)
    assert is_working_day(TODAY)
    line.refresh_from_db()
    assert line.order_due_at == at(15, days=1)


def test_what_waits_for_a_time_that_stands_keeps_it(cast: Cast) -> None:
    line = worlds.approved(cast, (cast.gloves, 1)).lines.get()
    added("order_times", cast.head, weekday="tuesday", time="15.00")
    added("order_times", cast.head, weekday="wednesday", time="09.00")
    line.refresh_from_db()
    assert line.order_due_at == at(15)


def test_a_change_that_is_taken_back_moves_nothing(
    cast: Cast, django_capture_on_commit_callbacks: OnCommit
) -> None:
    line = worlds.approved(cast, (cast.gloves, 1)).lines.get()
    content = io.BytesIO("Dag;Varför\n2021-05-18;Storm\n".encode())
    with django_capture_on_commit_callbacks(execute=True):
        of_import = request_import(
            register=REGISTERS["closed_days"], file_name="dagar.csv", content=content, by=None, at=NOW
        )
        run_import(of_import=of_import, at=NOW)
    line.refresh_from_db()
    assert line.order_due_at == at(15)
    assert is_working_day(TODAY)
    with django_capture_on_commit_callbacks(execute=True):
        apply_import(of_import=of_import, by=None, at=NOW)
    line.refresh_from_db()
    assert line.order_due_at == at(15, days=1)


def test_the_number_of_statements_does_not_grow_with_the_lines(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _time in range(6):
        worlds.approved(cast, (cast.gloves, 1))
    with django_assert_max_num_queries(25):
        added("order_times", cast.head, weekday="tuesday", time="10.30")
    assert set(RequisitionLine.objects.values_list("order_due_at", flat=True)) == {at(10, 30)}


def test_a_process_asks_once_in_a_while(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 0.0
    monkeypatch.setattr("core.timed_cache.time.monotonic", lambda: moment)
    for cache in (calendar, order_times):
        monkeypatch.setattr(cache, "kept", None)
    with django_assert_num_queries(2):
        assert next_order_time(NOW) == next_order_time(NOW) == at(15)
    ClosedDay.objects.create(day=TODAY, reason="Storm")  # as another process does it
    moment = 19.0
    assert next_order_time(NOW) == at(15)
    moment = 21.0
    assert next_order_time(NOW) == at(15, days=1)


def test_moves_are_said_before_they_are_made(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 1), (cast.gown, 1))
    head = cast.head

    def said(preview: Callable[[Proposal], Any], **after: str) -> list[str]:
        return list(preview(Proposal(None, {}, after, head, NOW)))

    sentences = ["2 godkända rader får en annan beställningstid."]
    assert said(calendar_previews.of_closed_day, day="2021-05-18") == sentences
    assert said(calendar_previews.of_closed_day, day="2021-05-19") == []
    assert said(calendar_previews.of_order_time, weekday="tuesday", time="10:00") == sentences
    assert said(calendar_previews.of_order_time, weekday="tuesday", time="15:00") == []
    assert said(calendar_previews.of_order_time, weekday="friday", time="10:00") == sentences
    added("order_times", cast.head, weekday="tuesday", time="15.00", from_date="2020-01-01")
    assert said(calendar_previews.of_order_time, weekday="friday", time="10:00") == []
    assert said(calendar_previews.of_order_time, weekday="tuesday", number="2", time="10:00") == []
    later = {"weekday": "tuesday", "time": "10:00", "from_date": TODAY.isoformat()}
    assert said(calendar_previews.of_order_time, **later) == sentences
    assert said(calendar_previews.of_order_time, **later | {"from_date": TOMORROW.isoformat()}) == []


@pytest.mark.parametrize(
    ("cell", "there"),
    [
        ("15", "15:00"),
        ("9.05", "09:05"),
        ("15:00:00", "15:00"),
        (time(8, 30), "08:30"),
        ("24.00", None),
        ("tre", None),
    ],
)
def test_a_time_is_read_as_people_and_programs_write_it(cell: Any, there: str | None) -> None:
    kind = REGISTERS["order_times"].bound["time"].kind
    if there is None:
        with pytest.raises(DomainError, match="är inget klockslag"):
            kind.plain(cell)
    else:
        assert kind.plain(cell) == there


def test_a_workbook_with_times_is_read(cast: Cast) -> None:
    content = io.BytesIO(xlsx([["Veckodag", "Klockslag"], ["Fredag", time(13, 0)], ["måndag", "15.00"]]))
    of_import = request_import(
        register=REGISTERS["order_times"], file_name="tider.xlsx", content=content, by=None, at=NOW
    )
    apply_import(of_import=run_import(of_import=of_import, at=NOW), by=None, at=NOW)
    assert dict(OrderTime.objects.values_list("weekday", "time")) == {"friday": time(13), "monday": time(15)}
    page = text_of(signed_in(cast.head).get("/register/order_times/"))
    assert "Fredag" in page
    assert "13.00" in page


def limits(cast: Cast) -> None:
    added("thresholds", cast.head, kind="direct_award", value="700000", from_date="2021-01-01")
    added("thresholds", cast.head, kind="documentation", value="100000", from_date="2021-01-01")
    added("thresholds", cast.head, kind="procurement", value="2197545", from_date="2021-01-01")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"procedure": "direct", "ceiling_amount": "700000"}, ""),
        ({"procedure": "direct", "ceiling_amount": "700000.01"}, "direct_award_too_large"),
        ({"procedure": "direct", "estimated_amount": "800000"}, "direct_award_too_large"),
        ({"procedure": "direct", "ceiling_amount": "700001", "from_date": "2020-12-31"}, ""),
        (
            {"procedure": "direct", "ceiling_amount": "100000", "diary_number": ""},
            "direct_award_undocumented",
        ),
        ({"procedure": "direct", "ceiling_amount": "99999", "diary_number": ""}, ""),
        ({"procedure": "simplified", "ceiling_amount": "2197544"}, ""),
        ({"procedure": "simplified", "ceiling_amount": "2197545"}, "simplified_too_large"),
        ({"procedure": "open", "ceiling_amount": "90000000"}, ""),
    ],
)
def test_an_agreement_holds_the_limits_of_its_first_day(
    cast: Cast, changed: dict[str, str], refused: str
) -> None:
    limits(cast)
    Agreement.objects.filter(pk=cast.agreement.pk).update(committed_amount=0, diary_number="RS 2021/1")
    cells = {"from_date": "2021-05-01", "estimated_amount": "1000"} | changed
    try:
        change_row(
            register=REGISTERS["agreements"], row_id=cast.agreement.pk, cells=cells, by=cast.manager, at=NOW
        )
    except DomainError as refusal:
        by_column = getattr(refusal, "by_column", {"": refusal})
        assert [each.code for each in by_column.values()] == [refused]
    else:
        assert refused == ""
        assert Agreement.objects.get(pk=cast.agreement.pk).procedure == changed["procedure"]


def test_a_limit_of_a_category_is_for_what_is_below_it(cast: Cast) -> None:
    limits(cast)
    added(
        "thresholds", cast.head, kind="direct_award", category="10", value="8109450", from_date="2021-01-01"
    )
    cells = {
        "procedure": "direct",
        "from_date": "2021-05-01",
        "ceiling_amount": "8000000",
        "diary_number": "RS 2021/1",
    }
    change_row(
        register=REGISTERS["agreements"], row_id=cast.agreement.pk, cells=cells, by=cast.manager, at=NOW
    )
    assert Agreement.objects.get(pk=cast.agreement.pk).procedure == Procedure.DIRECT


def test_a_new_limit_ends_the_one_before_it(cast: Cast) -> None:
    limits(cast)
    added("thresholds", cast.head, kind="direct_award", value="750000", from_date="2022-01-01")
    rows = [
        values
        for _pk, _key, values in REGISTERS["thresholds"].rows().filter(kind="direct_award").order_by("pk")
    ]
    assert [(row["value"], row["through_date"]) for row in rows] == [
        ("700000", "2021-12-31"),
        ("750000", ""),
    ]


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"kind": "split_days", "value": "32"}, "threshold_not_possible"),
        ({"kind": "near_percent", "value": "2,5"}, "threshold_not_possible"),
        ({"kind": "split_days", "value": "3", "category": "10"}, "threshold_is_for_all"),
        ({"kind": "Ett behov eller flera: dagar", "value": "3"}, ""),
    ],
)
def test_what_follow_up_asks_by_is_a_limit_of_its_own(
    cast: Cast, cells: dict[str, str], refused: str
) -> None:
    try:
        added("thresholds", cast.head, NOW, **cells, from_date="2021-05-18")
    except DomainError as refusal:
        by_column = getattr(refusal, "by_column", {"": refusal})
        assert [each.code for each in by_column.values()] == [refused]
    else:
        assert refused == ""
        assert Threshold.objects.get(kind="split_days", value=3).valid_during.lower == TODAY


def test_the_register_says_what_each_limit_is(cast: Cast) -> None:
    client = signed_in(cast.head)
    page = text_of(client.get("/register/thresholds/"))
    assert "Strax under en gräns: avstånd" in page
    assert "Procent, 1–50. Högst så långt under en gräns är strax under den." in page
    row = Threshold.objects.get(kind="night_begins")
    page = text_of(client.get(f"/register/thresholds/{row.pk}/"))
    assert "Hel timme, 18–24. Från det klockslaget är det natt." in page
    assert "22,00" not in page
    template = text_of(client.get("/register/thresholds/mall/"))
    assert "Gånger, 2–10." in template


def asked_for(cast: Cast) -> FollowUpReport:
    return request_report(
        year=2020, through_date=TODAY.replace(2020), title="Återrapport", by=cast.head, at=NOW
    )


def test_a_report_begins_with_the_standard_texts(cast: Cast) -> None:
    added("report_texts", cast.head, part="proposal", text="Nämnden godkänner återrapporten.")
    added("report_texts", cast.head, part="recipient", text="Hälso- och sjukvårdsnämnden")
    added(
        "report_texts",
        cast.head,
        part="rural_perspective",
        text="Lokala leverantörer.",
        from_date="2021-06-01",
    )
    added("report_texts", cast.head, part="heading_assessment", text="Vår bedömning")
    report = asked_for(cast)
    assert (report.read_texts()["proposal"], report.read_texts()["rural_perspective"]) == (
        "Nämnden godkänner återrapporten.",
        "",
    )
    answer = Program(cast.head).post("reports/", year=2020, through_date="2020-06-30", title="Återrapport")
    other = FollowUpReport.objects.get(pk=answer.data["id"])
    assert other.read_texts()["proposal"] == "Nämnden godkänner återrapporten."
    new_report = build_report(report=report, at=NOW)
    ReportText.objects.update(text="Något annat")
    document = compose(content_of(new_report))
    assert ("Till", "Hälso- och sjukvårdsnämnden") in document.facts
    assert document.sender_unit == "Regionstyrelseförvaltningen"
    assert document.sections[3].heading == "Vår bedömning"
    assert new_report.read_texts()["proposal"] == "Nämnden godkänner återrapporten."


def test_weekdays_stand_in_their_order_and_a_new_period_begins_today(cast: Cast) -> None:
    for weekday in ("friday", "monday", "wednesday"):
        added("order_times", cast.head, weekday=weekday, time="15")
    page = signed_in(cast.head).get("/register/order_times/")
    assert [label for _pk, label, _first, _cells in page.context["rows"]] == [
        "Måndag 15.00",
        "Onsdag 15.00",
        "Fredag 15.00",
    ]
    form = signed_in(cast.head).get("/register/order_times/ny/").context["form"]
    assert form.fields["from_date"].help_text == "Tomt är i dag."
