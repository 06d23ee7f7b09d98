"""The daily cleaning: everything that is forgotten is forgotten here, and how much of it is written down."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from assortment.operations import searches as assortment
from core.models import RoutineRun
from core.routines import Routine
from notices.operations import forgetting as notices
from organizations.operations import cleaning as organizations
from organizations.operations import guessing
from provisioning.operations import messages as provisioning
from registers.operations import cleaning as registers
from registers.operations import lists

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=23)
"""Less than a day, since the clock asks each hour."""

Act = Callable[..., int]
ACTS: Mapping[str, Act] = {
    "sessions": organizations.forget_ended_sessions,
    "sign_in_attempts": guessing.forget_old_attempts,
    "api_keys": organizations.forget_ended_keys,
    "directory_messages": provisioning.forget_old_messages,
    "notices": notices.forget_old,
    "seekers": assortment.forget_seekers,
    "searches": assortment.forget_searches,
    "import_files": registers.forget_old_files,
    "register_lists": lists.forget_old_lists,
    "import_differences": registers.forget_old_differences,
}


def is_due(at: datetime) -> bool:
    """Whether it is a day since it was done without a fault; a clock that was away is no hindrance."""
    last = RoutineRun.objects.last_success(Routine.CLEANING)
    return last is None or at - last >= EVERY


def clean(*, at: datetime, acts: Mapping[str, Act] = ACTS) -> RoutineRun:
    """Do each act in a transaction of its own, so that one that fails stops no other, and write down how it went."""
    counts, faults = {}, {}
    for name, act in acts.items():
        try:
            counts[name] = act(at=at)
        except Exception as error:  # whatever it is, it is written down, and the others are done
            logger.exception("Cleaning of %s failed", name)
            faults[name] = type(error).__name__
    return RoutineRun.objects.create(
        routine=Routine.CLEANING, began_at=at, ended_at=max(at, timezone.now()), counts=counts, faults=faults
    )
