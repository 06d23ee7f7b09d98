"""The head of the chain goes by mail once a day, and when mail is away it is told and tried again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from audit import heads
from audit.models import Seal
from audit.operations import letters
from core.models import RoutineRun
from tests.audit.trail import sealed
from tests.cast import NOW

HOUR = timedelta(hours=1)
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.mark.django_db
def test_head_is_mailed_once_a_day(settings: Settings) -> None:
    sealed(2, 1)
    assert not letters.send_head(at=NOW)  # nobody is named
    settings.TRAIL_HEADS_MAIL = ["revision@example.se"]
    now = timezone.now()
    hours = [letters.send_head(at=now + hour * HOUR) for hour in (0, 1, 12, 22, 24)]
    assert hours == [True, False, False, False, True]
    assert heads.line(Seal.objects.get(number=2)) in mail.outbox[0].body
    assert [letter.to for letter in mail.outbox] == [["revision@example.se"]] * 2


@pytest.mark.django_db
def test_letter_that_finds_no_server_is_told_and_tried_again(settings: Settings) -> None:
    sealed(1)
    settings.TRAIL_HEADS_MAIL = ["revision@example.se"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    assert not letters.send_head(at=NOW)
    run = RoutineRun.objects.get()
    assert run.faults == {"letter": "away"}
    assert heads.are_missed(run.ended_at + HOUR)
    settings.EMAIL_BACKEND = LOCMEM
    assert letters.send_head(at=NOW + HOUR)
    assert len(mail.outbox) == 1
