"""What is to change about a category on a day to come."""

from django.db import models

from organizations.models.plans import PlannedChange, PlanQuerySet


class CategoryChange(PlannedChange):
    """A category gets another name, is put under another, or is merged into another."""

    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, related_name="planned_changes"
    )
    name = models.CharField(max_length=100, blank=True, default="")
    name_en = models.CharField(max_length=100, blank=True, default="")
    parent = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    into = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PlanQuerySet["CategoryChange"].as_manager()

    class Meta(PlannedChange.Meta):
        constraints = [
            *PlannedChange.Meta.constraints,
            models.UniqueConstraint(fields=["category", "from_date"], name="category_change_unique"),
            models.CheckConstraint(
                condition=models.Q(into=None) | ~models.Q(into=models.F("category")),
                name="category_change_into_another",
            ),
            models.CheckConstraint(
                condition=models.Q(into__isnull=False, parent=None, name="", name_en="")
                | (models.Q(into=None) & (~models.Q(name="", name_en="") | models.Q(parent__isnull=False))),
                name="category_change_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.from_date}"
