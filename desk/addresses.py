"""
The address of the queue: which lines it shows, what they are gathered by, and since when their order stands still.

Everything that is done in the queue carries the address along, so that the person comes back to where she was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from core.numbers import whole_number
from desk.queue import Filter, Grouping

SECONDS_LENGTH = 10
"""Digits of a moment in seconds since 1970, until the year 2286."""
LONGEST_ADDRESS = 200
MOST_AT_ONCE = 500
AT_THE_END = "slutet"


@dataclass(frozen=True, slots=True)
class QueueAddress:
    """How the queue is shown; what is no filter, grouping or moment is left out when it is read."""

    chosen: Filter = Filter.ALL
    grouping: Grouping = Grouping.ARTICLE
    since: datetime | None = None
    whose: int | None = None
    """Who answers for the lines, where the head of procurement looks at somebody else's."""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """Read it from the fields of a request's address."""
        chosen, grouping = fields.get("visa", ""), fields.get("grupp", "")
        return cls(
            Filter(chosen) if chosen in Filter.values else Filter.ALL,
            Grouping(grouping) if grouping in Grouping.values else Grouping.ARTICLE,
            begun_at(fields.get("sedan", "")),
            whole_number(fields.get("vems", "")),
        )

    @classmethod
    def written(cls, query: str) -> Self:
        """Read it from a query string that a form carried along."""
        return cls.of(dict(parse_qsl(query[:LONGEST_ADDRESS])))

    @property
    def query(self) -> str:
        """Its query string; what is as usual is not said."""
        parts = {}
        if self.whose is not None:
            parts["vems"] = str(self.whose)
        if self.chosen != Filter.ALL:
            parts["visa"] = self.chosen.value
        if self.grouping != Grouping.ARTICLE:
            parts["grupp"] = self.grouping.value
        if self.since is not None:
            parts["sedan"] = str(int(self.since.timestamp()))
        return urlencode(parts)

    @property
    def url(self) -> str:
        """Where the queue is shown so."""
        return reverse("desk:queue") + (f"?{self.query}" if self.query else "")

    def at_line(self, line_id: int | None) -> str:
        """The same with that line at hand."""
        if line_id is None:
            return self.url
        return f"{self.url}{'&' if self.query else '?'}nasta={line_id}"


def begun_at(value: str) -> datetime | None:
    """Read the moment from which the order of the queue stands still, seconds in the address; None for anything else."""
    seconds = whole_number(value) if len(value) == SECONDS_LENGTH else None
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)


def chosen_ids(values: Iterable[str]) -> list[int]:
    """Read line ids from a form, each value one id or several with commas; what is no id is left out."""
    ids = (whole_number(part) for value in values for part in value.split(","))
    return list(dict.fromkeys(pk for pk in ids if pk is not None))[:MOST_AT_ONCE]


@dataclass(frozen=True, slots=True)
class NextLine:
    """What stands after lines that are done with, in the order that the page showed."""

    line: int | None
    """The line to go on with."""
    before: str
    """Before which line the note about them stands: an id, or the end of the list."""


def next_after(order: str, done_ids: Iterable[int]) -> NextLine:
    """Find the line after those that are done with, so that the person goes on from where she is; after the last, the first."""
    ids, done_set = chosen_ids([order]), set(done_ids)
    last = max((ids.index(pk) for pk in done_set if pk in ids), default=-1)
    after = [pk for pk in ids[last + 1 :] if pk not in done_set]
    rest = after + [pk for pk in ids[: last + 1] if pk not in done_set]
    return NextLine(rest[0] if rest else None, str(after[0]) if after else AT_THE_END)
