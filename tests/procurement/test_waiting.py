"""One answer to what waits for a person: the queue, the badge, the day page, the start page and the API."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from categories.models import CategoryAssignment
from config.navigation import _counts
from desk.today import tasks
from desk.today.chain import attest_question, queue_question
from organizations.models import Absence, Role, User
from procurement.models import BudgetAttest
from procurement.order_times import next_order_time
from procurement.reasons import reason_for
from procurement.waiting import attests_to_give, by_supplier, lines_to_decide, lines_to_order, queue_of
from shop.views.departments import DepartmentChoice
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast, delegation, membership
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def answers(user: User) -> dict[str, int]:
    """How many lines and attests wait for the person, by each place that tells."""
    user = User.objects.get(pk=user.pk)
    counts = _counts(user, DepartmentChoice(), TODAY, "/")
    api = Program(user)
    line_counts = {
        "queue": lines_to_decide(user, TODAY).count(),
        "badge": counts.queue,
        "api": len(api.get("lines/?awaiting_me=true").data["results"]),
    }
    questions = [queue_question(user, NOW, is_head=False), attest_question(user, TODAY)]
    of_queue, of_attests = tasks.answers(questions)
    line_counts["day page"] = sum(int(task.figure) for task in of_queue)
    attests = {
        "queue": attests_to_give(user, TODAY).count(),
        "badge": counts.attests,
        "api": len(api.get("attests/?awaiting_me=true").data["results"]),
    }
    attests["day page"] = sum(int(task.figure) for task in of_attests)
    assert len(set(line_counts.values())) == 1, line_counts
    assert len(set(attests.values())) == 1, attests
    return {"lines": line_counts["queue"], "attests": attests["queue"]}


def test_own(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    assert answers(cast.manager) == {"lines": 1, "attests": 0}
    assert answers(cast.deputy) == {"lines": 1, "attests": 0}
    assert answers(cast.budget_holder) == {"lines": 0, "attests": 1}
    assert answers(cast.office_deputy) == {"lines": 0, "attests": 0}


def test_deputy_of_an_absent_manager(cast: Cast) -> None:
    worlds.line(cast)
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=3)))
    assert answers(cast.deputy) == {"lines": 1, "attests": 0}


def test_deputy_of_a_manager_who_has_left(cast: Cast) -> None:
    worlds.line(cast)
    User.objects.filter(pk=cast.manager.pk).update(is_active=False)
    assert answers(cast.deputy) == {"lines": 1, "attests": 0}


def test_deputy_of_one_category_steps_in_for_that_one_alone(cast: Cast) -> None:
    """The manager answers for two categories, each with a deputy of its own; she is away after the lines came to her."""
    CategoryAssignment.objects.filter(category=cast.office).update(
        manager=cast.manager, deputy=cast.office_deputy
    )
    worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 1))
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=3)))
    waiting = {
        who: [line.category for line in queue_of(getattr(cast, who), TODAY).order_by("pk")]
        for who in ("deputy", "office_deputy")
    }
    assert waiting == {"deputy": [cast.gloves_category], "office_deputy": [cast.office]}


def test_delegate(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    delegation(cast.manager, cast.stranger)
    delegation(cast.budget_holder, cast.colleague)
    assert answers(cast.stranger) == {"lines": 1, "attests": 0}
    assert answers(cast.colleague) == {"lines": 0, "attests": 1}


def test_what_one_asked_for_oneself_waits_for_somebody_else(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    delegation(cast.manager, cast.requester)
    assert answers(cast.requester) == {"lines": 0, "attests": 0}
    membership(cast.requester, Role.BUDGET_HOLDER, cast.home)
    new_delegation = delegation(cast.budget_holder, cast.auditor)
    assert answers(cast.auditor)["attests"] == 1
    new_delegation.delete()
    assert BudgetAttest.objects.awaiting(cast.auditor, TODAY).count() == 0


@pytest.mark.parametrize(
    ("last", "how_long"),
    [(TODAY + timedelta(days=3), "till och med 20 maj."), (None, "tills vidare.")],
    ids=["some days", "without an end"],
)
def test_one_sentence_says_why_it_is_with_somebody(cast: Cast, last: date | None, how_long: str) -> None:
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, last))
    line = worlds.line(cast)
    line = queue_of(cast.deputy, TODAY).select_related("responsible").get()
    sentence = reason_for(line).replace("\xa0", " ")
    assert f"Sofia Ekdahl är ersättare för Karin Sundblad, som är ledig {how_long}" in sentence
    assert sentence in text_of(signed_in(cast.deputy).get(f"/rader/{line.pk}/"))
    data = Program(cast.deputy).get(f"lines/{line.pk}/").data
    assert json.loads(json.dumps(data))["routing_reason"].replace("\xa0", " ") == sentence
    assert sentence in text_of(signed_in(cast.requester).get(f"/bestallningar/{line.requisition.number}/"))


def test_a_suppliers_lines_are_ordered_when_the_first_of_them_is_due(cast: Cast) -> None:
    first = worlds.approved(cast, (cast.gloves, 1)).lines.get()
    later = worlds.approved(cast, (cast.gown, 2)).lines.get()
    type(later).objects.filter(pk=later.pk).update(order_due_at=NOW + timedelta(days=2))
    (group,) = by_supplier(lines_to_order(cast.manager, NOW))
    assert (group.supplier, group.amount) == (cast.supplier, Decimal("356.00"))
    assert group.order_due_at == first.order_due_at == next_order_time(NOW)
