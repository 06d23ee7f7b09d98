"""Where an initiative stands is what counts of it, whatever the register says since."""

from datetime import date
from decimal import Decimal

import pytest

from reporting.models import InitiativeStage, InitiativeStatus, SavingInitiative
from reporting.pipeline import pipeline
from tests.cast import Cast
from tests.pages import signed_in, text_of
from tests.reporting import initiatives

DAY = date(2020, 12, 31)


def status(made: SavingInitiative, day: date = DAY) -> str:
    return SavingInitiative.objects.with_status(day).get(pk=made.pk).status


def test_the_life_of_an_initiative(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    for stage in (InitiativeStage.IDEA, InitiativeStage.ANALYSIS):
        SavingInitiative.objects.update(stage=stage)
        assert status(initiative) == stage.value
    SavingInitiative.objects.update(stage=InitiativeStage.DECIDED)
    assert status(initiative) == InitiativeStatus.CONTRACTED
    confirmed = initiatives.confirmed(cast)
    assert status(confirmed, date(2020, 8, 31)) == InitiativeStatus.CONTRACTED
    assert status(confirmed) == InitiativeStatus.INTRODUCED
    initiatives.delivered(cast, date(2020, 10, 1), "10", "58.00")
    initiatives.computed()
    assert status(confirmed) == InitiativeStatus.REALISED
    assert status(confirmed, date(2021, 8, 31)) == InitiativeStatus.REALISED
    assert status(confirmed, date(2021, 9, 1)) == InitiativeStatus.CLOSED


@pytest.mark.parametrize(
    "facts", [{"effective_date": date(2030, 1, 1)}, {"stage": InitiativeStage.IDEA}, {"new_agreement": None}]
)
def test_what_counts_is_not_planned_whatever_the_register_says_since(
    cast: Cast, facts: dict[str, object]
) -> None:
    initiative = initiatives.example_b(cast)
    SavingInitiative.objects.update(**facts, expected_amount=Decimal(999_000))
    assert status(initiative) == InitiativeStatus.REALISED
    assert pipeline(cast.controller, day=DAY).rows == ()
    assert "999 000" not in text_of(signed_in(cast.controller).get("/baslinjer/"))
