"""The mark of a demo database."""

from django.db import models


class Loading(models.Model):
    """That the demo region was loaded, and from which day its present is counted. There is at most one."""

    singleton = models.BooleanField(default=True, unique=True)
    today = models.DateField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(singleton=True), name="demo_loading_only_one")
        ]

    def __str__(self) -> str:
        return f"{self.today}"
