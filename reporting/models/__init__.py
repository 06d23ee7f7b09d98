"""Models of reporting."""

from reporting.models.costs import OrganisationCost
from reporting.models.delivered import DeliveredLine
from reporting.models.months import ChangedMonth, DeliveredMonth, UncountedMonth
from reporting.models.reports import FileKind, FollowUpReport, FrozenLines, ReportFile
from reporting.models.savings import Baseline, BaselineMethod, Component, Saving, SavingInitiative, SavingsRun
from reporting.models.texts import ReportPart, ReportText

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
    "ReportPart",
    "ReportText",
    "Saving",
    "SavingInitiative",
    "SavingsRun",
    "UncountedMonth",
]
