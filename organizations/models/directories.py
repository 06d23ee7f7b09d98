"""The region's directories: who is known there as whom, and what their groups mean here."""

from datetime import date
from typing import Self

from django.db import models

from core.fields import AmountField
from organizations.models.roles import DEPARTMENT_ROLES, Role


class GroupRuleQuerySet(models.QuerySet["GroupRule"]):
    """Questions about rules."""

    def of(self, directory: str, groups: list[str], day: date) -> Self:
        """
        Those that give something to who is in these groups.

        A closed department gives nothing, unless it was merged: its people go on with what is under way there.
        """
        is_open = (
            models.Q(department=None)
            | models.Q(department__closed_date=None)
            | models.Q(department__merged_into__isnull=False)
        )
        return self.filter(
            is_open | models.Q(department__closed_date__gt=day), directory=directory, group__in=groups
        )


class GroupRule(models.Model):
    """Whoever is in this group of a directory has this role here, as long as she is (gruppregel)."""

    directory = models.CharField(max_length=40)
    group = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role)
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount_limit = AmountField(null=True, blank=True)

    objects = GroupRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["directory", "group", "role", "department"],
                nulls_distinct=False,
                name="group_rule_unique",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="group_rule_role"),
            models.CheckConstraint(
                condition=models.Q(role__in=DEPARTMENT_ROLES, department__isnull=False)
                | (~models.Q(role__in=DEPARTMENT_ROLES) & models.Q(department__isnull=True)),
                name="group_rule_department_when_needed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_role_display()}"
