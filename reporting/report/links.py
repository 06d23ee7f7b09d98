"""Where a figure of a report can be opened: delivered lines behind what is realised, baselines behind a plan."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from core.addresses import place


def saving_lines(
    *,
    year: int,
    through: date,
    category: str = "",
    initiative: str = "",
    increases: bool | None = None,
    part: str = "",
) -> str:
    """Address of the register's lines of a year through a day, narrowed by category, initiative, direction or part."""
    filters = {
        "ar": str(year),
        "till": through.isoformat(),
        "kategori": category,
        "initiativ": initiative,
        "del": part,
    }
    if increases is not None:
        filters["okning"] = "1" if increases else "0"
    return f"{reverse('reporting:saving_lines')}?{urlencode({name: value for name, value in filters.items() if value})}"


def plan(*, year: int, through: date, category: str = "") -> str:
    """Address of the plan of a year by initiative, of one category when it is named."""
    filters = {"ar": str(year), "till": through.isoformat(), "kategori": category}
    return f"{reverse('reporting:savings')}?{urlencode({name: value for name, value in filters.items() if value})}"


def initiative_plan(pk: int) -> str:
    """Address of the baselines of one initiative."""
    return reverse("reporting:initiative", args=[pk])


def uncounted_lines(*, year: int, through: date) -> str:
    """Address of the delivered lines that no confirmed baseline speaks of."""
    return (
        f"{reverse('reporting:uncounted_lines')}?{urlencode({'ar': str(year), 'till': through.isoformat()})}"
    )


def agreements() -> str:
    """Address of the agreement register."""
    return place("agreements")
