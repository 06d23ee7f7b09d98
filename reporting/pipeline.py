"""
What is planned and under way: initiatives by where they stand, with what they are thought to give.

The weight says how likely an initiative is to give what it promises, by how far it has come. It is used here alone, and never
in a figure that is reported (DOMAIN 2.7, rule 9).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO, to_amount
from organizations.models import User
from reporting.models import Baseline, InitiativeStatus, SavingInitiative

WEIGHTS: Mapping[InitiativeStatus, Decimal] = {
    InitiativeStatus.IDEA: Decimal("0.10"),
    InitiativeStatus.ANALYSIS: Decimal("0.30"),
    InitiativeStatus.DECIDED: Decimal("0.60"),
    InitiativeStatus.CONTRACTED: Decimal("0.90"),
}
"""By status before the new prices hold; after that it is what it is."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One initiative whose prices do not hold yet, with its full-year effect: frozen, expected, or not known."""

    initiative: SavingInitiative
    status: InitiativeStatus
    amount: Decimal | None

    @property
    def weight(self) -> Decimal:
        """How likely it is."""
        return WEIGHTS[self.status]

    @property
    def weighted(self) -> Decimal | None:
        """What it is thought to give, by how likely it is."""
        return None if self.amount is None else to_amount(self.amount * self.weight)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The planned initiatives, those that have come furthest first, and their sums; what is not known is left out of them."""

    rows: tuple[Planned, ...]

    @property
    def amount(self) -> Decimal:
        """The sum of full-year effects."""
        return sum((row.amount for row in self.rows if row.amount is not None), ZERO)

    @property
    def weighted(self) -> Decimal:
        """The sum by how likely they are."""
        return sum((row.weighted for row in self.rows if row.weighted is not None), ZERO)


def pipeline(user: User, *, day: date) -> Pipeline:
    """The planned initiatives that the person may see and that do not wait for finance: two queries."""
    visible = SavingInitiative.objects.visible_to(user)
    initiatives = (
        visible.with_status(day)
        .at_status(WEIGHTS)
        .exclude(pk__in=visible.awaiting().values("pk"))
        .select_related("category")
    )
    initiative_list = list(initiatives.in_order())
    frozen = frozen_effects(initiative_list)
    rows = [
        Planned(each, InitiativeStatus(each.status), frozen.get(each.pk, each.expected_amount))
        for each in initiative_list
    ]
    return Pipeline(tuple(sorted(rows, key=lambda row: -row.weight)))


def frozen_effects(initiatives: Iterable[SavingInitiative]) -> dict[int, Decimal]:
    """The reduction of a full year by initiative, of the last version that was frozen: one query."""
    sums: dict[int, Decimal] = {}
    for baseline in Baseline.objects.latest_version().filter(initiative__in=initiatives):
        sums[baseline.initiative_id] = sums.get(baseline.initiative_id, ZERO) + baseline.effect.reduction
    return sums
