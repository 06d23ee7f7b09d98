"""The answer to "may this person do this now": yes, or the error that explains the refusal."""

from dataclasses import dataclass

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Verdict:
    """True when ``refusal`` is empty, so that a view can ask and an operation can require."""

    refusal: DomainError | None = None

    def __bool__(self) -> bool:
        return self.refusal is None


PERMITTED = Verdict()


def refused(error: DomainError) -> Verdict:
    """A verdict that says no, and why."""
    return Verdict(error)


def require(verdict: Verdict) -> None:
    """
    Let a permitted act continue.

    :raises DomainError: the refusal that the verdict holds.
    """
    if verdict.refusal is not None:
        raise verdict.refusal
