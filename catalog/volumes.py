"""What was bought of an item in a year: what a new price of it is reckoned by (pure)."""

from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO


@dataclass(frozen=True, slots=True)
class Volume:
    """Base units, and by how many departments."""

    base_units: Decimal = ZERO
    departments: int = 0
