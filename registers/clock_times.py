"""A column that holds a time of the day."""

import re
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from registers.cells import Cell, text_of
from registers.kinds import PLAIN, Conventions, Kind
from registers.unreadable import NotATime

_TIME = re.compile(r"(?:kl\.? ?)?(\d{1,2})(?:[.:](\d{2}))?(?:[.:]00)?")


@dataclass(frozen=True, slots=True)
class ClockTime(Kind):
    """A time of the day, in hours and minutes."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        """Read hours and minutes: 15.00, 15:00, kl. 15."""
        if isinstance(cell, time | datetime):
            return f"{cell:%H:%M}"
        text = text_of(cell)
        if not text:
            return ""
        parts = _TIME.fullmatch(text)
        hours, minutes = (int(part or 0) for part in parts.groups()) if parts else (24, 0)
        if hours > 23 or minutes > 59:
            raise NotATime(value=text[:40])
        return f"{hours:02}:{minutes:02}"

    def current(self, path: str) -> Combinable:
        """What the register holds, as 15:00."""
        text = Func(F(path), Value("HH24:MI"), function="to_char", output_field=TextField())
        return Coalesce(text, Value("", output_field=TextField()))

    def stored(self, text: str) -> str:
        """SQL that makes a time of SQL that is plain text."""
        return f"nullif({text}, '')::time"
