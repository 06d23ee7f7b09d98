"""What a person keeps at hand."""

from typing import TYPE_CHECKING, Self

from django.db import models

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
