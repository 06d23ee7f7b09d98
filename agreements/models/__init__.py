"""Models of agreements."""

from agreements.models.agreements import Agreement, CallOffMethod, PriceClause, Procedure
from agreements.models.commitments import Commitment
from agreements.models.suppliers import CodeOfConduct, Supplier
from agreements.models.thresholds import Threshold, ThresholdKind

__all__ = [
    "Agreement",
    "CallOffMethod",
    "CodeOfConduct",
    "Commitment",
    "PriceClause",
    "Procedure",
    "Supplier",
    "Threshold",
    "ThresholdKind",
]
