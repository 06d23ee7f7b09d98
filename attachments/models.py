"""A file that somebody handed in, and the bytes that are kept of it."""

import uuid

from django.conf import settings
from django.db import models

from attachments.kinds import LONGEST_NAME, MediaType


class Content(models.Model):
    """
    What is kept of the files whose bytes are the same, once however many hand them in.

    ``sha256`` is of the bytes that came; ``file`` is what is handed out, which for a picture is made anew, in two sizes.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=80, choices=MediaType)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    small = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(media_type__in=MediaType.values), name="attachment_content_media_type"
            ),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="attachment_content_not_empty"),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="attachment_content_sha256"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    media_type=MediaType.PICTURE,
                    small__isnull=False,
                    width__isnull=False,
                    height__isnull=False,
                    width__gt=0,
                    height__gt=0,
                )
                | (
                    ~models.Q(media_type=MediaType.PICTURE)
                    & models.Q(small__isnull=True, width__isnull=True, height__isnull=True)
                ),
                name="attachment_content_picture_has_sizes",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256


class Attachment(models.Model):
    """
    One file as one person handed it in at one moment. Never edited.

    Who sees it is said by what it belongs to (``attachments.owners``). ``key`` is what its address has.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    name = models.CharField(max_length=LONGEST_NAME)
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="attachments")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    """None where the program itself brought it, as the demo does."""
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="attachment_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it is shown on a page rather than handed out as a file; ``content`` must have been read with it."""
        return self.content.media_type == MediaType.PICTURE
