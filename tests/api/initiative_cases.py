"""What is done with an initiative's baselines, as both doors have it: frozen, frozen again, confirmed."""

from collections.abc import Callable
from typing import Any

from reporting.models import Baseline, SavingInitiative
from reporting.operations.baselines import confirm_baselines, revise_baselines
from tests.api.doors import Act, Case
from tests.cast import NOW, Cast
from tests.reporting import initiatives

WRITES = (Baseline, SavingInitiative)


def decided(cast: Cast) -> SavingInitiative:
    initiatives.example_deliveries(cast)
    return initiatives.initiative(cast)


def idea(cast: Cast) -> SavingInitiative:
    initiative = decided(cast)
    initiative.stage = "idea"
    initiative.save()
    return initiative


def frozen(cast: Cast) -> SavingInitiative:
    return initiatives.frozen(cast, decided(cast))


def confirmed(cast: Cast) -> SavingInitiative:
    initiative = frozen(cast)
    confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)
    return initiative


def revised(cast: Cast) -> SavingInitiative:
    initiative = frozen(cast)
    revise_baselines(initiative=initiative, version=1, reason="Fel pris", by=cast.head, at=NOW)
    return initiative


def at_api(verb: str, **body: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, initiative: (f"initiatives/{initiative.pk}/{verb}/", body)


def at_web(verb: str, **form: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, initiative: (f"/baslinjer/{initiative.pk}/{verb}/", form)


def freezing(before: Callable[[Cast], Any], who: str, refusal: str = "") -> Case:
    return Case("freeze", before, who, at_api("freeze"), at_web("frys"), refusal, WRITES)


def revising(before: Callable[[Cast], Any], who: str, version: int, refusal: str = "") -> Case:
    fields = {"version": version, "reason": "Fel pris"}
    return Case(
        "revise", before, who, at_api("revise", **fields), at_web("frys-om", **fields), refusal, WRITES
    )


def confirming(before: Callable[[Cast], Any], who: str, version: int, refusal: str = "") -> Case:
    fields = {"version": version}
    return Case(
        "confirm", before, who, at_api("confirm", **fields), at_web("bekrafta", **fields), refusal, WRITES
    )


INITIATIVES = [
    freezing(decided, "head"),
    freezing(decided, "auditor", "finance_only"),
    freezing(frozen, "head", "already_frozen"),
    freezing(idea, "head", "initiative_not_decided"),
    revising(confirmed, "controller", 1),
    revising(frozen, "auditor", 1, "finance_only"),
    revising(revised, "head", 1, "baselines_frozen_again_since"),
    confirming(frozen, "controller", 1),
    confirming(revised, "controller", 2),
    confirming(revised, "controller", 1, "baselines_frozen_again_since"),
    confirming(confirmed, "controller", 1, "nothing_to_confirm"),
    confirming(frozen, "head", 1, "finance_only"),
]
