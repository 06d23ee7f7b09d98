"""Models of history."""

from history.models.comparisons import PriceComparison
from history.models.imports import ImportFormat, ImportRefusal, PurchaseImport
from history.models.lines import PurchaseHistoryLine

__all__ = ["ImportFormat", "ImportRefusal", "PriceComparison", "PurchaseHistoryLine", "PurchaseImport"]
