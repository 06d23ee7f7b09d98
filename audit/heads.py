"""
The heads of the chain, kept outside the database.

Whoever owns the database can write the whole chain anew. So each seal's number and digest is also added to a file, which
the log tells too, and once a day the last one is mailed to those who are named. Against these the chain is held.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from audit.models import Seal
from audit.models.seals import moment
from core.models import RoutineRun
from core.routines import Routine

LINE = re.compile(r"^(?P<at>\S+) (?P<number>\d{1,18}) (?P<digest>[0-9a-f]{64})$")
TAIL_BYTES = 4096
AT_ONCE = 1000
NOTED_EACH = timedelta(hours=1)
"""How often it is noted that a head is told nowhere outside the database."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was told of one seal."""

    number: int
    digest: str


def keep() -> None:
    """Add the seals that the file lacks; one that another process adds meanwhile may stand there twice."""
    path = Path(settings.TRAIL_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True)
    lacking = Seal.objects.filter(number__gt=_last_number(path)).defer("digests", "ids").order_by("number")
    seals = lacking.iterator(AT_ONCE)
    while lines := "".join(f"{line(seal)}\n" for seal in islice(seals, AT_ONCE)):
        _add(path, lines.encode("ascii"))


def is_lost() -> bool:
    """Whether there is no file although seals were made: what is written anew only repeats the database."""
    return not Path(settings.TRAIL_HEADS).exists() and Seal.objects.exists()


def are_missed(at: datetime) -> bool:
    """Whether the file was lost or could not be written, or the letter not be sent, within the last hours."""
    runs = RoutineRun.objects.filter(routine=Routine.TRAIL_HEAD, ended_at__gt=at - 2 * NOTED_EACH)
    return runs.exclude(faults={}).exists()


def heads_in_file() -> list[Head]:
    """
    What the file of the settings tells, nothing where there is none yet.

    :raises ValueError: a line that no head could be.
    """
    path = Path(settings.TRAIL_HEADS)
    return list(read(path)) if path.exists() else []


def read(path: Path) -> Iterator[Head]:
    """
    Read what a file of heads tells.

    :raises ValueError: a line that no head could be.
    """
    with path.open(encoding="ascii", errors="strict") as file:
        for place, line in enumerate(file, 1):
            match = LINE.match(line.rstrip("\n"))
            if not match:
                raise ValueError(f"{path.name}, line {place}: not a head of the trail")
            yield Head(int(match["number"]), match["digest"])


def line(seal: Seal) -> str:
    """Write a seal's head."""
    return f"{moment(seal.sealed_at)} {seal.number} {seal.digest}"


def _last_number(path: Path) -> int:
    """The number of the last whole line; the beginning of one that a crash cut off is taken away."""
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
        whole = tail[: tail.rfind(b"\n") + 1]
        file.truncate(size - len(tail) + len(whole))
    match = LINE.match(whole.decode("ascii", errors="replace").rpartition("\n")[0].rpartition("\n")[2])
    return int(match["number"]) if match else 0


def _add(path: Path, lines: bytes) -> None:
    """Write them at once, so that what another process adds does not come in the midst of a line."""
    with path.open("ab", buffering=len(lines) + 1) as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
