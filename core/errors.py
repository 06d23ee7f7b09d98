"""Anticipated failures: exceptions with a stable code and a sentence for a person."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import formatting
from core.languages import current_language
from core.money import Kronor


class DomainError(Exception):
    """
    A refusal that a person can understand and act on.

    Subclasses stand beside the function that raises them and set ``code`` (stable, for programs) and
    ``sentence`` (translatable, with named placeholders filled from the keyword arguments). Pass numbers as they
    are: they are written in the reader's language when the sentence is read.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str | Promise] = _("Det gick inte att genomföra.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        facts = {name: written(fact) for name, fact in self.facts.items()}
        return str(self.sentence) % facts if facts else str(self.sentence)


def in_english(error: DomainError) -> str:
    """Give the sentence in English, for those who run commands."""
    with translation.override("en"):
        return str(error)


def written(fact: Any) -> Any:
    """Write a fact as a sentence in the reader's language has it: ``1 400 kr``, ``2,5``, ``tisdag 18 maj 2021``."""
    language = current_language()
    if isinstance(fact, Kronor):
        is_whole = fact == fact.to_integral_value()
        return formatting.kr(fact, 0 if is_whole else 2, language=language)
    if isinstance(fact, Decimal):
        return formatting.quantity(fact, language=language)
    if isinstance(fact, date):
        return formatting.long_day(fact, language=language)
    return fact


class NotPermitted(DomainError):
    """This person may not do this now."""

    code = "not_permitted"
    sentence = _("Du har inte behörighet att göra det här.")


class WrongState(DomainError):
    """The object is no longer, or not yet, in a state where this can be done."""

    code = "wrong_state"
    sentence = _("Det här kan inte göras i nuvarande läge.")


class InvalidInput(DomainError):
    """A value has the right shape but cannot be true here, such as an unknown code or an absurd quantity."""

    code = "invalid_input"
    sentence = _("Uppgifterna stämmer inte.")


class KeyIsTaken(InvalidInput):
    """The key that makes a repeated request harmless was used by somebody else, for something else."""

    code = "key_is_taken"
    sentence = _("Nyckeln är redan använd av någon annan. Gör en ny för varje gång.")
