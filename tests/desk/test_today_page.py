"""The page of the day: what needs the person, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from assortment.models import MissedSearch
from categories.models import CategoryAssignment
from organizations.models import User
from procurement.operations import amendments, decisions
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of
from tests.reporting import initiatives

pytestmark = pytest.mark.usefixtures("at_nine")

TODAY_QUERIES = 14
LINES_QUERIES = 9


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
    """Two lines of one order are one, as in the list that it leads to."""
    (order,) = worlds.ordered(cast, (cast.gloves, 10), (cast.gown, 5), at=NOW - timedelta(days=20))
    order.status, order.sent_at = "sent", NOW - timedelta(days=20)
    order.save()
    assert order.lines.count() == 2
    figure, _url = tasks_of(cast.manager)["inköpsorder har inte levererats i tid"]
    assert figure == "1"


def test_today_tells_of_orders_that_could_not_be_sent(cast: Cast) -> None:
    worlds.unsent(cast, (cast.gloves, 10))
    for person in (cast.manager, cast.head):
        page = page_of(person)
        assert "inköpsorder gick inte att skicka" in page
        assert "Till Nordmedica AB." in page
    assert "gick inte att skicka" not in page_of(cast.office_deputy)


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


def test_today_tells_the_head_what_was_answered_about_a_need_without_a_category(cast: Cast) -> None:
    need = worlds.free_text(cast, "Någonting helt annat")
    decisions.return_with_question(lines=[need], question="Vad?", by=cast.head, at=NOW)
    amendments.answer(line=need, text="En gunga", by=cast.requester, at=NOW)
    page = page_of(cast.head)
    assert "fråga har fått svar" in page
    assert "En gunga" in page
    assert "behov saknar kategori" in page
    assert "rad väntar på beslut" not in page


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


def test_today_draws_the_saving_against_the_plan(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2021, 2, 1), "100", "58.00")
    initiatives.delivered(cast, date(2021, 5, 3), "900", "58.00")
    initiatives.computed()
    answer = signed_in(cast.manager).get("/i-dag/")
    curve = answer.context["curve"]
    assert [str(amount) for amount in curve.actual] == ["0.00", "520.00", "520.00", "520.00"]
    assert len(curve.plan) == 12
    text = text_of(answer)
    assert curve.figure == "520\xa0kr"
    assert "har kommit hem till och med april. Planen är 8 902 kr." in text
    assert "Plan hela året 18 027 kr" in text
    assert curve.url == "/besparingar/?ar=2021&till=2021-04-30&kategori=10"
    assert "520 kr" in text_of(signed_in(cast.manager).get(curve.url))


def test_today_says_that_no_saving_is_counted(cast: Cast) -> None:
    initiatives.example_b(cast)
    assert "Inget nytt pris räknas i år" in page_of(cast.deputy)
    page = page_of(cast.requester)
    assert "Har besparingen kommit hem?" not in page
    assert "Vad köps utanför avtalen?" not in page


def test_today_shows_what_was_bought_outside_the_agreements(cast: Cast) -> None:
    for day in (date(2021, 3, 2), date(2021, 4, 6), date(2020, 12, 30)):
        initiatives.delivered(cast, day, "10", "63.00", department=cast.home)
    initiatives.delivered(cast, date(2021, 4, 7), "5", "63.00")
    initiatives.delivered(cast, date(2021, 4, 7), "5", "63.00", currency="USD")
    worlds.received(cast, (cast.gloves, 10))
    answer = signed_in(cast.manager).get("/i-dag/")
    leaks = answer.context["leaks"]
    assert [(row.department, row.amount) for row in leaks.rows] == [
        ("Säboenhet Hemse", Decimal("1260.00")),
        ("Medicinavdelning 1", Decimal("315.00")),
    ]
    text = text_of(answer)
    assert "2 köp sedan mars" in text
    assert "ett köp 7 apr" in text
    assert "1 575 kr i år, av två enheter." in text
    assert "Alla 3 köp" in text
    lines = text_of(signed_in(cast.manager).get(leaks.link.url))
    assert "3 köp utanför avtalen för 1 575 kr" in lines
    assert "2 köp utanför avtalen för 1 260 kr" in text_of(signed_in(cast.manager).get(leaks.rows[0].url))
    assert "Inget har köpts utanför avtalen i år." in page_of(cast.deputy)


def test_outside_agreements_tells_of_orders_without_one(cast: Cast) -> None:
    worlds.received(cast, (cast.chair, 1))
    address = "/utanfor-avtal/"
    for person in (cast.deputy, cast.head, cast.controller, cast.auditor):
        text = text_of(signed_in(person).get(address))
        assert "1 köp utanför avtalen för 3 480 kr" in text
        assert str(cast.chair.name) in text
        assert "order " in text
    assert "Inget har köpts utanför avtalen" in text_of(signed_in(cast.manager).get(address))
    assert "Inget har köpts" in text_of(signed_in(cast.deputy).get(f"{address}?kategori=10"))
    assert signed_in(cast.deputy).get(f"{address}?kategori=finns-inte").status_code == 404
    assert signed_in(cast.requester).get(address).status_code == 403


def test_today_asks_a_manager_as_many_questions_whatever_was_bought(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for month in range(1, 6):
        initiatives.delivered(cast, date(2021, month, 2), "10", "63.00", department=cast.home)
        initiatives.delivered(cast, date(2021, month, 3), "10", "63.00")
    client = signed_in(cast.manager)
    client.get("/i-dag/")
    with django_assert_max_num_queries(TODAY_QUERIES):
        client.get("/i-dag/")
    client.get("/utanfor-avtal/")
    with django_assert_max_num_queries(LINES_QUERIES):
        client.get("/utanfor-avtal/")


def test_today_opens_for_everyone_with_their_own(cast: Cast) -> None:
    worlds.line(cast)
    for person in (cast.requester, cast.stranger, cast.auditor, cast.controller, cast.administrator):
        assert "Inget behöver dig" in page_of(person)
    assert NOW.date() == TODAY


def rows_at(user: User, url: str, name: str) -> int:
    """How many rows a page shows in what its context calls so."""
    shown = signed_in(user).get(url).context[name]
    return len(getattr(shown, "object_list", shown))


def tasks_of(user: User) -> dict[str, tuple[str, str]]:
    """The figure and the link of each task, by its title."""
    tasks = signed_in(user).get("/i-dag/").context["tasks"]
    return {task.title: (task.figure, task.url) for task in tasks}


def test_the_heads_figures_lead_to_so_many_lines(cast: Cast) -> None:
    """A need without a category is in her queue as well; one with a category that waits there is not among them."""
    worlds.free_text(cast, "Någonting helt annat")
    CategoryAssignment.objects.filter(category=cast.medical).update(manager=cast.head)
    worlds.submitted(cast, (cast.gown, 10))
    worlds.free_text(cast, "En sak till avdelningen", category=cast.medical)
    tasks = tasks_of(cast.head)
    for title, count in (("rader väntar på beslut", 4), ("behov saknar kategori", 1)):
        figure, url = tasks[title]
        assert (figure, rows_at(cast.head, url, "page")) == (str(count), count)


def test_the_agreements_of_the_page_are_those_that_its_link_shows(cast: Cast) -> None:
    """She is deputy for what her colleague answers for, who is at work: that is not hers today, on either page."""
    for person in (cast.manager, cast.deputy, cast.head):
        context = signed_in(person).get("/i-dag/").context
        assert context["agreement_count"] == rows_at(person, context["agreements_url"], "page")


def test_searches_that_are_told_of_are_those_that_the_link_shows(cast: Cast) -> None:
    for text, people in (("en", 1), ("två", 2)):
        MissedSearch.objects.create(
            text=text, times=3, people=people, first_at=NOW, last_at=NOW, category=cast.medical
        )
    figure, url = tasks_of(cast.manager)["sökord ger ingen träff"]
    assert (figure, rows_at(cast.manager, url, "page")) == ("1", 1)
    assert rows_at(cast.manager, "/sortiment/sokningar/", "page") == 2
