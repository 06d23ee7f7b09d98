"""Models of history."""

from history.models.comparisons import PriceBaseline, PriceComparison
from history.models.imports import ImportFormat, ImportRefusal, PurchaseImport
from history.models.lines import PurchaseHistoryLine

__all__ = [
    "ImportFormat",
    "ImportRefusal",
    "PriceBaseline",
    "PriceComparison",
    "PurchaseHistoryLine",
    "PurchaseImport",
]
