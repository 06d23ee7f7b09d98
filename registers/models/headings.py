"""What headings were said to stand for."""

from django.db import models


class HeadingMemory(models.Model):
    """Which column a source's heading stands for, as somebody once said; remembered for the next file of the kind."""

    register_name = models.CharField(max_length=40)
    source = models.CharField(max_length=20, blank=True)
    heading = models.CharField(max_length=200)
    column = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register_name", "source", "heading"], name="heading_memory_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column}"
