"""The mornings whose digests have been made."""

from django.db import models


class Morning(models.Model):
    """A working day whose 07.30 has been: what waited then is told, and what had been kept for the digest is due."""

    day = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day"], name="morning_once_a_day")]

    def __str__(self) -> str:
        return self.day.isoformat()
