"""What is done for the program's own sake, and what came of it each time; and marks about its tables."""

from datetime import datetime, time

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.clock import start_of

NIGHT = time(3, 0)


class Routine(models.TextChoices):
    """What is done again and again."""

    BACKUP = "backup", _("Säkerhetskopia")
    CLEANING = "cleaning", _("Städning")
    RULES = "rules", _("Regler prövade")
    TRAIL = "trail", _("Spårloggen prövad")
    TRAIL_HEAD = "trail_head", _("Spårloggens försegling sänd")


class RoutineRunQuerySet(models.QuerySet["RoutineRun"]):
    """Questions about what was done."""

    def last_success(self, routine: Routine) -> datetime | None:
        """When it last came to its end without a fault."""
        well = self.filter(routine=routine, faults={})
        return well.order_by("-ended_at").values_list("ended_at", flat=True).first()

    def last_faults(self, routine: Routine) -> bool:
        """Whether something failed the last time."""
        last = self.filter(routine=routine).order_by("-ended_at").values_list("faults", flat=True).first()
        return bool(last)

    def is_due_tonight(self, routine: Routine, at: datetime) -> bool:
        """Whether it is three in the morning or later, and what is done once each night has not been done since midnight."""
        runs = self.filter(routine=routine, began_at__gte=start_of(timezone.localdate(at)))
        return timezone.localtime(at).time() >= NIGHT and not runs.exists()


class RoutineRun(models.Model):
    """One time that a routine was done: how much of each thing, and which of them failed."""

    routine = models.CharField(max_length=20, choices=Routine)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    counts = models.JSONField(default=dict)
    faults = models.JSONField(default=dict)

    objects = RoutineRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("began_at")), name="routine_run_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=models.Q(routine__in=Routine.values), name="routine_run_routine"
            ),
        ]
        indexes = [models.Index(fields=["routine", "-ended_at"], name="routine_run_latest")]

    def __str__(self) -> str:
        return f"{self.routine} {self.ended_at:%Y-%m-%d %H:%M}"


class AdditiveMigration(models.Model):
    """A migration that the code before it can serve on; written by the migration itself (core.additive)."""

    app = models.CharField(max_length=100)
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="additive_migration_unique")]

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"
