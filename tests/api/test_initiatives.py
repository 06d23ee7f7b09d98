"""Initiatives and their baselines through the API: what is read, and by whom."""

from typing import Any

import pytest

from reporting.operations.baselines import revise_baselines
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.reporting import initiatives


def test_initiatives_are_read_with_amounts_as_text(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.frozen(cast, initiatives.initiative(cast))
    lars = Program(cast.controller)
    (row,) = lars.get("initiatives/").data["results"]
    assert (row["code"], row["stage"], row["status"]) == (initiative.code, "decided", "contracted")
    assert (row["waiting_version"], row["expected_amount"]) == (1, None)
    data = lars.get(f"initiatives/{initiative.pk}/").data
    assert [(each["number"], each["confirmed_at"]) for each in data["versions"]] == [(1, None)]
    assert data["planned"] == {
        "count": 1, "decrease": "27040.00", "increase": "0.00", "net": "27040.00", "avoidance": "0.00",
    }  # fmt: skip
    (baseline,) = lars.get("baselines/", initiative=initiative.code, version=1).data["results"]
    assert (baseline["item"], baseline["unit_price"], baseline["new_unit_price"]) == (
        cast.gloves.number,
        "63.2000",
        "58.0000",
    )
    assert (baseline["annual_quantity"], baseline["full_year_effect"]) == ("5200.000", "27040.00")
    assert (baseline["counts_from"], baseline["counts_through"]) == ("2020-09-01", "2021-08-31")


def test_confirming_shows_in_what_is_read(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.frozen(cast, initiatives.initiative(cast))
    revise_baselines(initiative=initiative, version=1, reason="Fel pris", by=cast.head, at=NOW)
    lars = Program(cast.controller)
    assert len(lars.get("initiatives/", is_waiting="true").data["results"]) == 1
    answer = lars.post(f"initiatives/{initiative.pk}/confirm/", version=2)
    assert (answer.status_code, answer.data["status"], answer.data["waiting_version"]) == (
        200,
        "introduced",
        None,
    )
    assert lars.get("initiatives/", is_waiting="true").data["results"] == []
    assert len(lars.get("initiatives/", status="introduced", category="10").data["results"]) == 1
    baselines = lars.get("baselines/", is_counted="true").data["results"]
    assert [(each["version"], each["confirmed_by"]["id"]) for each in baselines] == [(2, cast.controller.pk)]
    assert lars.get("baselines/", is_waiting="true").data["results"] == []
    assert len(lars.get("baselines/", is_waiting="false").data["results"]) == 2


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("head", True),
        ("auditor", True),
        ("manager", True),
        ("office_deputy", False),
        ("requester", False),
        ("administrator", False),
    ],
)
def test_initiatives_are_seen_as_on_their_pages(cast: Cast, who: str, sees: bool) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.frozen(cast, initiatives.initiative(cast))
    program = Program(getattr(cast, who))
    assert bool(program.get("initiatives/").data["results"]) is sees
    assert bool(program.get("baselines/").data["results"]) is sees
    assert program.get(f"initiatives/{initiative.pk}/").status_code == (200 if sees else 404)
    if not sees:
        assert program.post(f"initiatives/{initiative.pk}/freeze/").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"version": None}, {"version": 0}, {"version": "x"}, {"version": 10**9}]
)
def test_confirming_says_which_version_was_read(cast: Cast, body: dict[str, Any]) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.frozen(cast, initiatives.initiative(cast))
    answer = Program(cast.controller).post(f"initiatives/{initiative.pk}/confirm/", **body)
    assert (answer.status_code, answer.data["code"]) == (400, "invalid")
    assert initiative.baselines.get().confirmed_at is None
