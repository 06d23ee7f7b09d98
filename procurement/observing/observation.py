"""What a question about purchases is, the period that it is asked of, and the values that it is asked by (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from agreements.models import ThresholdKind
from core.clock import start_of
from core.errors import InvalidInput
from core.periods import add_months
from procurement.models import DecisionKind, LimitKind, ObservationKind
from procurement.states import COMMITTED

MONTHS = 12
"""So many months are asked about where nothing else is said."""
MOST_YEARS = 3

APPROVALS = (DecisionKind.APPROVED, DecisionKind.ADJUSTED, DecisionKind.SUBSTITUTED)
"""Decisions by which a line stands."""


class PeriodIsBackwards(InvalidInput):
    """A period ends no earlier than it begins."""

    code = "observed_period_backwards"
    sentence = _("Sista dagen är före den första.")


class PeriodIsTooLong(InvalidInput):
    """Whoever asks reads the answers too."""

    code = "observed_period_too_long"
    sentence = _("Välj högst tre år i taget.")


@dataclass(frozen=True, slots=True)
class ObservedPeriod:
    """
    The days that are asked about, both ends included.

    :raises InvalidInput: it ends before it begins, or is too long.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodIsBackwards
        if self.last > add_months(self.first, 12 * MOST_YEARS):
            raise PeriodIsTooLong

    @classmethod
    def until(cls, day: date) -> "ObservedPeriod":
        """The twelve months that end on a day."""
        return cls(add_months(day, -MONTHS) + timedelta(days=1), day)

    @property
    def days(self) -> Iterable[date]:
        """Each of them."""
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    @property
    def facts(self) -> dict[str, Any]:
        """What each statement asks with."""
        return {
            "since": start_of(self.first),
            "until": start_of(self.last + timedelta(days=1)),
            "zone": settings.TIME_ZONE,
            "committed": list(COMMITTED),
            "approvals": list(APPROVALS),
        }


@dataclass(frozen=True, slots=True)
class Measure:
    """The values that one kind of question is asked by, in the order of ``parts``."""

    kind: ClassVar[ObservationKind]
    parts: ClassVar[tuple[ThresholdKind, ...]]

    values: tuple[int, ...]

    @property
    def rule(self) -> str:
        """When it is asked, in words."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One question about purchases: the lines that it is about, what they come to (SEK), and whom it names."""

    kind: ClassVar[ObservationKind]

    measure: Measure
    subject: str
    """What it is about: ids with hyphens between, and a limit in öre."""
    lines: tuple[int, ...]
    amount: Decimal
    names: tuple[str, ...]
    moments: Mapping[int, datetime] = field(default_factory=dict, hash=False)
    """When the line was approved or attested, by its id, where the moment is what is asked about."""

    @property
    def key(self) -> str:
        """What the question is found by in a period: each line is in one question of a kind and subject."""
        return f"{self.kind.value.replace('_', '-')}-{self.subject}-{self.lines[0]}"

    @cached_property
    def digest(self) -> str:
        """Which lines it is about, so that nobody answers for others than she has read of."""
        return digest_of(self.lines)

    @property
    def sentence(self) -> str:
        """What was noticed, as a sentence."""
        raise NotImplementedError

    @property
    def question(self) -> str:
        """What somebody could tell."""
        raise NotImplementedError

    @property
    def rule(self) -> str:
        """By which rule it is asked, with the values that were in force."""
        return self.measure.rule


def digest_of(lines: Iterable[int]) -> str:
    """SHA-256 of the ids of lines, in order."""
    return sha256(",".join(map(str, sorted(lines))).encode()).hexdigest()


LIMIT_IS_ALLOWED = {LimitKind.OWN}
"""What comes to exactly such a limit is within it; the others are for what is below them."""


def is_within(kind: LimitKind, amount: Decimal, limit: Decimal) -> bool:
    """Whether an amount stays under a limit."""
    return amount <= limit if kind in LIMIT_IS_ALLOWED else amount < limit
