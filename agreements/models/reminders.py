"""What owners of agreements have been told, and the calendars that they read from outside."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deadline(models.TextChoices):
    """A day in the life of an agreement that somebody has to act before."""

    OPTION = "option", _("Beslut om option")
    NOTICE = "notice", _("Sista dag för uppsägning")
    PRICES = "prices", _("Sista dag att begära ändrade priser")
    START = "start", _("Nästa upphandling behöver starta")
    END = "end", _("Avtalet slutar")


class AgreementReminder(models.Model):
    """That somebody who answers for an agreement was told of a deadline; a day that moves is told of again, and so is whoever takes over."""

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, db_index=False, related_name="reminders"
    )
    deadline = models.CharField(max_length=6, choices=Deadline)
    date = models.DateField()
    person = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "deadline", "date", "person"], name="agreement_reminder_once"
            ),
            models.CheckConstraint(
                condition=models.Q(deadline__in=Deadline.values), name="agreement_reminder_deadline"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.deadline} {self.date}"


class CalendarFeed(models.Model):
    """
    A person's private address of a calendar with her agreements' days.

    The address holds a key, of which only the digest is kept. She has one at a time, and takes it back by making another
    or none; it opens nothing else.
    """

    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="calendar_feeds")
    key_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(taken_back_at=None),
                name="calendar_feed_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)
