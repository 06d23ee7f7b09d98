"""docs/permissions.md is fresh, whole, and true at both doors: every operation × every role × every state."""

import ast
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from audit.models import Entry
from governance import permissions as governance_permissions
from office.rights.acts import Act
from office.rights.page import PAGE, PARTS, YES, answer, drawing
from office.rights.people import PEOPLE
from procurement import permissions
from reporting import permissions as reporting_permissions
from tests.cast import Cast
from tests.long import LONG
from tests.office.doors import Doors
from tests.office.permission_doors import BY_PERMISSION, DOORS
from tests.office.permission_worlds import WORLDS, People, people_of, take_part
from tests.repository import code

EVERY = list(chain.from_iterable(PARTS.values()))
NAMED = {operation for act in EVERY for operation in act.operations}

WITHOUT_A_ROW = {
    "administrations.merge_administrations": "the administrator's; tests/office/test_moving_pages.py",
    "categories.merge_categories": "the head's; tests/office/test_category_merging.py",
    "departments.merge_departments": "the administrator's; tests/office/test_moving_pages.py",
    "leaving.leave": "the administrator's; tests/procurement/test_leaving.py",
    "assortment.assess": "the life cycle's; tests/procurement/test_life_cycle.py",
    "assortment.start_trial": "the life cycle's; tests/procurement/test_life_cycle.py",
    "assortment.decide_standard": "the life cycle's; tests/procurement/test_life_cycle.py",
    "assortment.phase_out": "the life cycle's; tests/procurement/test_life_cycle.py",
    "assortment.retire": "the life cycle's; tests/procurement/test_life_cycle.py",
    "line_deliveries.set_deliveries": "fills the basket of whoever asks; tests/api/door_cases.py",
    "award_records.document": "whoever answers for the category; tests/procurement/test_award_records.py",
    "observations.answer_observation": "the head's; tests/procurement/test_observation_answers.py",
    "recalls.lift": "whoever answers for the item; tests/procurement/test_recalls.py",
    "recalls.acknowledge": "who orders for the department; tests/procurement/test_recalls.py",
    "queues.mark_seen": "her own queue; tests/procurement/test_queues.py",
    "queues.keep": "her own views; tests/procurement/test_queues.py",
    "queues.rename": "her own views; tests/procurement/test_queues.py",
    "queues.remove": "her own views; tests/procurement/test_queues.py",
    "recalls.note_call": "whoever answers for the item; tests/procurement/test_recalls.py",
}
"""Operations that ask nothing of the chain's permissions, and where each denied actor is tried."""


ASKED_ELSEWHERE = {
    "can_order_for": "which the others ask",
    "can_receive_for": "which the others ask",
    "can_document": "tests/procurement/test_award_records.py",
    "can_answer_observation": "tests/procurement/test_observation_answers.py",
    "can_read_observations": "of a page; tests/config/test_every_url.txt",
    "can_see_direct_awards": "of a page; tests/config/test_every_url.txt",
    "can_follow_up": "of pages; tests/config/test_every_url.txt",
    "can_read_reports": "of pages; tests/config/test_every_url.txt",
    "can_read_trail": "of a page; tests/config/test_every_url.txt",
    "can_see_costs": "of a page; tests/config/test_every_url.txt",
    "can_see_savings": "of pages; tests/config/test_every_url.txt",
    "can_take_accruals": "of a page; tests/config/test_every_url.txt",
}
"""Permissions that no row asks, and where they are tried."""


APPS = {"procurement": "", "governance": "governance.", "reporting": "reporting."}
"""The apps whose operations have rows, and what stands before their names on the page."""


def operations_of(path: Path, before: str) -> Iterator[str]:
    """The public operations of a module that somebody performs, as the page names them."""
    for node in code.tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            decorated = {ast.unparse(each) for each in node.decorator_list}
            if "operation" in decorated and "by" in {each.arg for each in node.args.kwonlyargs}:
                yield f"{before}{path.stem}.{node.name}"


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text() == drawing(), "docs/permissions.md is out of date: run make states"


def test_every_operation_has_a_row() -> None:
    operation_names = {
        each
        for app, before in APPS.items()
        for path in sorted((code.ROOT / app / "operations").glob("*.py"))
        for each in operations_of(path, before)
    }
    missing = sorted(operation_names - NAMED - WITHOUT_A_ROW.keys())
    assert not missing, (
        f"Put {missing} in a row of office/rights/acts.py or governing.py, with the permission that it requires."
    )
    stale_names = sorted((NAMED | WITHOUT_A_ROW.keys()) - operation_names)
    assert not stale_names, f"{stale_names} is no operation any longer: take it out of its row."


