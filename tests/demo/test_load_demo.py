"""The demo region is loaded once, into an empty demo database, and every page has something true to show."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from pytest_django import Settings

from agreements.models import Agreement
from bench import pages
from catalog.models import Item
from categories.models import CategoryAssignment
from core.work import WorkStatus
from core.working_days import add_working_days
from demo import data
from demo.models import Loading
from demo.operations.loading import AlreadyLoaded, NotADemo, NotEmpty, TooEarly, load_demo
from devservers import develop
from governance.models import BoardAssignment, Guideline, Recommendation
from history.models import PurchaseHistoryLine
from office.rules import breaches
from organizations.models import User
from procurement.models import (
    Allocation,
    AwardRecord,
    BudgetAttest,
    DecisionNature,
    LineDecision,
    Requisition,
    RequisitionLine,
)
from procurement.states import DELIVERABLE, AttestStatus, LineStatus, RequisitionStatus
from reporting.costs import cost
from reporting.effects import awaiting_confirmation, effects
from reporting.models import FollowUpReport, SavingsRun

TODAY = date(2026, 5, 19)
AT = datetime(2026, 5, 19, 8, 0, tzinfo=UTC)


def lines_with(email: str) -> "Iterator[RequisitionLine]":
    lines = RequisitionLine.objects.awaiting(User.objects.get(email=f"{email}@gotland.example"))
    yield from lines.order_by("pk")


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("planned_as_ever")
def test_load_demo_gives_every_page_something_true() -> None:
    load_demo(today=TODAY, at=AT)
    go_on_where_a_killed_start_was()
    check_registers()
    check_chain()
    check_queue()
    check_history()
    check_governance()
    check_rules()
    check_pages()
    with pytest.raises(AlreadyLoaded):
        load_demo(today=TODAY, at=AT)


def go_on_where_a_killed_start_was() -> None:
    """What is loaded is committed first; savings and report come after, at the next start when this one was killed."""
    assert not SavingsRun.objects.exists()
    develop.load_demo()
    assert FollowUpReport.objects.get().status == WorkStatus.DONE
    develop.load_demo()
    assert (SavingsRun.objects.count(), FollowUpReport.objects.count()) == (1, 1)


def check_governance() -> None:
    guideline = Guideline.objects.in_force(TODAY).get()
    assert (guideline.number, guideline.paragraphs.count()) == (2, 12)
    open_ones = BoardAssignment.objects.open()
    assert [each.paragraph for each in open_ones] == ["§ 87"]
    statuses = Counter(Recommendation.objects.values_list("status", flat=True))
    assert statuses == {"verified": 4, "carried_out": 3, "planned": 1, "replaced": 1}
    in_june = Recommendation.objects.as_of(date(2021, 6, 30))
    assert Counter(each.status_then for each in in_june) == {"carried_out": 3, "planned": 3, "replaced": 1}
    assert [each.status_then for each in BoardAssignment.objects.as_of(date(2021, 5, 31))] == ["open"]


def check_rules() -> None:
    assert breaches(AT) == []


MOST_STATEMENTS, MOST_BYTES = 12, 60_000
MORE = {"today": 3, "catalogue": 2, "search": 2, "basket": 1, "receive": 1, "queue": 3}
"""
What lies in the queue, where new prices wait and whose they are, and what is new in it; where a basket stands beside,
what its week has had, and its frame; and what suppliers owe.
"""


def check_pages() -> None:
    above = []
    for name, who, address, _rows in pages.pages():
        ask = pages.client(who)
        size, statement_count = len(ask(address).content), pages.statements(ask, address)
        if statement_count > MOST_STATEMENTS + MORE.get(re.split(r"\W", name)[0], 0) or size > MOST_BYTES:
            above.append((name, statement_count, size))
    assert above == []


def check_registers() -> None:
    assert Item.objects.count() == len(data.items())
    assert CategoryAssignment.objects.count() == len(data.categories())
    assert User.objects.get(email="elin.bergvall@gotland.example").check_password("rauk-demo")
    assert not User.objects.get(email="maria.thun@gotland.example").has_usable_password()
    percents = [agreement.used_percent for agreement in Agreement.objects.valid_on(TODAY)]
    for threshold in (70, 85, 93):
        assert any(threshold <= percent < threshold + 5 for percent in percents)


def check_chain() -> None:
    statuses = Counter(RequisitionLine.objects.values_list("status", flat=True))
    assert set(statuses) == set(LineStatus.values)
    requisitions = {requisition.status for requisition in Requisition.objects.with_totals()}
    assert requisitions >= set(RequisitionStatus) - {RequisitionStatus.DECIDED}
    marianne = User.objects.get(email="marianne.klintberg@gotland.example")
    assert BudgetAttest.objects.awaiting(marianne).count() >= 2
    assert BudgetAttest.objects.filter(status=AttestStatus.REFUSED).exists()
    assert AwardRecord.objects.to_complete().count() == 1
    assert LineDecision.objects.filter(nature=DecisionNature.DELEGATION).count() == 2
    to_receive = Allocation.objects.filter(line__status__in=DELIVERABLE, received_quantity__lt=F("quantity"))
    assert to_receive.filter(order_line__expected_date__lt=TODAY).count() >= 3
    assert to_receive.filter(line__requisition__requester__email="elin.bergvall@gotland.example").count() >= 2


def check_queue() -> None:
    waiting = list(lines_with("karin.sundblad"))
    assert 20 <= len(waiting) <= 30
    assert sum(line.response_due_date < TODAY for line in waiting if line.response_due_date) >= 2
    assert sum(line.item is None for line in waiting) >= 2
    returned = RequisitionLine.objects.filter(status=LineStatus.RETURNED)
    assert returned.filter(requisition__requester__email="elin.bergvall@gotland.example").count() == 1
    assert any(line.routing_rule == "deputy_away" for line in lines_with("sofia.ekdahl"))
    assert list(lines_with("helena.stenmark"))


def check_history() -> None:
    assert PurchaseHistoryLine.objects.filter(delivered_date__year=2020).count() > 10_000
    of_2020 = effects(year=2020, through=date(2020, 11, 30))
    assert of_2020.net.full_year == Decimal("13500000.00")
    assert of_2020.total_increase.full_year < 0
    assert cost(starts=date(2018, 1, 1), ends=date(2020, 12, 31)).of.amount == Decimal("5500000.00")
    assert effects(year=2026, through=TODAY).net.realised > 0
    assert awaiting_confirmation().initiatives == 3
    assert SavingsRun.objects.get().added_count > 5_000


@pytest.mark.django_db
def test_load_demo_outside_a_demo(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(NotADemo):
        load_demo(today=TODAY, at=AT)
    with pytest.raises(CommandError, match="not a demo"):
        call_command("load_demo")
    assert not Loading.objects.exists()


@pytest.mark.django_db
def test_load_demo_into_a_database_in_use() -> None:
    User.objects.create_user("nagon@region.example", first_name="Någon", last_name="Verklig")
    with pytest.raises(NotEmpty):
        load_demo(today=TODAY, at=AT)
    assert not Loading.objects.exists()
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_load_demo_before_the_present_can_begin() -> None:
    with pytest.raises(TooEarly):
        load_demo(today=date(2020, 6, 1), at=AT)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, date(2026, 5, 17)),
        (-1, date(2026, 5, 15)),
        (-3, date(2026, 5, 12)),  # Ascension Day lies between
        (2, date(2026, 5, 19)),
    ],
)
def test_working_day_counts_from_a_sunday(days: int, expected: date) -> None:
    assert add_working_days(date(2026, 5, 17), days) == expected
