"""What a person keeps of her queue: views under names of her own, and when she last saw each line."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Lower

from core.ordering import swedish

if TYPE_CHECKING:
    from organizations.models import User

LONGEST_NAME = 40
LONGEST_QUERY = 200


class SavedQueueQuerySet(models.QuerySet["SavedQueue"]):
    """Questions about saved views."""

    def visible_to(self, user: "User") -> Self:
        """Her own: how a person looks at her queue is nobody else's business."""
        return self.filter(person=user)

    def in_order(self) -> Self:
        """In Swedish order of their names."""
        return self.order_by(swedish("name"), "pk")


class SavedQueue(models.Model):
    """A way of looking at one's queue, under a name (on screen *sparad vy*): what is shown and what it is gathered by."""

    person = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="saved_queues")
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY)
    """The part of the page's address that says it."""
    saved_at = models.DateTimeField()

    objects = SavedQueueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("person", Lower("name"), name="saved_queue_name_unique"),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(query=""), name="saved_queue_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.name}"


class SeenLineQuerySet(models.QuerySet["SeenLine"]):
    """Questions about what has been seen."""

    def visible_to(self, user: "User") -> Self:
        """Her own."""
        return self.filter(person=user)


class SeenLine(models.Model):
    """When a person last saw a line that waits for her, so that what has happened since can be pointed out."""

    person = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey("procurement.RequisitionLine", on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()

    objects = SeenLineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "line"], name="seen_line_unique")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.line_id}"