def test_every_permission_is_asked_by_a_row() -> None:
    row_permissions = {act.asks for act in EVERY} | ASKED_ELSEWHERE.keys()
    permission_names = {*permissions.__all__, *vars(governance_permissions), *vars(reporting_permissions)}
    unasked = sorted(
        name for name in permission_names if name.startswith("can_") and name not in row_permissions
    )
    assert not unasked, f"No row of office/rights/acts.py or governing.py asks {unasked}."


def test_every_operation_is_tried_at_its_doors() -> None:
    silent = sorted(NAMED - DOORS.keys())
    assert not silent, f"Say in tests/office/permission_doors.py how {silent} is done at the two doors."
    assert DOORS.keys() - NAMED == set()


@pytest.fixture(scope="module")
def people(stage: Cast) -> People:
    return people_of(stage)


@pytest.mark.timeout(480 if LONG else 120)
@pytest.mark.usefixtures("at_nine")
@pytest.mark.parametrize(
    ("states", "state"),
    [
        pytest.param(states, state, id=f"{states[0]}-{state}")
        for states in dict.fromkeys(act.states for act in EVERY)
        for state in states
    ],
)
def test_every_cell_at_both_doors(stage: Cast, people: People, states: tuple[str, ...], state: str) -> None:
    """
    An ordinary run tries every yes at the one door or the other, and each role's refusals in some of the states.

    `make test-long` tries every cell at both doors.
    """
    with transaction.atomic():
        thing = WORLDS[states][state](stage)
        acts = [act for act in EVERY if act.states == states]
        wrong = [each for act in acts for each in differences(stage, people, act, state, thing)]
        transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def differences(stage: Cast, people: People, act: Act, state: str, thing: Any) -> Iterator[str]:
    """Where a door says something else than the page."""
    page_answers = {who: answer(act, who, state) for who in PEOPLE}
    share = max(each for each in SHARES if each <= len(act.states))
    for (turn, operation), (place, who) in product(enumerate(act.operations), enumerate(PEOPLE)):
        doors = BY_PERMISSION.get(act.asks, DOORS[operation])
        is_her_turn = turn == 0 and (place + act.states.index(state)) % share == 0
        if isinstance(doors, str) or not (page_answers[who] == YES or is_her_turn or LONG):
            continue
        for door in ("api", "web") if LONG else (("api", "web")[(turn + place) % 2],):
            door_answer = go_through(door, doors, stage, people, who, thing)
            if door_answer not in (None, page_answers[who]) and not (
                door_answer in UNSAID and page_answers[who] != YES
            ):
                yield f"{operation} when {state}, by {PEOPLE[who].words}: the page says {page_answers[who]}, the {door} {door_answer}"


SHARES = (1, 3, 5)
"""One refusal in so many is tried: not in more than there are states, and odd, so that both doors have their turn."""

UNSAID = ("not there", "no")
"""What a door says without the ground."""


class Undone(Exception):
    """Takes back what one door did."""


def go_through(door: str, doors: Doors, stage: Cast, people: People, who: str, thing: Any) -> str | None:
    """What a door says: yes, a code, that it is not there, or no more than no; None when it has no such door."""
    says = getattr(doors, door)
    answers: list[str | None] = []
    with suppress(Undone), transaction.atomic():
        take_part(stage, who)
        last = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]
        if says is None:
            raise Undone
        address, body = says(stage, thing)
        response: Any = None
        if door == "api":
            response = people.program(who).post(address, **body)
        else:
            response = people.browser(who).post(address, body)
        is_done = Entry.objects.filter(pk__gt=last).exists()
        answers.append(_door_answer(response, is_done, doors, door))
        raise Undone
    return answers[0] if answers else None


def _door_answer(response: Any, is_done: bool, doors: Doors, door: str) -> str | None:
    status = response.status_code
    if is_done or (status in (200, 201, 204) and door == "api"):
        return YES
    if not doors.is_in_the_trail and status == 302:
        return YES
    if status == 404:
        return "not there"
    if door == "api" and response.data.get("code") in doors.unseen:
        return "not there"
    if door == "web":
        answer_without_code = None if doors.beyond else "no"
        return answer_without_code if status in (302, 403, 409, 422) else f"answers {status}"
    refusal_code = response.data.get("code", f"answers {status}")
    return YES if refusal_code in doors.beyond else str(refusal_code)
