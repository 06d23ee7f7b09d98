"""Plans are held against each other in the order of their days."""

from datetime import date, timedelta

import pytest

from office.foreseeing import Step, clashes

A, B, C, D = 1, 2, 3, 4
CASES: dict[str, tuple[list[tuple[int, int, int | None]], set[int]]] = {
    "nothing": ([], set()),
    "a name, then a merger": ([(1, A, None), (2, A, B)], set()),
    "a merger, then a name": ([(1, A, B), (2, A, None)], {0, 1}),
    "said in the other order": ([(2, A, None), (1, A, B)], {0, 1}),
    "two mergers of one": ([(1, A, B), (2, A, C)], {0, 1}),
    "a chain is followed": ([(1, A, B), (2, B, C), (3, C, D)], set()),
    "what is to go on has gone on by then": ([(2, A, B), (1, B, C)], set()),
    "each in the other": ([(1, A, B), (2, B, A)], {0, 1}),
    "each in the other on one day": ([(1, A, B), (1, B, A)], {0, 1}),
    "round three": ([(1, A, B), (2, B, C), (3, C, A)], {0, 1, 2}),
    "a fourth beside them": ([(1, A, B), (2, B, A), (3, C, D)], {0, 1}),
    "names only": ([(1, A, None), (2, A, None), (3, B, None)], set()),
}


@pytest.mark.parametrize("case", CASES)
def test_what_stands_in_the_way_of_what(case: str) -> None:
    plans, expected = CASES[case]
    start = date(2022, 1, 1)
    steps = [Step(i, start + timedelta(days), what, into) for i, (days, what, into) in enumerate(plans)]
    assert clashes(steps) == expected
