"""The tables of transitions are whole, every status can be reached, and the drawing is fresh."""

import pytest
from django.db.models import TextChoices

from config.management.commands.draw_states import PAGE, TABLES, drawing
from core.errors import WrongState
from core.states import Transitions, move
from procurement.models import RequisitionLine
from procurement.states import LINE_TRANSITIONS, LineStatus, RequisitionStatus, requisition_status


def test_the_drawing_is_fresh() -> None:
    assert PAGE.read_text() == drawing(), "run manage.py draw_states"


@pytest.mark.parametrize(("statuses", "transitions", "first"), TABLES.values(), ids=list(TABLES))
def test_every_status_is_a_key_and_can_be_reached(
    statuses: type[TextChoices], transitions: Transitions, first: TextChoices
) -> None:
    assert set(transitions) == set(statuses)
    reached, frontier = {first}, [first]
    while frontier:
        frontier = [target for status in frontier for target in transitions[status] if target not in reached]
        reached.update(frontier)
    assert reached == set(statuses)


@pytest.mark.parametrize("source", LineStatus)
@pytest.mark.parametrize("target", LineStatus)
def test_move_makes_what_the_table_allows_and_nothing_else(source: LineStatus, target: LineStatus) -> None:
    line = RequisitionLine(status=source)
    if target in LINE_TRANSITIONS[source]:
        move(line, to=target, transitions=LINE_TRANSITIONS)
        assert line.status == target
    else:
        with pytest.raises(WrongState):
            move(line, to=target, transitions=LINE_TRANSITIONS)
        assert line.status == source


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ({"draft"}, RequisitionStatus.BASKET),
        ({"awaiting", "approved"}, RequisitionStatus.UNDER_REVIEW),
        ({"returned", "received"}, RequisitionStatus.QUESTION),
        ({"approved", "rejected"}, RequisitionStatus.DECIDED),
        ({"ordered", "cancelled"}, RequisitionStatus.ORDERED),
        ({"ordered", "received"}, RequisitionStatus.PARTLY_RECEIVED),
        ({"received", "superseded"}, RequisitionStatus.RECEIVED),
        ({"rejected", "withdrawn"}, RequisitionStatus.CLOSED),
    ],
)
def test_requisition_status_is_derived_from_its_lines(lines: set[str], status: RequisitionStatus) -> None:
    assert requisition_status(lines) == status
