"""What somebody is told."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import StrIndex, Substr

from core.addresses import absolute
from notices.kinds import Sentence, sentence_of
from notices.states import Delivery

if TYPE_CHECKING:
    from organizations.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def visible_to(self, user: "User") -> Self:
        """A person's own."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Not seen in the program yet."""
        return self.filter(read_at=None)

    def at_place(self, address: str) -> Self:
        """About the page with this address; the part of the page that they point to apart."""
        path = Substr("address", 1, StrIndex(models.F("address"), models.Value("#")) - 1)
        page = models.Case(
            models.When(address__contains="#", then=path), default="address", output_field=models.TextField()
        )
        return self.annotate(page=page).filter(page=address)

    def to_mail(self, at: datetime) -> Self:
        """Due by e-mail and in no letter yet; what has been read in the program meanwhile needs none."""
        return self.filter(due_at__lte=at, letter=None, read_at=None)

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.order_by("-pk")


class Notice(models.Model):
    """
    One person is told of one thing (notis).

    ``address`` is the very place in the program; ``facts`` are what the kind's sentence is made of. ``delivery`` is how
    she had chosen to be told when it was written, and ``due_at`` from when it goes in the next letter: at once, or when
    the morning's digest is made.
    """

    recipient = models.ForeignKey("organizations.User", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    address = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    delivery = models.CharField(max_length=10, choices=Delivery)
    due_at = models.DateTimeField(null=True, blank=True)
    letter = models.ForeignKey(
        "notices.Letter", on_delete=models.SET_NULL, null=True, blank=True, related_name="notices"
    )
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            # An operation has one moment: the same thing told twice in it is one notice.
            models.UniqueConstraint(
                fields=["recipient", "kind", "address", "made_at"], name="notice_once_in_a_moment"
            ),
            models.CheckConstraint(condition=models.Q(delivery__in=Delivery.values), name="notice_delivery"),
            models.CheckConstraint(
                condition=models.Q(letter=None) | models.Q(due_at__isnull=False),
                name="notice_in_letter_was_due",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at=None) | ~models.Q(delivery=Delivery.PROGRAM),
                name="notice_in_program_is_never_due",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["recipient", "-id"], name="notice_list"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(letter=None, read_at=None, due_at__isnull=False),
                name="notice_to_mail",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(delivery="digest", due_at=None, read_at=None),
                name="notice_kept_for_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.kind} {self.address}"

    @property
    def public_address(self) -> str:
        """The very place, as it is written outside the program."""
        return absolute(self.address)

    @property
    def sentence(self) -> Sentence:
        """What it says, in the reader's language."""
        return sentence_of(self.kind, self.facts)
