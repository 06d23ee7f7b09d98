"""The rules of the program that a paragraph can stand behind: its refusals, by their codes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import DomainError, InvalidInput
from core.ordering import swedish_key

_FACT = re.compile(r"%\(\w+\)s")
_COMMON = {"refused", "not_permitted", "wrong_state", "invalid_input", "busy"}
"""Refusals that say nothing of which rule it was."""


@dataclass(frozen=True, slots=True)
class HeldRule:
    """
    A rule that the program holds: its code, and what it says to whoever it stops.

    :param is_of_input: it asks for what is to be said, and stops nothing that is.
    """

    code: str
    sentence: str
    is_of_input: bool


def is_rule(code: str) -> bool:
    """Whether there is a rule with the code."""
    return code in DomainError.by_code and code not in _COMMON


def held_rules(codes: Iterable[str]) -> list[HeldRule]:
    """The rules with these codes, in the reader's language; one that the program no longer has is left out."""
    return [_rule_of(code) for code in codes if is_rule(code)]


def every_rule() -> Sequence[HeldRule]:
    """Every rule there is, by its sentence."""
    return sorted(held_rules(DomainError.by_code), key=lambda rule: (swedish_key(rule.sentence), rule.code))


def _rule_of(code: str) -> HeldRule:
    return HeldRule(code, _sentence(code), issubclass(DomainError.by_code[code], InvalidInput))


def _sentence(code: str) -> str:
    """What a refusal says, with dots for what it says of the very case."""
    return _FACT.sub("…", str(DomainError.by_code[code].sentence)).replace("%%", "%")
