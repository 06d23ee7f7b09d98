"""Models of agreements."""

from agreements.models.agreements import (
    Agreement,
    CallOffMethod,
    ConductLevel,
    PriceClause,
    Procedure,
    ProcurementLaw,
)
from agreements.models.commitments import Commitment
from agreements.models.documents import AgreementDocument
from agreements.models.former_periods import FormerPeriod
from agreements.models.indices import IndexClause, IndexSeries, IndexValue
from agreements.models.options import AgreementOption
from agreements.models.parties import AgreementAdministration, AgreementSupplier
from agreements.models.reminders import AgreementReminder, CalendarFeed, Deadline
from agreements.models.suppliers import CodeOfConduct, OrderChannel, Supplier
from agreements.models.thresholds import AMOUNTS, Threshold, ThresholdKind

__all__ = [
    "AMOUNTS",
    "Agreement",
    "AgreementAdministration",
    "AgreementDocument",
    "AgreementOption",
    "AgreementReminder",
    "AgreementSupplier",
    "CalendarFeed",
    "CallOffMethod",
    "CodeOfConduct",
    "Commitment",
    "ConductLevel",
    "Deadline",
    "FormerPeriod",
    "IndexClause",
    "IndexSeries",
    "IndexValue",
    "OrderChannel",
    "PriceClause",
    "Procedure",
    "ProcurementLaw",
    "Supplier",
    "Threshold",
    "ThresholdKind",
]
