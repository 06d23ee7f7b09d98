"""Hold the trail against its seals once each night, so that whoever has changed it is found before anybody asks."""

import logging
from collections import Counter
from datetime import datetime

from django.utils import timezone

from audit import heads, verification
from audit.verification import FindingKind
from core.models import RoutineRun
from core.routines import Routine

logger = logging.getLogger(__name__)


def verify_trail(*, at: datetime) -> RoutineRun | None:
    """
    Compute every seal anew and hold it against the file of heads, unless it was done tonight or it is not yet night.

    A file that cannot be read is a fault of its own, and the seals are held against each other.
    """
    if not RoutineRun.objects.is_due_tonight(Routine.TRAIL, at):
        return None
    faults: dict[str, str | int] = {}
    try:
        recorded_heads = heads.heads_in_file()
    except (OSError, ValueError) as error:
        faults["heads"], recorded_heads = str(error), []
    verified = verification.verify_trail(recorded_heads, are_all=True)
    faults |= Counter(str(finding.kind) for finding in verified.findings)
    for kind, fault in faults.items():
        sentence = FindingKind(kind).label if kind in FindingKind.values else "The heads cannot be read"
        logger.error("The trail is not as it was sealed", extra={"finding": sentence, "told": fault})
    return RoutineRun.objects.create(
        routine=Routine.TRAIL,
        began_at=at,
        ended_at=max(at, timezone.now()),
        counts={"seals": verified.seals, "entries": verified.entries, "heads": verified.heads},
        faults=faults,
    )
