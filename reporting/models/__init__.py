"""Models of reporting."""

from reporting.models.costs import OrganisationCost
from reporting.models.delivered import DeliveredLine
from reporting.models.months import ChangedMonth, DeliveredMonth, UncountedMonth
from reporting.models.reports import FileKind, FollowUpReport, FrozenLines, ReportFile
from reporting.models.savings import Baseline, BaselineMethod, Component, Saving, SavingInitiative, SavingsRun

__all__ = [
    "Baseline",
    "BaselineMethod",
    "ChangedMonth",
    "Component",
    "DeliveredLine",
    "DeliveredMonth",
    "FileKind",
    "FollowUpReport",
    "FrozenLines",
    "OrganisationCost",
    "ReportFile",
    "Saving",
    "SavingInitiative",
    "SavingsRun",
    "UncountedMonth",
]
