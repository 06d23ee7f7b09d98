"""The page of the day: what needs the person, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from categories.models import CategoryAssignment
from organizations.models import User
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")

TODAY_QUERIES = 18


def page_of(user: User) -> str:
    return signed_in(user).get("/i-dag/").content.decode()


def test_today_says_when_nothing_needs_you(cast: Cast) -> None:
    page = page_of(cast.manager)
    assert "Inget behöver dig i dag, Karin" in page
    assert "Inget väntar på dig" in page


def test_today_counts_waiting_and_overdue(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 10), at=NOW - timedelta(days=7))
    worlds.submitted(cast, (cast.gown, 10))
    page = page_of(cast.manager)
    assert "En sak behöver dig i dag, Karin" in page
    assert "rader väntar på beslut" in page
    assert (
        "En har passerat svarstiden, som gick ut mån\xa017\xa0maj." in page
        or "En har passerat svarstiden" in page
    )
    assert "2\xa0070,00\xa0kr" in page


def test_today_warns_of_a_ceiling_and_an_end(cast: Cast) -> None:
    cast.agreement.committed_amount = Decimal("96000.00")
    cast.agreement.valid_during = DateRange(date(2020, 1, 1), date(2021, 7, 1))
    cast.agreement.save()
    page = page_of(cast.manager)
    assert "96\xa0%" in page
    assert "av taket för Handskar och skyddskläder är använt" in page
    assert "gäller till och med 30\xa0juni" in page
    assert "Stannar vid 100 %" in page
    assert "Nu. " in page


def test_today_tells_of_late_deliveries(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 10), at=NOW - timedelta(days=20))
    order.status, order.sent_at = "sent", NOW - timedelta(days=20)
    order.save()
    assert "rad har inte levererats i tid" in page_of(cast.manager)


def test_today_tells_the_head_of_orphans_triage_and_late_queues(cast: Cast) -> None:
    worlds.free_text(cast, "Någonting helt annat")
    worlds.submitted(cast, (cast.gown, 10), at=NOW - timedelta(days=7))
    CategoryAssignment.objects.filter(category=cast.services).delete()
    page = page_of(cast.head)
    assert "behov saknar kategori" in page
    assert "rad är försenad hos andra" in page
    assert "Hos Karin Sundblad." in page
    assert "kategori saknar ansvarig" in page
    assert "Vems kö har passerat svarstiden?" in page
    assert "Vems kö" not in page_of(cast.manager)


def test_today_tells_the_budget_holder_of_attests(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gown, 100))
    page = page_of(cast.budget_holder)
    assert "beställning väntar på attest" in page
    assert "14\xa0900,00\xa0kr" in page


def test_today_asks_as_many_questions_whatever_there_is(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        worlds.submitted(cast, (cast.gloves, number + 1), (cast.gown, 10), at=NOW - timedelta(days=number))
    client = signed_in(cast.head)
    client.get("/i-dag/")
    with django_assert_max_num_queries(TODAY_QUERIES):
        client.get("/i-dag/")


def test_today_opens_for_everyone_with_their_own(cast: Cast) -> None:
    worlds.line(cast)
    for person in (cast.requester, cast.stranger, cast.auditor, cast.controller, cast.administrator):
        assert "Inget behöver dig" in page_of(person)
    assert NOW.date() == TODAY
