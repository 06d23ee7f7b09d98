"""Ask every rule once each night, and write down which do not hold, so that somebody is told before anybody asks."""

import logging
from datetime import datetime

from django.utils import timezone

from core.models import RoutineRun
from core.routines import Routine
from office.rules import breaches, rules

logger = logging.getLogger(__name__)


def check_rules(*, at: datetime) -> RoutineRun | None:
    """Ask them all, unless it was done today or it is not yet three in the morning."""
    if not RoutineRun.objects.is_due_tonight(Routine.RULES, at):
        return None
    broken = breaches(at)
    for each in broken:
        facts = {"rule": each.rule.sentence, "failure": each.failure}
        logger.error("Rule %s does not hold, or could not be asked", each.rule.number, extra=facts)
    return RoutineRun.objects.create(
        routine=Routine.RULES,
        began_at=at,
        ended_at=max(at, timezone.now()),
        counts={"rules": len(rules())},
        faults={each.rule.number: each.failure or each.rule.sentence for each in broken},
    )
