"""Models of history."""

from history.models.comparisons import PriceBaseline, PriceComparison
from history.models.lines import PurchaseHistoryLine

__all__ = [
    "PriceBaseline",
    "PriceComparison",
    "PurchaseHistoryLine",
]
