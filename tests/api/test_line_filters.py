"""Lines are narrowed to what waits for a competition, and to those of which somebody wishes for another day."""

import pytest

from tests import worlds
from tests.api.clients import Program
from tests.api.competition_cases import tied_need
from tests.api.day_cases import wished
from tests.cast import Cast
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


def listed(program: Program, **narrowed: object) -> list[int]:
    """The ids of the lines that a program is given."""
    answer = program.get("lines/", **narrowed)
    assert answer.status_code == 200, answer.data
    return [each["id"] for each in answer.data["results"]]


def test_by_the_competition_that_a_need_is_tied_to(cast: Cast) -> None:
    worlds.line(cast)
    line, program = tied_need(cast), Program(cast.manager)
    assert listed(program, tied_competition=line.tied_competition_id) == [line.pk]
    assert listed(program, tied_competition=(line.tied_competition_id or 0) + 1) == []


@pytest.mark.usefixtures("at_nine")
def test_by_whether_another_day_is_wished_for(cast: Cast) -> None:
    line, other, program = wished(cast), worlds.line(cast), Program(cast.manager)
    assert listed(program, wishes_for_day=True) == [line.pk]
    assert other.pk in listed(program, wishes_for_day=False)
    assert line.pk not in listed(program, wishes_for_day=False)


def test_the_description_says_what_it_narrows(cast: Cast) -> None:
    described = signed_in(cast.manager).get("/api/schema/?format=json").json()
    description_by_name = {
        each["name"]: each.get("description", "")
        for each in described["paths"]["/api/v1/lines/"]["get"]["parameters"]
    }
    assert "Konkurrensutsättningens id" in description_by_name["tied_competition"]
    assert "annan leveransdag" in description_by_name["wishes_for_day"]
