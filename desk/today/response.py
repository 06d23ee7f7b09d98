"""Whether those who order get their answers in time, in numbers that open to their decisions."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from core.money import percent_of
from desk.response_times import AFTER_THE_DAY, answers_of
from desk.today.tasks import Question, sum_of
from organizations.models import User


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """How many were answered, and how many of them after the day."""

    count: int
    late: int

    @property
    def in_time(self) -> Decimal:
        """How many per cent came in time."""
        return percent_of(Decimal(self.count - self.late), Decimal(self.count))


def response_question(user: User, at: datetime) -> Question:
    """How many she has answered lately, and how many late; nothing when none."""
    rows = sum_of(
        answers_of(user, at), count=models.Count("pk"), late=models.Count("pk", filter=AFTER_THE_DAY)
    )
    return Question(rows, _told)


def _told(rows: list[dict[str, Any]]) -> list[ResponseTimes]:
    return [ResponseTimes(each["count"], each["late"]) for each in rows]
