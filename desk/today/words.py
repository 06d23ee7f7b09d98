"""Words that several parts of the page share."""

from datetime import date

from core import formatting, reader


def month_name(day: date) -> str:
    """Name a day's month without its year: "oktober"."""
    return reader.month(day).split(formatting.NBSP)[0]
