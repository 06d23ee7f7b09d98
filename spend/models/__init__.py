"""Models of spend."""

from spend.models.booked import BookedCost
from spend.models.matches import SupplierMatch
from spend.models.meanings import AccountMeaning, Meaning

__all__ = [
    "AccountMeaning",
    "BookedCost",
    "Meaning",
    "SupplierMatch",
]
