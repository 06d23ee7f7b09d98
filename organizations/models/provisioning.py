"""What a directory tells by SCIM: its people and groups, the keys that it tells them with, and what was heard."""

from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.errors import localized

if TYPE_CHECKING:
    from organizations.models.users import User


class DirectoryKeyQuerySet(models.QuerySet["DirectoryKey"]):
    """Questions about keys."""

    def in_force(self, at: datetime) -> Self:
        """Those that open the door."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.order_by("-pk")

    def last_to_end(self, at: datetime, *, by: datetime) -> Self:
        """Those that end by a moment and have no successor, so that their directories fall silent."""
        later = self.model.objects.in_force(at).filter(
            directory=models.OuterRef("directory"), expires_at__gt=by
        )
        return self.in_force(at).filter(~models.Exists(later), expires_at__lte=by)


class DirectoryKey(models.Model):
    """
    A key (katalognyckel) with which a directory tells about its people, until it ends or is taken back.

    It opens ``/scim`` and nothing else. Only its digest is kept, and its beginning, by which it is known.
    """

    name = models.CharField(max_length=60)
    directory = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    beginning = models.CharField(max_length=8)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    end_told_at = models.DateTimeField(null=True, blank=True)

    objects = DirectoryKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="directory_key_name_unique"),
            models.CheckConstraint(condition=~models.Q(directory=""), name="directory_key_has_directory"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    def is_in_force(self, at: datetime) -> bool:
        """Whether it opens the door."""
        return self.revoked_at is None and at < self.expires_at


class ProvisionedPersonQuerySet(models.QuerySet["ProvisionedPerson"]):
    """Questions about people."""

    def of(self, directory: str) -> Self:
        """Those of one directory."""
        return self.filter(directory=directory)


class ProvisionedPerson(models.Model):
    """
    A person as a directory tells of her (katalogperson); ``number`` is what it knows her by here.

    ``is_active`` is what the directory said last. Her account may be closed nevertheless, on a page.
    """

    number = models.UUIDField(unique=True, default=uuid4)
    directory = models.CharField(max_length=40)
    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="provisioned")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=254, blank=True)
    display_name = models.CharField(max_length=200, blank=True)
    emails = models.JSONField(default=list)
    employee_number = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ProvisionedPersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "user"], name="provisioned_person_once"),
            models.UniqueConstraint(
                models.F("directory"), Lower("user_name"), name="provisioned_person_user_name_unique"
            ),
        ]
        indexes = [models.Index(fields=["directory", "external_id"], name="provisioned_person_external")]

    def __str__(self) -> str:
        return self.user_name


class ProvisionedGroupQuerySet(models.QuerySet["ProvisionedGroup"]):
    """Questions about groups."""

    def of(self, directory: str) -> Self:
        """Those of one directory."""
        return self.filter(directory=directory)

    def names_for(self, directory: str, user: "User") -> list[str] | None:
        """
        What group rules may call the groups that the person is in: their names and the directory's own numbers.

        None when the directory tells of no groups here, so that what it says when she signs in is followed instead.
        """
        if not self.of(directory).exists():
            return None
        groups = self.of(directory).filter(members__person__user=user)
        return [name for pair in groups.values_list("name", "external_id") for name in pair if name]


class ProvisionedGroup(models.Model):
    """A group as a directory tells of it (kataloggrupp); what it gives here is said by group rules."""

    number = models.UUIDField(unique=True, default=uuid4)
    directory = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ProvisionedGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.F("directory"), Lower("name"), name="provisioned_group_name_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProvisionedMember(models.Model):
    """That a person is in a group of her directory."""

    group = models.ForeignKey(ProvisionedGroup, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(ProvisionedPerson, on_delete=models.PROTECT, related_name="groups")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="provisioned_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.group}"


class DirectoryAct(models.TextChoices):
    """What a directory's message did."""

    JOINED = "joined", _("Började")
    CHANGED = "changed", _("Ändrades")
    LEFT = "left", _("Slutade")
    RETURNED = "returned", _("Kom tillbaka")
    GROUP_ADDED = "group_added", _("Gruppen lades till")
    GROUP_CHANGED = "group_changed", _("Gruppen ändrades")
    GROUP_REMOVED = "group_removed", _("Gruppen togs bort")
    REFUSED = "refused", _("Gick inte att göra")


class DirectoryMessageQuerySet(models.QuerySet["DirectoryMessage"]):
    """Questions about messages."""

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.select_related("key").order_by("-pk")

    def refused(self) -> Self:
        """Those that could not be followed."""
        return self.filter(act=DirectoryAct.REFUSED)

    def followed(self) -> Self:
        """Those that changed something."""
        return self.exclude(act=DirectoryAct.REFUSED)


class DirectoryMessage(models.Model):
    """Something that a directory told which changed something, or that was refused (katalogmeddelande)."""

    key = models.ForeignKey(DirectoryKey, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=20, choices=DirectoryAct)
    label = models.CharField(max_length=254)
    detail = models.TextField(blank=True)

    objects = DirectoryMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(act__in=DirectoryAct.values), name="directory_message_act"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.label}"

    @property
    def reason(self) -> str:
        """Why it could not be followed, in the reader's language where the program has said it."""
        return localized(self.detail)
