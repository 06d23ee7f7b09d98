"""Ask every rule once each night, and write down which do not hold, so that somebody is told before anybody asks."""

import logging
from datetime import datetime, time

from django.utils import timezone

from core.clock import start_of
from core.models import RoutineRun
from core.routines import Routine
from office.rules import breaches, rules

logger = logging.getLogger(__name__)
NIGHT = time(3, 0)


def check_rules(*, at: datetime) -> RoutineRun | None:
    """Ask them all, unless it was done today or it is not yet three in the morning."""
    day = timezone.localdate(at)
    done = RoutineRun.objects.filter(routine=Routine.RULES, began_at__gte=start_of(day))
    if timezone.localtime(at).time() < NIGHT or done.exists():
        return None
    broken = breaches(at)
    for each in broken:
        told = {"rule": each.rule.sentence, "failure": each.failure}
        logger.error("Rule %s does not hold, or could not be asked", each.rule.number, extra=told)
    return RoutineRun.objects.create(
        routine=Routine.RULES,
        began_at=at,
        ended_at=max(at, timezone.now()),
        counts={"rules": len(rules())},
        faults={each.rule.number: each.failure or each.rule.sentence for each in broken},
    )
