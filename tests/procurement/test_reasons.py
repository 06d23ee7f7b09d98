"""Why lines go to a person: one sentence for several categories."""

import pytest
from django.utils import translation

from procurement.reasons import reasons_of
from procurement.routing import Person, Route
from procurement.routing_rules import RoutingRule

KARIN = Person(1, "Karin Sundblad")


def route(own: str, category: str, rule: RoutingRule = RoutingRule.MANAGER, **facts: str) -> Route:
    names = {"own": own, "own_en": f"{own} en", "category": category, "category_en": f"{category} en"}
    return Route(KARIN, rule, {**names, "manager": "Karin Sundblad", **facts})


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ([], []),
        (
            [
                route("Skyddskläder", "Skyddskläder"),
                route("Handskar", "Handskar"),
                route("Handskar", "Handskar"),
            ],
            ["Karin Sundblad är kategoriansvarig för Handskar och Skyddskläder."],
        ),
        (
            [
                route("Handskar", "Sjukvård", RoutingRule.MANAGER_ABOVE),
                route("Visir", "Sjukvård", RoutingRule.MANAGER_ABOVE),
                route("Papper", "Kontor", RoutingRule.MANAGER_ABOVE),
            ],
            [
                "Handskar och Visir hör till Sjukvård, som Karin Sundblad ansvarar för.",
                "Papper hör till Kontor, som Karin Sundblad ansvarar för.",
            ],
        ),
        (
            [route("Handskar", "Handskar"), route("Visir", "Visir", item="Visir, engångs")],
            [
                "Karin Sundblad är kategoriansvarig för Handskar.",
                "Karin Sundblad är kategoriansvarig för Visir. Kategorin är vald efter Visir, engångs, som liknar behovet.",
            ],
        ),
        (
            [Route(KARIN, RoutingRule.TRIAGE), Route(KARIN, RoutingRule.TRIAGE)],
            ["Karin Sundblad är inköpschef och fördelar behov som saknar kategori."],
        ),
    ],
)
def test_lines_that_differ_in_their_category_are_told_together(
    routes: list[Route], expected: list[str]
) -> None:
    assert reasons_of(routes) == expected


def test_in_english() -> None:
    with translation.override("en"):
        (sentence,) = reasons_of([route("Visir", "Visir"), route("Handskar", "Handskar")])
    assert "Handskar en and Visir en" in sentence
