"""The guideline for purchasing in its versions, and their paragraphs."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from core.keys import content_hash
from core.states import move
from governance.models.diary import is_diary_number
from governance.states import GUIDELINE_TRANSITIONS, GuidelineStatus
from organizations.permissions import roles_on

if TYPE_CHECKING:
    from organizations.models import User

PARAGRAPH_NUMBER = r"^[1-9][0-9]?(\.[1-9][0-9]?){0,2}$"


class GuidelineQuerySet(models.QuerySet["Guideline"]):
    """Questions about the guideline's versions."""

    def visible_to(self, user: "User", day: date) -> Self:
        """What is adopted is everybody's; a draft is the head of procurement's."""
        return self if roles_on(user, day).is_head else self.adopted()

    def adopted(self) -> Self:
        """Adopted, whether or not in force yet or still."""
        return self.filter(status=GuidelineStatus.ADOPTED)

    def drafts(self) -> Self:
        """Being written; there is one at the most."""
        return self.filter(status=GuidelineStatus.DRAFT)

    def in_force(self, day: date) -> Self:
        """The version that holds that day; there is one at the most."""
        return self.adopted().filter(valid_during__contains=day)

    def latest_first(self) -> Self:
        """The newest version on top."""
        return self.order_by("-number")

    def with_paragraphs(self) -> Self:
        """With ``paragraphs``."""
        return self.prefetch_related("paragraphs")

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


def _no_days() -> DateRange:
    """The days of a draft."""
    return DateRange(empty=True)


class Guideline(models.Model):
    """
    A version of the guideline for purchasing (riktlinje).

    Written by the head of procurement and adopted by somebody else, who is named as the decision names her. From then on a
    trigger freezes it and its paragraphs; only its last day is set, by the version that follows.
    """

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120)
    status = models.CharField(max_length=7, choices=GuidelineStatus, default=GuidelineStatus.DRAFT)
    adopted_by = models.CharField(max_length=120, blank=True)
    adopted_date = models.DateField(null=True, blank=True)
    diary_number = models.CharField(max_length=30, blank=True)
    valid_during = DateRangeField(default=_no_days)
    recorded_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Who wrote down that it was adopted."""

    objects = GuidelineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=GuidelineStatus.values), name="guideline_status"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status=GuidelineStatus.DRAFT,
                    adopted_by="",
                    adopted_date=None,
                    diary_number="",
                    valid_during__isempty=True,
                    recorded_by=None,
                )
                | (
                    models.Q(
                        status=GuidelineStatus.ADOPTED,
                        adopted_date__isnull=False,
                        valid_during__isempty=False,
                        recorded_by__isnull=False,
                    )
                    & ~models.Q(adopted_by="")
                    & ~models.Q(diary_number="")
                ),
                name="guideline_adopted_in_full",
            ),
            models.CheckConstraint(
                condition=is_diary_number("diary_number"), name="guideline_diary_number_form"
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status=GuidelineStatus.DRAFT),
                name="guideline_one_draft",
            ),
            ExclusionConstraint(
                name="guideline_one_in_force",
                expressions=[("valid_during", RangeOperators.OVERLAPS)],
                condition=models.Q(status=GuidelineStatus.ADOPTED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether it is being written."""
        return self.status == GuidelineStatus.DRAFT

    @property
    def first_date(self) -> date:
        """
        The day from which it holds.

        :raises ValueError: it is a draft.
        """
        if self.valid_during.lower is None:
            raise ValueError("a draft has no first day")
        return self.valid_during.lower

    @property
    def end_date(self) -> date | None:
        """The day from which it holds no longer."""
        return self.valid_during.upper

    @property
    def last_date(self) -> date | None:
        """Its last day; none while it holds until further notice."""
        return self.end_date - timedelta(days=1) if self.end_date else None

    def is_in_force_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return day in self.valid_during

    def ordered_paragraphs(self) -> "list[Paragraph]":
        """Its paragraphs in the order of their numbers."""
        return sorted(self.paragraphs.all(), key=lambda paragraph: paragraph.place)

    def adopt(
        self, *, adopted_by: str, adopted_date: date, diary_number: str, during: DateRange, by: "User"
    ) -> None:
        """Make it a decision. Used inside an operation."""
        move(self, to=GuidelineStatus.ADOPTED, transitions=GUIDELINE_TRANSITIONS)
        self.adopted_by, self.adopted_date, self.diary_number = adopted_by, adopted_date, diary_number
        self.valid_during, self.recorded_by = during, by
        self.save()


class Paragraph(models.Model):
    """
    A paragraph of a version (§ 4.2), with the rules of the program that it stands behind.

    ``rules`` are codes of refusals (``core.errors.DomainError.by_code``); each stands in one paragraph of a version.
    """

    guideline = models.ForeignKey(Guideline, on_delete=models.CASCADE, related_name="paragraphs")
    number = models.CharField(max_length=10)
    heading = models.CharField(max_length=120)
    text = models.TextField()
    rules = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guideline", "number"], name="paragraph_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__regex=PARAGRAPH_NUMBER), name="paragraph_number_form"
            ),
        ]

    def __str__(self) -> str:
        return f"§ {self.number} {self.heading}"

    @property
    def content(self) -> str:
        """SHA-256 of what it says, by which it is seen whether somebody has written it since."""
        return content_hash(self.number, self.heading, self.text, self.rules)

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands: § 4.10 comes after § 4.9."""
        return tuple(int(part) for part in self.number.split("."))

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"p-{self.number.replace('.', '-')}"
