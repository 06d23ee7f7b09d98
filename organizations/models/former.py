"""What departments and people were, and what they were called, before they were moved or renamed."""

from typing import Self, TypeVar

from django.db import models

from organizations.models.places import Administration, Department
from organizations.models.users import User

F = TypeVar("F", bound="Former")


class FormerQuerySet(models.QuerySet[F]):
    """Questions about what things were."""

    def of(self, thing: str, *, at: str) -> Self:
        """For a subquery: what the outer row's thing was at the outer row's moment, if it has been another thing since."""
        whose = {self.model.whose: models.OuterRef(thing)}
        return self.filter(**whose, until_at__gt=models.OuterRef(at)).order_by("until_at", "pk")


class Former(models.Model):
    """
    What a thing was until a moment. Never edited.

    Written by the database itself when the thing becomes another. It stands in nobody's way who takes away what was never used.
    """

    whose = ""
    """The field that says which thing."""

    until_at = models.DateTimeField()

    class Meta:
        abstract = True


class FormerDepartment(Former):
    """
    What a department was: its name, and its administration with the name that it had.

    It becomes another when it is moved or renamed, or its administration is renamed.
    """

    whose = "department"

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

    objects = FormerQuerySet["FormerDepartment"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["department", "until_at"], name="former_department_until")]

    def __str__(self) -> str:
        return f"{self.administration_name}: {self.name}"


class FormerPerson(Former):
    """What a person was: her name, and her title. She becomes another when either is changed."""

    whose = "person"

    person = models.ForeignKey(
        User, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="former_people"
    )
    name = models.CharField(max_length=121)
    title = models.CharField(max_length=80, blank=True)

    objects = FormerQuerySet["FormerPerson"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "until_at"], name="former_person_until")]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}" if self.title else self.name
