"""Keys by which programs act for a person."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from knox.settings import CONSTANTS

if TYPE_CHECKING:
    from organizations.models.users import User


class KeyScope(models.TextChoices):
    """What a key may do of what its owner may do; each may what stands before it too."""

    READ = "read", _("Läsa")
    ORDER = "order", _("Läsa, beställa och ta emot")
    DECIDE = "decide", _("Allt, också besluta och attestera")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Questions about keys."""

    def visible_to(self, user: "User") -> Self:
        """A person's own; nobody sees another's."""
        return self.filter(user=user)

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.order_by("-pk")


class ApiToken(models.Model):
    """
    A key (API-nyckel) that acts for its owner, within its scope and until it ends.

    It falls with the password that its owner had when she made it. ``has_second_factor`` says whether she had shown one
    then, or whoever runs the program made it for her. Only its digest is kept; ``token_key`` is its beginning, by which
    the owner knows it. The fields that Knox reads have the names that Knox gives them.
    """

    digest = models.CharField(max_length=CONSTANTS.DIGEST_LENGTH, unique=True)
    token_key = models.CharField(
        max_length=CONSTANTS.MAXIMUM_TOKEN_PREFIX_LENGTH + CONSTANTS.TOKEN_KEY_LENGTH, db_index=True
    )
    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=60)
    created = models.DateTimeField()
    expiry = models.DateTimeField()
    scope = models.CharField(max_length=10, choices=KeyScope)
    password_digest = models.CharField(max_length=64)
    has_second_factor = models.BooleanField(default=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="api_token_name_unique"),
            models.CheckConstraint(condition=models.Q(scope__in=KeyScope.values), name="api_token_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    def works_for(self, user: "User", *, at: datetime) -> bool:
        """Whether the key has not ended, and its owner has the password under which it was made."""
        return at < self.expiry and constant_time_compare(self.password_digest, user.password_digest)

    def may(self, scope: KeyScope) -> bool:
        """Whether the key may do what this scope allows."""
        order = KeyScope.values
        return order.index(scope) <= order.index(self.scope)

    @property
    def beginning(self) -> str:
        """The first characters of the key, by which its owner knows it."""
        return self.token_key[:8]
