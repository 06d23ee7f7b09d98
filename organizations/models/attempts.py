"""Wrong passwords and keys that were tried lately."""

from datetime import datetime, timedelta

from django.db import connection, models


class FailedAttemptsQuerySet(models.QuerySet["FailedAttempts"]):
    """Counting without reading first."""

    def counted(self, name: str, *, at: datetime, within: timedelta) -> int:
        """Count one more and say how many there are now; an old count begins anew."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"name": name, "at": at, "since": at - within})
            (count,) = cursor.fetchone()
        return int(count)

    def taken_back(self, name: str) -> int:
        """Count one less."""
        return self.filter(name=name, count__gt=0).update(count=models.F("count") - 1)


class FailedAttempts(models.Model):
    """
    How many wrong tries there have been since the first one.

    Kept in the database, not in the cache: it holds for all processes, outlives a restart, and a cache that is away
    opens no door. The name is a digest of what is counted.
    """

    name = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    first_at = models.DateTimeField(db_index=True)

    objects = FailedAttemptsQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name[:8]}…: {self.count}"


_COUNT = """
INSERT INTO organizations_failedattempts AS known (name, count, first_at) VALUES (%(name)s, 1, %(at)s)
ON CONFLICT (name) DO UPDATE SET
    count = CASE WHEN known.first_at > %(since)s THEN least(known.count + 1, 1000000) ELSE 1 END,
    first_at = CASE WHEN known.first_at > %(since)s THEN known.first_at ELSE EXCLUDED.first_at END
RETURNING count
"""
