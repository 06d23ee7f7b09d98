"""People who log in."""

import hashlib
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from core.ordering import swedish
from organizations.models.links import MOST_ATTEMPTS, Invitation


class PeopleManager(BaseUserManager["User"]):
    """Creates people; the e-mail address is the name to log in with."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person without administrator rights."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an administrator of the system, who decides nothing in the business."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def in_order(self) -> "models.QuerySet[User]":
        """By first and last name."""
        return self.order_by(swedish("first_name"), swedish("last_name"), "pk")

    def without_way_in(self) -> "models.QuerySet[User]":
        """
        Those with an open account who have no password yet and have never signed in, by name.

        Whom a directory has told of comes in through it, where it is one that people sign in through: an invitation would be a way round it.
        """
        apps = [app for kind in settings.SOCIALACCOUNT_PROVIDERS.values() for app in kind.get("APPS", ())]
        lacking = self.filter(
            is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None
        ).exclude(provisioned__directory__in=[app["provider_id"] for app in apps])
        return lacking.order_by(swedish("last_name"), swedish("first_name"), "pk")

    def uninvited(self, at: datetime) -> "models.QuerySet[User]":
        """Those of them who have no link that opens anything, or is on its way."""
        is_over = models.Q(password_link__expires_at__lte=at) | models.Q(
            password_link__sent_at=None, password_link__attempts__gte=MOST_ATTEMPTS
        )
        is_over |= ~models.Q(password_link__address="") & ~models.Q(password_link__address=models.F("email"))
        return self.without_way_in().filter(models.Q(password_link=None) | is_over)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by e-mail, whatever the case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What she may do comes from memberships, assignments and delegations, never from here."""

    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    title = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="sv")
    has_queue_keys = models.BooleanField(default=True)
    session_round = models.PositiveIntegerField(default=0)

    objects: ClassVar[PeopleManager] = PeopleManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case")]

    def __str__(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Let sessions end with the password, and when the person ends them all (``session_round``)."""
        material = f"{self.session_round}:{self.password}"
        return salted_hmac("organizations.session", material, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def remembered(self) -> dict[Any, Any]:
        """What has been read about the person, for as long as this object lives: a request or a task."""
        return {}

    @property
    def password_digest(self) -> str:
        """A digest of the stored password, by which what was made under an older one is known."""
        return hashlib.sha256(self.password.encode()).hexdigest()

    def invitation(self, at: datetime) -> Invitation:
        """How far she has come towards signing in, when she has not done so yet."""
        link = getattr(self, "password_link", None)
        return link.invitation(at) if link else Invitation.NONE

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return f"{self.first_name[:1]}{self.last_name[:1]}".upper()
