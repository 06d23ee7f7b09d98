"""
How one amount of the savings register came about: the prices, how they were converted, the sum, and what it replaced.

A fixed number of queries. Everything is read from what the register and the baseline keep, so that what is told is what was
reckoned with, whatever the registers say today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from organizations.models import User
from procurement.models import ReceiptLine
from reporting.models import Baseline, Component, Saving


@dataclass(frozen=True, slots=True)
class Conversion:
    """A price of the baseline's pack turned into one of the line's, and of the item that came instead."""

    price: Decimal
    pack: Decimal
    line_pack: Decimal
    factor: Decimal
    converted: Decimal

    @property
    def is_needed(self) -> bool:
        """Whether pack or item differ."""
        return self.pack != self.line_pack or self.factor != 1


@dataclass(frozen=True, slots=True)
class Explained:
    """One row of the register, with what it was reckoned from, and the versions of it, the last one first."""

    saving: Saving
    baseline: Baseline
    conversion: Conversion
    versions: Sequence[Saving]
    others: Sequence[Saving]
    """The line's other components, of their last version."""

    @property
    def difference(self) -> Decimal:
        """What one pack was cheaper."""
        compared, against = self.saving.compared_prices
        return compared - against

    @property
    def is_withdrawn(self) -> bool:
        """Whether no baseline speaks of the line any longer, so that it counts as nothing."""
        return self.saving.calculation_version > 1 and not self.saving.amount and not self.difference

    @property
    def is_current(self) -> bool:
        """Whether no later version has taken its place."""
        return self.versions[0] == self.saving

    @property
    def whole(self) -> Decimal:
        """What the line gave in all its components."""
        whole: Decimal = sum((other.amount for other in self.others), self.saving.amount)
        return whole


def explain(saving_id: int, user: User) -> Explained:
    """
    Explain a row of the register that the person may see.

    :raises Saving.DoesNotExist: there is none.
    """
    saving = (
        Saving.objects.visible_to(user)
        .select_related(
            "item",
            "baseline__item",
            "baseline__initiative__old_agreement",
            "baseline__initiative__new_agreement",
            "baseline__confirmed_by",
            "run",
            "history_line",
            "receipt_line__receipt__received_by",
            "receipt_line__allocation__order_line__order",
        )
        .get(pk=saving_id)
    )
    of_line = Saving.objects.filter(receipt_line=saving.receipt_line, history_line=saving.history_line)
    versions = of_line.filter(component=saving.component).select_related("run", "baseline")
    return Explained(
        saving=saving,
        baseline=saving.baseline,
        conversion=_conversion(saving),
        versions=list(versions.order_by("-calculation_version")),
        others=list(of_line.exclude(component=saving.component).current()),
    )


def _conversion(saving: Saving) -> Conversion:
    baseline = saving.baseline
    is_avoided = saving.component == Component.AVOIDANCE
    price = baseline.counterfactual_price if is_avoided else baseline.unit_price
    compared, _against = saving.compared_prices
    return Conversion(
        price=compared if price is None else price,
        pack=baseline.units_per_order_unit,
        line_pack=saving.units_per_order_unit,
        factor=_factor(saving.receipt_line) if saving.item_id != baseline.item_id else Decimal(1),
        converted=compared,
    )


def _factor(line: ReceiptLine | None) -> Decimal:
    """How many of what was asked for one of what came does for."""
    return Decimal(1) if line is None or line.stands_for_factor is None else line.stands_for_factor
