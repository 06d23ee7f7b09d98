"""Whose departments were, and what they were called, before they were moved or renamed."""

from typing import Self

from django.db import models

from organizations.models.places import Administration, Department


class FormerDepartmentQuerySet(models.QuerySet["FormerDepartment"]):
    """Questions about what departments were."""

    def of(self, department: str, *, at: str) -> Self:
        """For a subquery: what the outer row's department was at the outer row's moment, if it has been another thing since."""
        later = self.filter(department=models.OuterRef(department), until_at__gt=models.OuterRef(at))
        return later.order_by("until_at", "pk")


class FormerDepartment(models.Model):
    """
    What a department was until a moment: its name, and its administration with the name that it had. Never edited.

    Written by the database itself when the department is moved or renamed, or its administration is renamed. It stands in
    nobody's way who takes away a department or an administration that was never used.
    """

    department = models.ForeignKey(
        Department,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="former_departments",
    )
    name = models.CharField(max_length=100)
    administration = models.ForeignKey(
        Administration, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    administration_name = models.CharField(max_length=100)
    until_at = models.DateTimeField()

    objects = FormerDepartmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["department", "until_at"], name="former_department_until")]

    def __str__(self) -> str:
        return f"{self.administration_name}: {self.name}"
