"""The auditor reads the trail and changes nothing."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from audit import trail
from audit.models import Entry
from desk.trail import SENTENCES
from organizations.events import Event as OrganizationsEvent
from procurement.events import Event
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")

TRAIL = "/sparlogg/"
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
    found = page.count('<tr id="post-')
    assert found == count or (count == 4 and found == Entry.objects.count())  # all of them
    assert (found == 0) is (count == 0)


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
    back = client.get(f"{TRAIL}?efter={ids[50]}").content.decode()
    assert f'id="post-{ids[0]}"' in back
    assert f'id="post-{ids[50]}"' not in back


def test_trail_is_for_those_who_see_the_region(cast: Cast) -> None:
    for person in (cast.head, cast.controller, cast.auditor):
        assert signed_in(person).get(TRAIL).status_code == 200
    for person in (cast.requester, cast.manager, cast.budget_holder, cast.administrator):
        assert signed_in(person).get(TRAIL).status_code == 403


def test_every_code_has_its_sentence() -> None:
    for event in (*Event, *OrganizationsEvent):
        assert SENTENCES[event.value] == event.label
