"""Models of reporting."""

from reporting.models.compared_prices import ComparedPrice, ComparedPriceKind
from reporting.models.costs import OrganisationCost
from reporting.models.delivered import DeliveredLine
from reporting.models.initiatives import (
    Baseline,
    InitiativeStage,
    InitiativeStatus,
    SavingInitiative,
)
from reporting.models.methods import BaselineMethod, SavingNature
from reporting.models.months import (
    BoughtMonth,
    ChangedMonth,
    DeliveredCategoryMonth,
    DeliveredMonth,
    LeakedMonth,
    LoyalMonth,
    ReceivedMonth,
    SavedDepartmentMonth,
    SavedInitiativeMonth,
    SavedMonth,
    UncountedMonth,
)
from reporting.models.names import FormerName, NamedKind
from reporting.models.reports import (
    ActKind,
    FileKind,
    FollowUpReport,
    FrozenLines,
    ReportAct,
    ReportEdition,
    ReportFile,
)
from reporting.models.savings import Component, EffectPart, Saving, SavingsRun
from reporting.models.targets import Direction, Indicator, IndicatorTarget
from reporting.models.templates import ReportTemplate, TemplateKind
from reporting.models.texts import LONGEST_TEXT, ReportPart, ReportText, WrittenPart, WrittenText

__all__ = [
    "LONGEST_TEXT",
    "ActKind",
    "Baseline",
    "BaselineMethod",
    "BoughtMonth",
    "ChangedMonth",
    "ComparedPrice",
    "ComparedPriceKind",
    "Component",
    "DeliveredCategoryMonth",
    "DeliveredLine",
    "DeliveredMonth",
    "Direction",
    "EffectPart",
    "FileKind",
    "FollowUpReport",
    "FormerName",
    "FrozenLines",
    "Indicator",
    "IndicatorTarget",
    "InitiativeStage",
    "InitiativeStatus",
    "LeakedMonth",
    "LoyalMonth",
    "NamedKind",
    "OrganisationCost",
    "ReceivedMonth",
    "ReportAct",
    "ReportEdition",
    "ReportFile",
    "ReportPart",
    "ReportTemplate",
    "ReportText",
    "SavedDepartmentMonth",
    "SavedInitiativeMonth",
    "SavedMonth",
    "Saving",
    "SavingInitiative",
    "SavingNature",
    "SavingsRun",
    "TemplateKind",
    "UncountedMonth",
    "WrittenPart",
    "WrittenText",
]
