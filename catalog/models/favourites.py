"""What a person keeps at hand, and what a department does."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from organizations.permissions import roles_on

if TYPE_CHECKING:
    from organizations.models import User


class FavouriteQuerySet(models.QuerySet["Favourite"]):
    """Questions about favourites."""

    def visible_to(self, user: "User") -> Self:
        """Her own: what a person keeps at hand is nobody else's business."""
        return self.filter(person=user)

    def in_order(self) -> Self:
        """Latest first."""
        return self.order_by("-created_at", "-pk")


class Favourite(models.Model):
    """An item that a person wants at hand (on screen *favorit*); each item once."""

    person = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="favourites")
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="favourites")
    created_at = models.DateTimeField()

    objects = FavouriteQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "item"], name="favourite_unique")]

    def __str__(self) -> str:
        return f"{self.person}: {self.item}"


class DepartmentFavouriteQuerySet(models.QuerySet["DepartmentFavourite"]):
    """Questions about the lists that departments share."""

    def visible_to(self, user: "User", day: date) -> Self:
        """Those of the departments in which the person has a role that day."""
        return self.filter(department__in=list(roles_on(user, day).departments))

    def in_order(self) -> Self:
        """As those who keep the list have put them."""
        return self.order_by("department_id", "position", "pk")


class DepartmentFavourite(models.Model):
    """An item on the list that a department shares (on screen *enhetens lista*); each item once, in an order of its own."""

    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="favourites"
    )
    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="department_favourites")
    position = models.PositiveIntegerField()
    added_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = DepartmentFavouriteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "item"], name="department_favourite_unique"),
            models.UniqueConstraint(
                fields=["department", "position"],
                name="department_favourite_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.item}"
