"""Links by which people set a password."""

import hashlib
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import localized

MOST_ATTEMPTS = 8
"""So many times the server is asked to take a message before somebody has to look."""


class LinkKind(models.TextChoices):
    """Why a person sets a password."""

    INVITATION = "invitation", _("Inbjudan")
    FORGOTTEN = "forgotten", _("Glömt lösenord")


class Invitation(models.TextChoices):
    """How far somebody who cannot sign in yet has come."""

    NONE = "none", _("Inte inbjuden")
    WAITING = "waiting", _("Inbjudan skickas")
    SENT = "sent", _("Inbjuden")
    OVER = "over", _("Länken har gått ut")
    FAILED = "failed", _("Kunde inte skickas")


class PasswordLinkQuerySet(models.QuerySet["PasswordLink"]):
    """Questions about links."""

    def due(self, at: datetime) -> Self:
        """Those that shall be sent now, the oldest first."""
        return self.filter(
            sent_at=None, next_at__lte=at, attempts__lt=MOST_ATTEMPTS, user__is_active=True
        ).order_by("next_at", "pk")

    def opened_by(self, secret: str, at: datetime) -> Self:
        """The one that this secret opens, unless it is over, or was sent where the person is no more."""
        links = self.filter(user__is_active=True, user__email=models.F("address"))
        return links.filter(digest=digest_of(secret), expires_at__gt=at)


class PasswordLink(models.Model):
    """
    A link by which a person sets a password, once.

    A person has one at most. Its secret is made when the message is written and stands in the message alone; here is
    only its digest, so each new attempt to send makes a new secret and the older one opens nothing. It opens nothing either when she
    has got another address than the one that it was sent to.
    """

    user = models.OneToOneField("organizations.User", on_delete=models.PROTECT, related_name="password_link")
    kind = models.CharField(max_length=10, choices=LinkKind)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    address = models.EmailField(blank=True)
    """Where its message goes; empty until it is written."""
    expires_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)

    objects = PasswordLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=LinkKind.values), name="password_link_kind"),
            models.CheckConstraint(
                condition=models.Q(digest=None, expires_at=None)
                | models.Q(digest__isnull=False, expires_at__isnull=False),
                name="password_link_digest_with_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"

    @property
    def reason(self) -> str:
        """Why it could not be sent, in the reader's language."""
        return localized(self.failure)

    def invitation(self, at: datetime) -> Invitation:
        """How far the person has come with it."""
        if self.is_given_up:
            return Invitation.FAILED
        if (self.expires_at and self.expires_at <= at) or self.is_misdirected:
            return Invitation.OVER
        return Invitation.SENT if self.sent_at else Invitation.WAITING

    @property
    def is_misdirected(self) -> bool:
        """Whether it was sent where the person is no more."""
        return bool(self.address) and self.address != self.user.email

    @property
    def is_given_up(self) -> bool:
        """Whether it could not be sent, and is tried no more."""
        return self.sent_at is None and self.attempts >= MOST_ATTEMPTS


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
