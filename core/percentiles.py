"""Percentiles of a group of rows, as aggregates of the database."""

from django.db import models


class Percentile(models.Aggregate):
    """The value below which a share of the values lies, between two of them where it falls so; the median unless told."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.FloatField()

    def __init__(self, expression: str, *, share: float = 0.5) -> None:
        super().__init__(expression, share=share)
