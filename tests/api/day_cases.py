"""Another delivery day is wished for and declined, at both doors."""

from typing import Any

from procurement.models import DayWish, LineMessage, RequisitionLine
from procurement.operations import day_wishes
from tests import worlds
from tests.api.door_acts import DAY, LATER_DAY, PAST_DAY
from tests.api.door_worlds import sent_order
from tests.api.doors import Case
from tests.cast import NOW, TODAY, Cast

WISHES = (DayWish, LineMessage)


def coming(cast: Cast) -> RequisitionLine:
    """A line that its supplier has been asked for."""
    order = sent_order(cast)
    return RequisitionLine.objects.filter(allocations__order_line__order=order).earliest("pk")


def wished(cast: Cast) -> RequisitionLine:
    """Its requester would rather have it later."""
    line = coming(cast)
    day_wishes.wish_for_day(
        line=line, day=TODAY.replace(year=TODAY.year + 1), reason="Stängt", by=cast.requester, at=NOW
    )
    return line


def waiting(cast: Cast) -> RequisitionLine:
    """It is not decided."""
    return worlds.line(cast)


def wish_at_api(day: str, reason: str = "Stängt") -> Any:
    return lambda cast, line: (f"lines/{line.pk}/wish-for-day/", {"day": day, "reason": reason})


def wish_at_web(day: str, reason: str = "Stängt") -> Any:
    return lambda cast, line: (f"/rader/{line.pk}/annan-dag/", {"day": day, "reason": reason})


def no_at_api(cast: Cast, made: RequisitionLine) -> tuple[str, dict[str, Any]]:
    return f"lines/{made.pk}/decline-day/", {"reason": "Går inte"}


def no_at_web(cast: Cast, made: RequisitionLine) -> tuple[str, dict[str, Any]]:
    return f"/rader/{made.pk}/annan-dag/nej/", {"reason": "Går inte"}


DAYS = [
    Case("wish_for_day", coming, "requester", wish_at_api(LATER_DAY), wish_at_web(LATER_DAY), also=WISHES),
    Case("wish_for_day, anew", wished, "requester", wish_at_api(LATER_DAY), wish_at_web(LATER_DAY), also=WISHES),
    Case("wish_for_day", coming, "requester", wish_at_api(DAY), wish_at_web(DAY), "day_is_held", WISHES),
    Case(
        "wish_for_day", coming, "requester", wish_at_api(PAST_DAY), wish_at_web(PAST_DAY), "wished_day_has_passed", WISHES,
    ),
    Case(
        "wish_for_day", coming, "auditor", wish_at_api(LATER_DAY), wish_at_web(LATER_DAY), "not_your_department", WISHES,
    ),
    Case(
        "wish_for_day", waiting, "requester", wish_at_api(LATER_DAY), wish_at_web(LATER_DAY), "line_is_not_on_its_way",
        WISHES,
    ),
    Case("decline_day", wished, "manager", no_at_api, no_at_web, also=WISHES),
    Case("decline_day", coming, "manager", no_at_api, no_at_web, "no_day_is_wished", WISHES),
    Case("decline_day", wished, "auditor", no_at_api, no_at_web, "not_your_line", WISHES),
]  # fmt: skip
