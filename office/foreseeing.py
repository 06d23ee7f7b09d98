"""Which plans stand in each other's way before their day has come (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """A plan as it matters to others: what it is about, and what that goes up in, if anything."""

    plan: int
    day: date
    what: int
    into: int | None


def clashes(steps: Iterable[Step]) -> frozenset[int]:
    """
    The plans of which one makes another impossible, carried out in the order of their days.

    What has gone up in something else is not changed afterwards, and nothing goes up in what has itself gone up in it. What
    was to go on and has itself gone up in a third is no clash: that one goes on.
    """
    merged: dict[int, Step] = {}
    plan_ids: set[int] = set()
    for step in sorted(steps, key=lambda each: (each.day, each.plan)):
        if step.what in merged:
            plan_ids |= {step.plan, merged[step.what].plan}
        elif step.into is not None:
            passed = _mergers_from(step.into, merged)
            last = passed[-1].into if passed else step.into
            if last == step.what:
                plan_ids |= {step.plan, *(each.plan for each in passed)}
            else:
                merged[step.what] = step
    return frozenset(plan_ids)


def _mergers_from(what: int, merged: dict[int, Step]) -> Sequence[Step]:
    """The mergers that lead from something to what goes on in its place."""
    passed: list[Step] = []
    while what in merged:
        passed.append(merged[what])
        into = merged[what].into
        assert into is not None  # noqa: S101, mergers lead somewhere
        what = into
    return passed
