"""Where a figure of a report can be opened: addresses of the lines behind it."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse


def saving_lines(
    *, year: int, through: date, category: str = "", initiative: str = "", increases: bool | None = None
) -> str:
    """Address of the register's lines of a year through a day, narrowed by category, initiative or direction."""
    filters = {"ar": str(year), "till": through.isoformat(), "kategori": category, "initiativ": initiative}
    if increases is not None:
        filters["okning"] = "1" if increases else "0"
    return f"{reverse('reporting:saving_lines')}?{urlencode({name: value for name, value in filters.items() if value})}"
