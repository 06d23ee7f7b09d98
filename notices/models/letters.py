"""E-mails that carry notices to one person."""

from datetime import datetime
from typing import Self

from django.db import models

from core.errors import localized
from notices.states import LetterStatus


class LetterQuerySet(models.QuerySet["Letter"]):
    """Questions about letters."""

    def due(self, at: datetime) -> Self:
        """To be sent now; one that somebody is sending is due again when her lease is over."""
        return self.filter(status=LetterStatus.READY, next_attempt_at__lte=at)

    def not_sent(self) -> Self:
        """Given up, until somebody asks for another try; latest first."""
        return self.filter(status=LetterStatus.NOT_SENT).order_by("-made_at", "-pk")


class Letter(models.Model):
    """
    One e-mail to one person, with the notices that were due when it was made.

    A claim is ``is_under_way`` with ``next_attempt_at`` at the end of its lease: if whoever sends it dies, it is due again
    then, and counts as one that may have left.
    """

    recipient = models.ForeignKey("organizations.User", on_delete=models.CASCADE, related_name="letters")
    status = models.CharField(max_length=10, choices=LetterStatus, default=LetterStatus.READY)
    made_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    """When it is too old to be sent."""
    attempts = models.PositiveIntegerField(default=0)
    uncertain_attempts = models.PositiveIntegerField(default=0)
    """Attempts after which it may have arrived."""
    is_under_way = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    """Why the last attempt failed, as it is stored; empty when it is sent."""
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=LetterStatus.values), name="letter_status"),
            models.CheckConstraint(
                condition=models.Q(status=LetterStatus.SENT, sent_at__isnull=False)
                | ~models.Q(status=LetterStatus.SENT) & models.Q(sent_at__isnull=True),
                name="letter_sent_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(is_under_way=False) | models.Q(status=LetterStatus.READY),
                name="letter_under_way_is_ready",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(status="ready"), name="letter_due"),
            models.Index(fields=["made_at"], condition=models.Q(status="not_sent"), name="letter_not_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"

    @property
    def error_sentence(self) -> str:
        """Why the last attempt failed, in the reader's language."""
        return localized(self.error)
