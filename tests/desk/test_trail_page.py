"""The auditor reads the trail and changes nothing."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from audit import trail
from audit.models import Entry, Seal
from audit.operations import sealing
from desk.trail import SENTENCES
from organizations.events import Event as OrganizationsEvent
from procurement.events import Event
from procurement.models import Requisition
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

TRAIL = "/sparlogg/"
SEALS = "/sparlogg/forseglingar/"
TRAIL_QUERIES = 6


def test_trail_says_who_did_what_by_which_right(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 10))
    page = signed_in(cast.auditor).get(TRAIL).content.decode()
    for text in (
        "Beställningen skickades",
        "Raden godkändes",
        "Inköpsordern skapades",
        "Helena Stenmark",
        "Rauk",
    ):
        assert text in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("event=line.approved", 1),
        ("event=line.rejected", 0),
        ("person=Elin", 1),
        ("person=nobody", 0),
        ("first_date=2021-05-18&last_date=2021-05-18", 4),
        ("first_date=2021-05-19", 0),
        ("last_date=2021-05-17", 0),
        ("subject=IO-", 1),
        ("fore=1", 0),
        ("fore=abc&efter=xyz", 4),
    ],
)
def test_trail_is_filtered(cast: Cast, query: str, count: int) -> None:
    worlds.ordered(cast, (cast.gloves, 10))
    page = signed_in(cast.auditor).get(f"{TRAIL}?{query}").content.decode()
    row_count = page.count('<tr id="post-')
    assert row_count == count or (count == 4 and row_count == Entry.objects.count())  # all of them
    assert (row_count == 0) is (count == 0)


def test_trail_refuses_what_is_no_date_or_event(cast: Cast) -> None:
    client = signed_in(cast.auditor)
    assert client.get(f"{TRAIL}?first_date=igår").status_code == 422
    assert client.get(f"{TRAIL}?event=nonsens").status_code == 422


def test_trail_is_paged_by_a_cursor_both_ways(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    trail.record_entries(
        trail.entry(
            Event.LINE_APPROVED, subject=cast.gloves, by=cast.manager, at=NOW + timedelta(seconds=number)
        )
        for number in range(120)
    )
    client = signed_in(cast.auditor)
    ids = [str(pk) for pk in Entry.objects.order_by("-pk").values_list("pk", flat=True)]
    first = client.get(TRAIL).content.decode()
    assert f'id="post-{ids[0]}"' in first
    assert f'id="post-{ids[49]}"' in first
    assert f'id="post-{ids[50]}"' not in first
    assert f"fore={ids[49]}" in first
    with django_assert_max_num_queries(TRAIL_QUERIES):
        second = client.get(f"{TRAIL}?fore={ids[49]}").content.decode()
    assert f'id="post-{ids[50]}"' in second
    assert f"efter={ids[50]}" in second
    content = client.get(f"{TRAIL}?efter={ids[50]}").content.decode()
    assert f'id="post-{ids[0]}"' in content
    assert f'id="post-{ids[50]}"' not in content


def test_trail_is_for_those_who_see_the_region(cast: Cast) -> None:
    for person in (cast.head, cast.controller, cast.auditor):
        assert signed_in(person).get(TRAIL).status_code == 200
    for person in (cast.requester, cast.manager, cast.budget_holder, cast.administrator):
        assert signed_in(person).get(TRAIL).status_code == 403


def test_every_code_has_its_sentence() -> None:
    for event in (*Event, *OrganizationsEvent):
        assert SENTENCES[event.value] == event.label


def csv_of(answer: Any) -> list[dict[str, str]]:
    """The rows of a file that was streamed."""
    assert answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_trail_is_taken_along_as_csv_as_it_is_filtered(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 10))
    client = signed_in(cast.auditor)
    assert "/sparlogg/csv/?event=line.approved" in client.get(f"{TRAIL}?event=line.approved").content.decode()
    answer = client.get(f"{TRAIL}csv/?event=line.approved&fore=1")
    assert answer["Content-Disposition"] == 'attachment; filename="sparlogg-2021-05-18.csv"'
    (row,) = csv_of(answer)
    assert (row["När"], row["Vad hände"], row["Vem"]) == (
        "2021-05-18 09:00:00",
        "Raden godkändes",
        "Helena Stenmark",
    )
    assert len(csv_of(client.get(f"{TRAIL}csv/"))) == Entry.objects.count()


def test_trail_in_a_file_is_harmless_to_a_spreadsheet(cast: Cast) -> None:
    label = '=HYPERLINK("https://example.org")'
    cast.gloves.name = label
    entry = trail.entry(Event.LINE_APPROVED, subject=cast.gloves, by=cast.manager, at=NOW, text="+1")
    entry.subject_label = label
    trail.record_entries([entry])
    (row,) = csv_of(signed_in(cast.auditor).get(f"{TRAIL}csv/"))
    assert row["Nummer eller namn"] == f"'{label}"


def test_trail_in_a_file_is_in_the_readers_language_to_its_end(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 10))
    client = signed_in(cast.auditor)
    client.cookies["django_language"] = "en"
    (row,) = csv_of(client.get(f"{TRAIL}csv/?event=line.approved"))
    assert "line.approved" in row.values()
    assert "Raden godkändes" not in row.values()


def test_trail_in_a_file_is_for_those_who_may_read_it(cast: Cast) -> None:
    for who in (cast.requester, cast.manager, cast.stranger):
        assert signed_in(who).get(f"{TRAIL}csv/").status_code == 403
    assert signed_in(cast.auditor).get(f"{TRAIL}csv/?first_date=igår").status_code == 302


def test_page_is_told_when_its_file_has_come(cast: Cast) -> None:
    client = signed_in(cast.auditor)
    client.cookies["rauk-download"] = "yes"
    assert "rauk-download" not in client.get(TRAIL).cookies
    assert client.get(f"{TRAIL}csv/").cookies["rauk-download"]["max-age"] == 0


def test_days_of_an_absence_are_told_with_the_last_one_included(cast: Cast) -> None:
    client = signed_in(cast.manager)
    client.post("/franvaro/anmal/", {"first_date": "2021-05-20", "last_date": "2021-05-24"})
    assert "dagar 2021-05-20–2021-05-24" in text_of(signed_in(cast.auditor).get(TRAIL))


def test_one_requisition_is_followed_from_need_to_receipt(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10))
    requisition = Requisition.objects.get()
    worlds.ordered(cast, (cast.gloves, 20))  # somebody else's
    auditor = signed_in(cast.auditor)
    page = text_of(auditor.get(f"{TRAIL}?requisition={requisition.number}"))
    steps = ["Beställningen skickades", "Raden godkändes", "Inköpsordern skapades", "Leveransen togs emot"]
    places = [page.index(step, page.index("<tbody>")) for step in steps]
    assert places == sorted(places)
    assert page.count("Beställningen skickades", page.index("<tbody>")) == 1
    unknown = auditor.get(f"{TRAIL}?requisition=2099-00001")
    assert unknown.status_code == 422
    assert "Det finns ingen beställning med det numret." in text_of(unknown)


def test_seals_are_shown_and_handed_out(cast: Cast) -> None:
    auditor = signed_in(cast.auditor)
    assert "Inget är förseglat än" in text_of(auditor.get(SEALS))
    assert auditor.get(f"{SEALS}poster/").status_code == 302
    worlds.ordered(cast, (cast.gloves, 10))
    sealing.seal_trail(at=NOW)
    seal = Seal.objects.get()
    page = text_of(auditor.get(SEALS))
    assert seal.digest in page
    assert "from hashlib import sha256" in page
    entries = auditor.get(f"{SEALS}poster/?first_date=2021-05-18").getvalue()
    assert entries.count(b"\n") == Entry.objects.count()
    [line] = auditor.get(f"{SEALS}lista/").getvalue().splitlines()
    assert json.loads(line)["digest"] == seal.digest
    assert "Inget är förseglat de dagarna" in text_of(auditor.get(f"{SEALS}?first_date=2021-05-19"))
    assert auditor.get(f"{SEALS}?first_date=hej").status_code == 422
    assert signed_in(cast.requester).get(SEALS).status_code == 403
