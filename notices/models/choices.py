"""How a person wants to be told."""

from typing import TYPE_CHECKING, Self

from django.db import models

from notices.states import Delivery

if TYPE_CHECKING:
    from organizations.models import User


class ChoiceQuerySet(models.QuerySet["Choice"]):
    """Questions about choices."""

    def visible_to(self, user: "User") -> Self:
        """A person's own."""
        return self.filter(person=user)


class Choice(models.Model):
    """What a person has chosen for one kind, or for all (``kind`` empty) that she has not chosen apart."""

    person = models.ForeignKey("organizations.User", on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=40, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notice_choice_unique"),
            models.CheckConstraint(
                condition=models.Q(delivery__in=Delivery.values), name="notice_choice_delivery"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind or '*'}: {self.delivery}"
