"""Routing as a pure table: facts in, route out; and every sentence is whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.routing import Person, Post, Route, route, sentence
from procurement.routing_rules import RoutingRule

KARIN, SOFIA, MIKAEL, HELENA = (
    Person(number, name) for number, name in enumerate(["Karin", "Sofia", "Mikael", "Helena"], 1)
)
AWAY = Person(1, "Karin", away_through=date(2021, 5, 24))
NOBODY: frozenset[int] = frozenset()


@pytest.mark.parametrize(
    ("posts", "in_conflict", "person", "rule"),
    [
        ([Post("Handskar", KARIN, SOFIA)], NOBODY, KARIN, RoutingRule.MANAGER),
        ([Post("Sjukvård", KARIN, SOFIA)], NOBODY, KARIN, RoutingRule.MANAGER_ABOVE),
        ([Post("Handskar", AWAY, SOFIA)], NOBODY, SOFIA, RoutingRule.DEPUTY_AWAY),
        ([Post("Handskar", KARIN, SOFIA)], frozenset({1}), SOFIA, RoutingRule.DEPUTY_CONFLICT),
        (
            [Post("Handskar", AWAY, SOFIA), Post("Sjukvård", MIKAEL)],
            frozenset({2}),
            MIKAEL,
            RoutingRule.MANAGER_ABOVE,
        ),
        ([Post("Handskar", AWAY)], NOBODY, HELENA, RoutingRule.HEAD),
        ([], NOBODY, HELENA, RoutingRule.HEAD),
    ],
)
def test_route(posts: list[Post], in_conflict: frozenset[int], person: Person, rule: RoutingRule) -> None:
    result = route(category="Handskar", posts=posts, heads=[HELENA], in_conflict=in_conflict)
    assert result is not None
    assert (result.responsible, result.rule) == (person, rule)


def test_route_without_a_category_goes_to_triage() -> None:
    assert route(category=None, posts=[], heads=[HELENA], in_conflict=NOBODY) == Route(
        HELENA, RoutingRule.TRIAGE, {}
    )


def test_route_takes_a_head_who_is_at_work_before_one_who_is_away() -> None:
    absent = Person(3, "Bodil", away_through=date(2021, 5, 24))
    for heads in ([absent, HELENA], [HELENA, absent]):
        result = route(category="Handskar", posts=[], heads=heads, in_conflict=NOBODY)
        assert result is not None
        assert result.responsible == HELENA
    alone = route(category="Handskar", posts=[], heads=[absent], in_conflict=NOBODY)
    assert alone is not None
    assert alone.responsible == absent


def test_route_with_nobody_free_is_none() -> None:
    assert (
        route(
            category="Handskar",
            posts=[Post("Handskar", KARIN)],
            heads=[HELENA],
            in_conflict=frozenset({1, 4}),
        )
        is None
    )


people = st.builds(
    Person, pk=st.integers(1, 8), full_name=st.just("N"), away_through=st.none() | st.just(date(2021, 5, 24))
)


@given(
    posts=st.lists(
        st.builds(Post, category=st.sampled_from("AB"), manager=people, deputy=st.none() | people), max_size=4
    ),
    heads=st.lists(people, max_size=2),
    in_conflict=st.frozensets(st.integers(1, 8), max_size=4),
)
def test_route_never_gives_a_line_to_somebody_in_conflict(
    posts: list[Post], heads: list[Person], in_conflict: frozenset[int]
) -> None:
    result = route(category="A", posts=posts, heads=heads, in_conflict=in_conflict)
    if result is None:
        assert all(head.pk in in_conflict for head in heads)
    else:
        assert result.responsible.pk not in in_conflict


@pytest.mark.parametrize("rule", RoutingRule)
def test_sentence_of_every_rule_is_whole(rule: RoutingRule) -> None:
    facts = {"own": "Handskar", "category": "Sjukvård", "manager": "Karin", "item": "Nitrilhandske"}
    text = sentence(rule, facts, responsible="Sofia", until="till och med 24 maj")
    assert "Sofia" in text
    assert "%" not in text
