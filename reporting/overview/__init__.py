"""What the savings page shows: the ladder, the table by category with what is behind it, and the other splits."""

from reporting.overview.by_category import Row, SeparateRow, Table, separate_effects, table
from reporting.overview.calendar import columns, year_links, years
from reporting.overview.measures import ladder, pace_words
from reporting.overview.parts import Part, by_administration, by_month, by_supplier

__all__ = [
    "Part",
    "Row",
    "SeparateRow",
    "Table",
    "by_administration",
    "by_month",
    "by_supplier",
    "columns",
    "ladder",
    "pace_words",
    "separate_effects",
    "table",
    "year_links",
    "years",
]
