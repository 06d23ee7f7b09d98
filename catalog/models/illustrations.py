"""Pictures of items, and what is written about them: data sheets, safety sheets, proofs."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.states import VISIBLE
from categories.models import Category
from organizations.permissions import roles_on

if TYPE_CHECKING:
    from organizations.models import User

F = TypeVar("F", bound="ItemFile")

LONGEST_DESCRIPTION = 150


class DocumentKind(models.TextChoices):
    """What a document says of an item, in the order in which they are listed."""

    DATA_SHEET = "data_sheet", _("Produktblad")
    INSTRUCTIONS = "instructions", _("Bruksanvisning")
    SAFETY_SHEET = "safety_sheet", _("Säkerhetsdatablad")
    CONFORMITY = "conformity", _("Försäkran om överensstämmelse (CE)")
    PROOF = "proof", _("Bevis för märkning eller krav")


class ItemFileQuerySet(models.QuerySet[F]):
    """Questions about the files of items."""

    def standing(self) -> Self:
        """Those that have not been taken away."""
        return self.filter(removed_at=None)

    def in_catalogue(self) -> Self:
        """Of items that the catalogue shows to everybody."""
        return self.standing().filter(item__status__in=VISIBLE)

    def visible_to(self, user: "User", at: datetime) -> Self:
        """What the catalogue shows; of other items, for those who answer for them or see the whole region."""
        day = timezone.localdate(at)
        if roles_on(user, day).sees_region:
            return self.standing()
        own_categories = Category.objects.within_reach_of(user, day).values("pk")
        return self.standing().filter(
            models.Q(item__status__in=VISIBLE) | models.Q(item__category__in=own_categories)
        )


class ItemFile(models.Model):
    """A file of an item. Taken away, never deleted: what was decided with it in sight can be understood later."""

    attachment = models.ForeignKey("attachments.Attachment", on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None where the program itself brought it, as the demo does."""
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def take_away(self, *, by: "User", at: datetime) -> None:
        """Let nobody see it any longer."""
        self.removed_by, self.removed_at = by, at


class ItemPictureQuerySet(ItemFileQuerySet["ItemPicture"]):
    """Questions about pictures."""

    def in_order(self) -> Self:
        """The one that lists show first."""
        return self.order_by("position", "pk")


class ItemPicture(ItemFile):
    """
    A photograph of an item. The one with the lowest ``position`` is shown in lists.

    ``description`` says what it shows to whoever does not see it.
    """

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="pictures")
    description = models.CharField(max_length=LONGEST_DESCRIPTION)
    position = models.IntegerField()

    objects = ItemPictureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None, removed_by=None)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="item_picture_removed_by_somebody",
            ),
            models.CheckConstraint(condition=~models.Q(description=""), name="item_picture_is_described"),
            models.UniqueConstraint(
                fields=["item", "position"],
                condition=models.Q(removed_at=None),
                name="item_picture_position",
                include=["attachment"],
            ),
        ]

    def __str__(self) -> str:
        return self.description


class ItemDocumentQuerySet(ItemFileQuerySet["ItemDocument"]):
    """Questions about documents."""

    def in_order(self) -> Self:
        """By kind as the enum has them, the latest of each first."""
        kinds = [models.When(kind=kind, then=place) for place, kind in enumerate(DocumentKind)]
        return self.order_by(models.Case(*kinds, default=len(kinds)), "-added_at", "-pk")

    def expired_on(self, day: date) -> Self:
        """What is no longer valid that day, though nobody has taken it away."""
        return self.standing().filter(valid_through_date__lt=day)


class ItemDocument(ItemFile):
    """What is written about an item; a proof that expires has its last day."""

    item = models.ForeignKey("catalog.Item", on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=15, choices=DocumentKind)
    valid_through_date = models.DateField(null=True, blank=True)
    told_through_date = models.DateField(null=True, blank=True, editable=False)
    """The last day that whoever answers for the item was told of."""

    objects = ItemDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None, removed_by=None)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="item_document_removed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=DocumentKind.values), name="item_document_kind"
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_through_date"],
                condition=models.Q(removed_at=None, valid_through_date__isnull=False),
                name="item_document_expires",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.attachment}"

    def is_valid_on(self, day: date) -> bool:
        """Whether it is valid that day."""
        return self.valid_through_date is None or self.valid_through_date >= day
