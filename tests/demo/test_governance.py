"""What the demo tells of the decision of 2020 and of the three audits agrees with itself."""

from datetime import date

import pytest

from demo.data import governance as data
from demo.data.governance import day_of
from demo.operations.governance import ADOPTED, governance_files
from governance.models import Indicator
from governance.states import RECOMMENDATION_TRANSITIONS, RecommendationStatus
from office.registers import governance as declared
from registers.register import REGISTERS

TODAY = date(2026, 5, 19)
LEADS_TO = {
    "answer": RecommendationStatus.ANSWERED,
    "plan": RecommendationStatus.PLANNED,
    "carry_out": RecommendationStatus.CARRIED_OUT,
    "verify": RecommendationStatus.VERIFIED,
    "send_back": RecommendationStatus.PLANNED,
    "replace": RecommendationStatus.REPLACED,
}


def test_the_decision_and_the_audits_are_there() -> None:
    (decision, *_present) = data.board_assignments()
    assert (decision.paragraph, decision.meeting_date, decision.diary_number) == (
        "§ 229",
        "2020-11-17",
        "RS 1154-2020",
    )
    assert decision.due_date.startswith("2021-06")
    assert [row.date for row in data.audit_reports()] == ["2016-04-01", "2020-04-01", "2021-12-21"]
    assert {row.administration for row in data.onboardings()} == {"RSF", "HSF", "SOF", "UAF", "SBF"}


def test_the_files_are_of_registers() -> None:
    assert declared.AUDIT_REPORTS is REGISTERS["audit_reports"]
    for name, rows in governance_files(TODAY).items():
        assert rows
        assert {column for row in rows for column in row} <= set(REGISTERS[name].bound)


@pytest.mark.parametrize("row", data.recommendations(), ids=lambda row: f"{row.audit} {row.number}")
def test_each_recommendation_goes_as_its_states_allow(row: data.Recommendation) -> None:
    steps = [
        step for step in data.recommendation_steps() if (step.audit, step.number) == (row.audit, row.number)
    ]
    days = [day_of(step.date, TODAY) for step in steps]
    assert days == sorted(days)
    assert date.fromisoformat(row.received_date) <= days[0]
    status = RecommendationStatus.RECEIVED
    for step in steps:
        assert LEADS_TO[step.act] in RECOMMENDATION_TRANSITIONS[status]
        assert not step.indicator or step.indicator in Indicator.values
        status = LEADS_TO[step.act]


def test_what_was_promised_is_replaced_by_a_guideline_that_is_adopted() -> None:
    (replaced,) = (step for step in data.recommendation_steps() if step.act == "replace")
    adopted = {version: day_of(day, TODAY) for version, (day, _first) in ADOPTED.items()}
    assert adopted[1] <= day_of(replaced.date, TODAY) < adopted[2]


def test_each_version_has_paragraphs_of_its_own() -> None:
    numbers = [(row.version, row.number) for row in data.guideline_paragraphs()]
    assert len(numbers) == len(set(numbers))
    assert {version for version, _number in numbers} == set(ADOPTED)
    assert all(row.text and row.heading for row in data.guideline_paragraphs())
