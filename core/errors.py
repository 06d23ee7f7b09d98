"""Anticipated failures: exceptions with a stable code and a sentence for a person."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """
    A refusal that a person can understand and act on.

    Subclasses stand beside the function that raises them and set ``code`` (stable, for programs) and
    ``sentence`` (translatable, with named placeholders filled from the keyword arguments).
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str | Promise] = _("Det gick inte att genomföra.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)


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
