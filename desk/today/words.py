"""Words that several parts of the page share."""

from datetime import date

from core import formatting
from core.languages import current_language


def month_name(day: date) -> str:
    """Name a day's month without its year: "oktober"."""
    return formatting.month(day, language=current_language()).split(formatting.NBSP)[0]
