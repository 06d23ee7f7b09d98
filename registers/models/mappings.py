"""How the files of a source look, kept for the next one."""

from django.db import models

from registers.mappings import Mapping

LONGEST_SOURCE = 20


class FileMapping(models.Model):
    """A mapping of the files that come to a register, or to a bundle of them, from a source: one each (mappning)."""

    register_name = models.CharField(max_length=40)
    source = models.CharField(max_length=LONGEST_SOURCE)
    headings = models.JSONField(null=True, blank=True)
    columns = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    decimal_sign = models.CharField(max_length=1, blank=True)
    day_order = models.CharField(max_length=3, blank=True)
    kept_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register_name", "source"], name="file_mapping_one_of_a_source"),
            models.CheckConstraint(condition=~models.Q(source=""), name="file_mapping_has_source"),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def mapping(self) -> Mapping:
        """What it says."""
        return Mapping(
            source=self.source,
            headings=self.headings,
            columns=self.columns,
            constants=self.constants,
            decimal_sign=self.decimal_sign,
            day_order=self.day_order,
        )
