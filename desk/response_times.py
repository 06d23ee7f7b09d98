"""Whether those who order get their answers in time: a person's decisions of the last thirty days against the response days."""

from datetime import datetime, timedelta

from django.db import models

from organizations.models import User
from procurement.models import AUTOMATIC, DecisionKind, LineDecision

LATELY = timedelta(days=30)
ANSWERS = (DecisionKind.APPROVED, DecisionKind.ADJUSTED, DecisionKind.SUBSTITUTED, DecisionKind.REJECTED)
"""Decisions that a requester waits for."""
AFTER_THE_DAY = models.Q(at__date__gt=models.F("line__response_due_date"))


def answers_of(user: User, at: datetime) -> models.QuerySet[LineDecision]:
    """What the person has decided lately that somebody waited for; what was decided by itself apart."""
    decisions = LineDecision.objects.filter(by=user, at__gt=at - LATELY, kind__in=ANSWERS)
    return decisions.exclude(rule__in=AUTOMATIC)


def late_answers_of(user: User, at: datetime) -> models.QuerySet[LineDecision]:
    """Those of them that came after the response day."""
    return answers_of(user, at).filter(AFTER_THE_DAY)
