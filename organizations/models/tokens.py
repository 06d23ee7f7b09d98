"""Keys by which programs act for a person."""

from typing import TYPE_CHECKING, Self

from django.db import models
from knox.settings import CONSTANTS

if TYPE_CHECKING:
    from organizations.models.users import User


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
    A key (API-nyckel) that acts with all rights of its owner.

    Only its digest is kept; ``token_key`` is its beginning, by which the owner knows it. The fields that Knox reads
    have the names that Knox gives them.
    """

    digest = models.CharField(max_length=CONSTANTS.DIGEST_LENGTH, unique=True)
    token_key = models.CharField(
        max_length=CONSTANTS.MAXIMUM_TOKEN_PREFIX_LENGTH + CONSTANTS.TOKEN_KEY_LENGTH, db_index=True
    )
    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=60)
    created = models.DateTimeField()
    expiry = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="api_token_name_unique")]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    @property
    def beginning(self) -> str:
        """The first characters of the key, by which its owner knows it."""
        return self.token_key[:8]
