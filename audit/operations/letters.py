"""Mail the head of the chain to those who are to keep it, so that it stands where nobody who has the machine can write."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit import heads
from audit.models import Seal
from core.delivery import deliver
from core.models import RoutineRun
from core.routines import Routine

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=23)
"""Less than a day, since the clock asks each hour."""


def send_head(*, at: datetime) -> bool:
    """
    Mail the last seal's number and digest, unless it is less than a day since it was done or nobody is named.

    A letter that may have left is not sent again the same day: the next one says more.
    """
    if not settings.TRAIL_HEADS_MAIL:
        return False
    last_sent_at = RoutineRun.objects.last_success(Routine.TRAIL_HEAD)
    seal = Seal.objects.defer("digests", "ids").order_by("-number").first()
    if seal is None or (last_sent_at and at - last_sent_at < EVERY):
        return False
    failure = deliver(_head_message(seal, at))
    if failure:
        logger.error("The letter with the trail's head was not sent: %s", failure.reason)
    RoutineRun.objects.create(
        routine=Routine.TRAIL_HEAD,
        began_at=at,
        ended_at=max(at, timezone.now()),
        counts={"seal": seal.number},
        faults={"letter": failure.outcome} if failure and not failure.may_have_left else {},
    )
    return failure is None


def _head_message(seal: Seal, at: datetime) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        return EmailMessage(
            subject=_("Spårloggens försegling %(number)d") % {"number": seal.number},
            body="\n\n".join(
                (
                    _(
                        "Spara brevet. Med det kan spårloggen prövas mot förseglingen, vem som än äger databasen."
                    ),
                    heads.line(seal),
                )
            )
            + "\n",
            to=list(settings.TRAIL_HEADS_MAIL),
            headers={"Message-ID": f"<trail-head-{seal.number}-{at:%Y%m%d}@rauk>"},
        )
