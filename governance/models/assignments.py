"""What the board has asked for, and of what has been reminded."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.states import move
from governance.models.diary import is_diary_number
from governance.states import ASSIGNMENT_TRANSITIONS, AssignmentStatus
from organizations.permissions import roles_on

if TYPE_CHECKING:
    from organizations.models import User


class BoardAssignmentQuerySet(models.QuerySet["BoardAssignment"]):
    """Questions about assignments."""

    def visible_to(self, user: "User", day: date) -> Self:
        """All for who sees the region; for others those that they answer for."""
        return self if roles_on(user, day).sees_region else self.filter(responsible=user)

    def open(self) -> Self:
        """Not reported yet."""
        return self.filter(status=AssignmentStatus.OPEN)

    def as_of(self, day: date) -> Self:
        """Those that had been given on a day, each with ``status_then``: the state that it had when that day ended."""
        return self.filter(meeting_date__lte=day).annotate(
            status_then=models.Case(
                models.When(closed_date__lte=day, then=models.Value(AssignmentStatus.CLOSED.value)),
                models.When(reported_date__lte=day, then=models.Value(AssignmentStatus.REPORTED.value)),
                default=models.Value(AssignmentStatus.OPEN.value),
                output_field=models.CharField(),
            )
        )

    def in_order(self) -> Self:
        """What is due first, first."""
        return self.order_by("due_date", "pk")

    def for_display(self) -> Self:
        """With the people."""
        return self.select_related("responsible", "reported_by", "closed_by")

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class BoardAssignment(models.Model):
    """
    What the board has asked for (uppdrag), by a paragraph of its minutes, to be answered at a meeting.

    The report that answers it is known by its diary number.
    """

    paragraph = models.CharField(max_length=20)
    body = models.CharField(max_length=120)
    """Which board or committee, such as regionstyrelsen."""
    meeting_date = models.DateField()
    diary_number = models.CharField(max_length=30)
    text = models.TextField()
    due_date = models.DateField()
    responsible = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="board_assignments"
    )
    status = models.CharField(max_length=8, choices=AssignmentStatus, default=AssignmentStatus.OPEN)
    report_diary_number = models.CharField(max_length=30, blank=True)
    reported_date = models.DateField(null=True, blank=True)
    reported_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_date = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closing_paragraph = models.CharField(max_length=20, blank=True)
    """Of the minutes where the board found it answered."""

    status_then: str
    """How it stood on the day that ``as_of`` was asked about."""

    objects = BoardAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting_date", "paragraph", "diary_number"], name="board_assignment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=AssignmentStatus.values), name="board_assignment_status"
            ),
            models.CheckConstraint(
                condition=models.Q(paragraph__regex=r"^§ [1-9][0-9]{0,4}$"),
                name="board_assignment_paragraph_form",
            ),
            models.CheckConstraint(
                condition=is_diary_number("diary_number") & ~models.Q(diary_number=""),
                name="board_assignment_diary_number_form",
            ),
            models.CheckConstraint(
                condition=models.Q(due_date__gt=models.F("meeting_date")),
                name="board_assignment_due_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status="open", reported_date=None, reported_by=None, report_diary_number=""
                )
                | (
                    models.Q(
                        status__in=["reported", "closed"],
                        reported_date__gte=models.F("meeting_date"),
                        reported_by__isnull=False,
                    )
                    & is_diary_number("report_diary_number")
                    & ~models.Q(report_diary_number="")
                ),
                name="board_assignment_reported_in_full",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status="closed",
                    closed_date__gte=models.F("reported_date"),
                    closed_by__isnull=False,
                )
                | (
                    ~models.Q(status="closed")
                    & models.Q(closed_date=None, closed_by=None, closing_paragraph="")
                ),
                name="board_assignment_closed_in_full",
            ),
        ]
        indexes = [
            models.Index(fields=["due_date"], condition=models.Q(status="open"), name="board_assignment_open")
        ]

    def __str__(self) -> str:
        return f"{self.paragraph}, {self.meeting_date.isoformat()}"

    def report(self, *, diary_number: str, day: date, by: "User") -> None:
        """Say by which report it is answered. Used inside an operation."""
        move(self, to=AssignmentStatus.REPORTED, transitions=ASSIGNMENT_TRANSITIONS)
        self.report_diary_number, self.reported_date, self.reported_by = diary_number, day, by
        self.save()

    def close(self, *, paragraph: str, day: date, by: "User") -> None:
        """Say that the board found it answered. Used inside an operation."""
        move(self, to=AssignmentStatus.CLOSED, transitions=ASSIGNMENT_TRANSITIONS)
        self.closing_paragraph, self.closed_date, self.closed_by = paragraph, day, by
        self.save()


class Reminder(models.TextChoices):
    """When whoever answers for an assignment is reminded of it."""

    SIXTY_DAYS = "60", _("60 dagar före")
    THIRTY_DAYS = "30", _("30 dagar före")
    SEVEN_DAYS = "7", _("7 dagar före")
    PASSED = "passed", _("När dagen har passerat")


class AssignmentReminder(models.Model):
    """That whoever answered for an assignment then was reminded, once for each meeting that it is due at. Never changed."""

    assignment = models.ForeignKey(
        BoardAssignment, on_delete=models.PROTECT, db_index=False, related_name="reminders"
    )
    reminder = models.CharField(max_length=6, choices=Reminder)
    due_date = models.DateField()
    responsible = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "reminder", "due_date", "responsible"], name="assignment_reminder_once"
            ),
            models.CheckConstraint(
                condition=models.Q(reminder__in=Reminder.values), name="assignment_reminder_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.reminder} {self.due_date.isoformat()}"
