"""The implementation plan: its activities, milestones, and when each administration comes in."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from governance.models.diary import is_diary_number


def _as_boolean(condition: models.Q) -> models.Case:
    return models.Case(
        models.When(condition, then=models.Value(True)),
        default=models.Value(False),
        output_field=models.BooleanField(),
    )


def _is_past(field: str, day: date) -> models.Case:
    return _as_boolean(models.Q(**{f"{field}__lte": day}))


def _is_late(field: str, day: date, *, waits: models.Q | None = None) -> models.Case:
    undone = models.Q(done_date=None) | models.Q(done_date__gt=day)
    return _as_boolean(models.Q(**{f"{field}__lt": day}) & undone & (waits or models.Q()))


class ImplementationPlan(models.Model):
    """A plan for how something decided is carried out (genomförandeplan)."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    during = DateRangeField()
    diary_number = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=is_diary_number("diary_number"), name="implementation_plan_diary_number_form"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PlannedActivityQuerySet(models.QuerySet["PlannedActivity"]):
    """Questions about activities."""

    def as_of(self, day: date) -> Self:
        """
        Each with how it stood when a day ended: ``is_done_then``, ``is_late_then`` and ``is_begun_then``.

        Late is what should have been done before the day and was not.
        """
        return self.annotate(
            is_done_then=_is_past("done_date", day),
            is_begun_then=_is_past("start_date", day),
            is_late_then=_is_late("end_date", day),
        )

    def in_order(self) -> Self:
        """In the order of the plan."""
        return self.order_by("plan__during", "plan_id", "number", "pk")

    def for_display(self) -> Self:
        """With the plan and the person."""
        return self.select_related("plan", "responsible")

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class PlannedActivity(models.Model):
    """Something to be done by a plan (aktivitet), or a milestone of it: a day by which something is so (milstolpe)."""

    plan = models.ForeignKey(ImplementationPlan, on_delete=models.PROTECT, related_name="activities")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    is_milestone = models.BooleanField(default=False)
    responsible = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="planned_activities"
    )
    start_date = models.DateField()
    end_date = models.DateField()
    done_date = models.DateField(null=True, blank=True)

    is_begun_then: bool
    is_done_then: bool
    is_late_then: bool
    """How it stood on the day that ``as_of`` was asked about."""

    objects = PlannedActivityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="planned_activity_number_once"),
            models.CheckConstraint(
                condition=models.Q(end_date__gte=models.F("start_date")), name="planned_activity_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(is_milestone=False) | models.Q(end_date=models.F("start_date")),
                name="planned_activity_milestone_is_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class OnboardingQuerySet(models.QuerySet["Onboarding"]):
    """Questions about onboarding."""

    def as_of(self, day: date) -> Self:
        """
        Each with how it stood when a day ended: ``is_done_then`` and ``is_late_then``.

        An administration that had closed by then is late with nothing.
        """
        closed = models.Q(administration__closed_date__lte=day)
        return self.annotate(
            is_done_then=_is_past("done_date", day),
            is_late_then=_is_late("planned_date", day, waits=~closed),
        )

    def in_order(self) -> Self:
        """By their planned days."""
        return self.order_by("plan_id", "planned_date", "administration__code", "pk")

    def for_display(self) -> Self:
        """With the plan and the administration."""
        return self.select_related("plan", "administration__merged_into")

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Onboarding(models.Model):
    """When an administration is to make its purchases through the purchasing organisation (införande)."""

    plan = models.ForeignKey(ImplementationPlan, on_delete=models.PROTECT, related_name="onboardings")
    administration = models.ForeignKey(
        "organizations.Administration", on_delete=models.PROTECT, related_name="onboardings"
    )
    planned_date = models.DateField()
    done_date = models.DateField(null=True, blank=True)

    is_done_then: bool
    is_late_then: bool
    """How it stood on the day that ``as_of`` was asked about."""

    objects = OnboardingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "administration"], name="onboarding_once")]

    def __str__(self) -> str:
        return f"{self.administration} {self.planned_date.isoformat()}"
