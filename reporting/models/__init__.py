"""Models of reporting."""

from reporting.models.compared_prices import ComparedPrice, ComparedPriceKind
from reporting.models.costs import OrganisationCost
from reporting.models.delivered import DeliveredLine
from reporting.models.initiatives import (
    Baseline,
    BaselineMethod,
    InitiativeStage,
    InitiativeStatus,
    SavingInitiative,
    SavingNature,
)
from reporting.models.months import ChangedMonth, DeliveredMonth, UncountedMonth
from reporting.models.reports import FileKind, FollowUpReport, FrozenLines, ReportFile
from reporting.models.savings import Component, EffectPart, Saving, SavingsRun
from reporting.models.texts import ReportPart, ReportText

__all__ = [
    "Baseline",
    "BaselineMethod",
    "ChangedMonth",
    "ComparedPrice",
    "ComparedPriceKind",
    "Component",
    "DeliveredLine",
    "DeliveredMonth",
    "EffectPart",
    "FileKind",
    "FollowUpReport",
    "FrozenLines",
    "InitiativeStage",
    "InitiativeStatus",
    "OrganisationCost",
    "ReportFile",
    "ReportPart",
    "ReportText",
    "Saving",
    "SavingInitiative",
    "SavingNature",
    "SavingsRun",
    "UncountedMonth",
]
