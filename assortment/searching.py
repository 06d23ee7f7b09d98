"""
Which searches count: not each step of typing, and none that may hold a person's number (pure but for leaving the note).

The page of the catalogue leaves a note of each search in the broker, which costs it no write in the database. The clock
reads the notes: of those that one person left within seconds of each other and that go on from each other, only the last
is a search; it counts when it found nothing, or only what is spelled alike.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assortment.models.searches import LONGEST_TEXT
from core.queues import push

NAME = "searches"
STILL_TYPING = timedelta(seconds=20)
LEAST_LENGTH = 3
PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+ ]?\d{4}(?!\d)")
"""Ten or twelve digits as a Swedish personal identity number is written. What may be one is not kept."""


@dataclass(frozen=True, slots=True)
class Note:
    """One search as the page saw it; a department is there when the person orders for one."""

    at: datetime
    person_id: int
    department_id: int | None
    text: str
    is_found: bool
    is_similar: bool


def leave_note(note: Note) -> None:
    """Let the clock know of a search."""
    push(
        NAME,
        [
            note.at.timestamp(),
            note.person_id,
            note.department_id,
            note.text,
            int(note.is_found),
            int(note.is_similar),
        ],
    )


def read_notes(notes: Sequence[Sequence[object]]) -> list[Note]:
    """The notes as they were left."""
    return [
        Note(
            datetime.fromtimestamp(float(str(at)), UTC),
            int(str(person)),
            None if department is None else int(str(department)),
            str(text),
            bool(is_found),
            bool(is_similar),
        )
        for at, person, department, text, is_found, is_similar in notes
    ]


def normalized(text: str) -> str:
    """The words as they are told apart: lower case, single spaces."""
    return " ".join(text.lower().split())[:LONGEST_TEXT]


def finished_searches(notes: Sequence[Note], *, at: datetime) -> tuple[list[Note], int]:
    """
    The searches that found nothing among those that nobody is typing on any more, and how many notes that was.

    :param notes: in the order of their coming.
    """
    count = sum(1 for note in notes if note.at <= at - STILL_TYPING)
    following: dict[int, Note] = {}
    misses = []
    for place in range(len(notes) - 1, -1, -1):
        note = notes[place]
        later = following.get(note.person_id)
        following[note.person_id] = note
        if place < count and _counts(note) and not (later and _is_continuation(note, later)):
            misses.append(note)
    return misses[::-1], count


def _counts(note: Note) -> bool:
    text = normalized(note.text)
    is_missed = not note.is_found or note.is_similar
    return is_missed and len(text) >= LEAST_LENGTH and not PERSONAL_NUMBER.search(text)


def _is_continuation(note: Note, later: Note) -> bool:
    """Whether the later one is the same search, typed further or partly taken back."""
    before, after = normalized(note.text), normalized(later.text)
    return later.at - note.at <= STILL_TYPING and (after.startswith(before) or before.startswith(after))
