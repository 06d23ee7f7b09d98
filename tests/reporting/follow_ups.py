"""Follow-up reports to start a test from: example B's deliveries of 2020, one price that rose, and a cost."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from reporting.models import FollowUpReport, OrganisationCost
from reporting.operations import reports
from tests.cast import NOW, Cast
from tests.reporting import initiatives

TITLE = "Återrapport om inköpsorganisationens arbete och resultat"
THROUGH = date(2020, 12, 31)


def year_2020(cast: Cast) -> None:
    """Example B (7 800.00 realised, 27 040.00 on a full year), gowns that became dearer, and what it cost."""
    initiatives.delivered(cast, date(2020, 3, 2), "100", "140.00", item=cast.gown)
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 10, 1), "10", "149.00", item=cast.gown)
    initiatives.delivered(cast, date(2020, 11, 1), "2", "3480.00", item=cast.chair)
    initiatives.computed()
    OrganisationCost.objects.create(
        during=DateRange(date(2018, 11, 1), date(2021, 1, 1)), persons=Decimal(4), amount=Decimal("5500000")
    )


def requested(cast: Cast, **other: Any) -> FollowUpReport:
    """A report on 2020 that the head of procurement has asked for."""
    wanted: dict[str, Any] = {
        "year": 2020,
        "through_date": THROUGH,
        "title": TITLE,
        "by": cast.head,
        "at": NOW,
    }
    return reports.request_report(**(wanted | other))


def built(cast: Cast, **other: Any) -> FollowUpReport:
    """A report that is done."""
    year_2020(cast)
    return reports.build_report(report=requested(cast, **other), at=NOW)
