"""The versions of an initiative's baselines, and what one of them is planned to give."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.money import ZERO
from reporting.models import Baseline, SavingInitiative


@dataclass(frozen=True, slots=True)
class Version:
    """
    One version of an initiative's baselines.

    It waits for finance until it is confirmed, or until a later version takes its place (``superseded_at``).
    """

    number: int
    reason: str
    frozen_at: datetime
    confirmed_at: datetime | None
    superseded_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether finance has it to confirm."""
        return self.confirmed_at is None and self.superseded_at is None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it went before anybody confirmed it: frozen again since, or no longer decided on."""
        return self.confirmed_at is None and self.superseded_at is not None


def versions_of(initiative: SavingInitiative) -> list[Version]:
    """All versions, the last one first: one query."""
    columns = ("version", "reason", "frozen_at", "confirmed_at", "superseded_at")
    rows = initiative.baselines.order_by("-version").values_list(*columns).distinct()
    return [Version(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class PlannedSums:
    """
    What baselines are planned to give, SEK: what becomes cheaper, what becomes dearer (minus), and what is avoided.

    Of a baseline that was replaced before its twelve months, the part of its own days counts.
    """

    count: int
    decrease: Decimal
    increase: Decimal
    avoidance: Decimal

    @property
    def net(self) -> Decimal:
        """The reductions less the increases; what is avoided stands apart."""
        return self.decrease + self.increase


def planned_sums(baselines: Collection[Baseline]) -> PlannedSums:
    """Sum up baselines."""
    return PlannedSums(
        count=len(baselines),
        decrease=sum((b.planned_effect for b in baselines if b.full_year_effect >= 0), ZERO),
        increase=sum((b.planned_effect for b in baselines if b.full_year_effect < 0), ZERO),
        avoidance=sum((b.planned_avoidance for b in baselines), ZERO),
    )
