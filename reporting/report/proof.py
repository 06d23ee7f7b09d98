"""What the board was last told of the figure that is to prove a recommendation of the audit met."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core import reader
from governance.models import Indicator as Proving
from organizations.models import User
from reporting.models import Direction, FollowUpReport, Indicator
from reporting.states import FINAL

FIGURES: Mapping[Proving, tuple[Indicator, ...]] = {
    Proving.FULL_YEAR_EFFECT: (Indicator.FULL_YEAR,),
    Proving.REALISED: (Indicator.REALISED, Indicator.REALISED_SHARE),
    Proving.NET_COST: (Indicator.COST, Indicator.NET),
    Proving.AGREEMENT_COVERAGE: (Indicator.COVERAGE,),
    Proving.AGREEMENT_LOYALTY: (Indicator.LOYALTY,),
    Proving.ASSORTMENT_LOYALTY: (Indicator.ASSORTMENT,),
    Proving.PRICE_INDEX: (Indicator.BASKET,),
    Proving.AGREEMENTS: (
        Indicator.AGREEMENTS_ENDING,
        Indicator.AGREEMENTS_NEAR_CEILING,
        Indicator.AGREEMENTS_LONG,
    ),
    Proving.DIRECT_AWARDS: (Indicator.AWARDS, Indicator.AWARDS_DOCUMENTED),
    Proving.LEAD_TIME: (Indicator.DECISION_MEDIAN, Indicator.DECIDED_IN_TIME),
    Proving.DUE_DILIGENCE: (Indicator.DUE_DILIGENCE,),
    Proving.SUPPLY_SECURITY: (Indicator.SUPPLY,),
    Proving.RECOMMENDATIONS: (Indicator.RECOMMENDATIONS,),
}
"""Which figures of a report each of those that prove something is made of."""

KRONOR = frozenset(
    {Indicator.FULL_YEAR, Indicator.REALISED, Indicator.COST, Indicator.NET, Indicator.AWARDS_AMOUNT}
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as a locked report has it; empty where the report says that it is missing, or that there is no target."""

    label: str
    value: str
    target: str
    is_at_most: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The figures, and the report that they stand in."""

    report: FollowUpReport
    figures: tuple[Figure, ...]


def proof_of(indicator: str, user: User) -> Proof | None:
    """What the latest locked report that she may read says of it, in one query; None while there is none."""
    if not indicator:
        return None
    locked = FollowUpReport.objects.visible_to(user).filter(stage__in=FINAL)
    report = locked.order_by("-through_date", "-version").first()
    if report is None or report.snapshot is None:
        return None
    row_by_key = {each["key"]: each for each in report.snapshot["indicators"]}
    return Proof(report, tuple(_figure(key, row_by_key[key.value]) for key in FIGURES[Proving(indicator)]))


def _figure(key: Indicator, row: Mapping[str, Mapping[str, str | None]]) -> Figure:
    target = row["target"] or {}
    return Figure(
        label=str(key.label),
        value=_written(key, row["now"]["value"]),
        target=_written(key, target.get("value")),
        is_at_most=target.get("direction") == Direction.AT_MOST,
    )


def _written(key: Indicator, value: str | None) -> str:
    """In whole kronor, else with a decimal where it has any."""
    if value is None:
        return ""
    amount = Decimal(value)
    return reader.number(amount, 0 if key in KRONOR or not amount % 1 else 1)
