"""The audit entry: append-only by a trigger, without foreign keys, never read by a rule."""

from typing import Self

from django.db import models


class EntryQuerySet(models.QuerySet["Entry"]):
    """Questions about the trail."""

    def about(self, *subjects: models.Model) -> Self:
        """Entries on any of these objects, oldest first."""
        query = models.Q(pk__in=[])
        for subject in subjects:
            query |= models.Q(subject_type=subject._meta.label_lower, subject_id=subject.pk)
        return self.filter(query).order_by("at", "pk")

    def newest_first(self) -> Self:
        """The whole trail, latest on top."""
        return self.order_by("-pk")


class Entry(models.Model):
    """One thing that happened."""

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150)
    on_behalf_of_name = models.CharField(max_length=150, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=250)
    details = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_entry_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.subject_label}"
