"""What is to change on a day to come: departments, administrations, and people who leave."""

from datetime import date
from typing import Self, TypeVar

from django.db import models

from organizations.states import PlanStatus

P = TypeVar("P", bound="PlannedChange")


class PlanQuerySet(models.QuerySet[P]):
    """Questions about planned changes."""

    def to_come(self) -> Self:
        """Those that wait for their day."""
        return self.filter(status=PlanStatus.PLANNED)

    def due(self, day: date) -> Self:
        """Those whose day has come, the earliest first."""
        return self.to_come().filter(from_date__lte=day).order_by("from_date", "pk")

    def refused(self) -> Self:
        """Those that could not be carried out, and wait for somebody to mend them."""
        return self.filter(status=PlanStatus.REFUSED)


class PlannedChange(models.Model):
    """
    A change that waits for its day, and is then carried out once by the clock.

    ``refusal`` says why it could not be, as a stored refusal. ``told`` is what those concerned were last told of it.
    """

    from_date = models.DateField()
    status = models.CharField(max_length=10, choices=PlanStatus, default=PlanStatus.PLANNED)
    done_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True, default="")
    told = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=PlanStatus.values), name="%(class)s_status"),
            models.CheckConstraint(
                condition=models.Q(status=PlanStatus.DONE, done_at__isnull=False)
                | (~models.Q(status=PlanStatus.DONE) & models.Q(done_at=None)),
                name="%(class)s_done_at_its_moment",
            ),
        ]


class DepartmentChange(PlannedChange):
    """A department gets another name, goes to another administration, or is merged into another department."""

    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="planned_changes"
    )
    name = models.CharField(max_length=100, blank=True, default="")
    administration = models.ForeignKey(
        "organizations.Administration", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    into = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PlanQuerySet["DepartmentChange"].as_manager()

    class Meta(PlannedChange.Meta):
        constraints = [
            *PlannedChange.Meta.constraints,
            models.UniqueConstraint(fields=["department", "from_date"], name="department_change_unique"),
            models.CheckConstraint(
                condition=models.Q(into=None) | ~models.Q(into=models.F("department")),
                name="department_change_into_another",
            ),
            models.CheckConstraint(
                condition=models.Q(into__isnull=False, administration=None, name="")
                | (models.Q(into=None) & (~models.Q(name="") | models.Q(administration__isnull=False))),
                name="department_change_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.from_date}"


class AdministrationChange(PlannedChange):
    """An administration gets another name, or is merged into another, which gets its departments."""

    administration = models.ForeignKey(
        "organizations.Administration", on_delete=models.PROTECT, related_name="planned_changes"
    )
    name = models.CharField(max_length=100, blank=True, default="")
    into = models.ForeignKey(
        "organizations.Administration", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PlanQuerySet["AdministrationChange"].as_manager()

    class Meta(PlannedChange.Meta):
        constraints = [
            *PlannedChange.Meta.constraints,
            models.UniqueConstraint(
                fields=["administration", "from_date"], name="administration_change_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(into=None) | ~models.Q(into=models.F("administration")),
                name="administration_change_into_another",
            ),
            models.CheckConstraint(
                condition=models.Q(into__isnull=False, name="") | (models.Q(into=None) & ~models.Q(name="")),
                name="administration_change_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.administration} {self.from_date}"


class Departure(PlannedChange):
    """A person leaves; ``from_date`` is the first day on which she has no account, the day after her last."""

    person = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="departures")
    successor = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="departures_succeeded"
    )

    objects = PlanQuerySet["Departure"].as_manager()

    class Meta(PlannedChange.Meta):
        constraints = [
            *PlannedChange.Meta.constraints,
            models.UniqueConstraint(fields=["person", "from_date"], name="departure_unique"),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(status=PlanStatus.PLANNED),
                name="departure_planned_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("successor")), name="departure_succeeded_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.from_date}"
