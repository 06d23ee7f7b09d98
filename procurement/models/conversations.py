"""What is written about a line (samtal): messages with their files, and who is asked in."""

from typing import Self

from django.db import models


class LineMessageQuerySet(models.QuerySet["LineMessage"]):
    """Questions about messages."""

    def about(self, requisition: models.OuterRef | int, position: models.OuterRef | int) -> Self:
        """Those about one line of a requisition, whichever version they were written about."""
        return self.filter(line__requisition=requisition, line__position=position)


class LineMessage(models.Model):
    """
    What somebody wrote about a line (meddelande). Never edited.

    One that ``answers`` the question that returned the line lets it go on; a question is a decision, and has its words itself.
    A conversation is that of a line in all its versions. ``key`` makes it harmless to send one twice.
    """

    line = models.ForeignKey("procurement.RequisitionLine", on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    """Empty only where files say it all."""
    answers = models.OneToOneField(
        "procurement.LineDecision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reply",
    )
    key = models.UUIDField(null=True, blank=True)
    key_content = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was sent with the key."""

    objects = LineMessageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="line_message_key_unique")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.by}"


class LineMessageFile(models.Model):
    """A picture or a document that came with a message. Never edited."""

    message = models.ForeignKey(LineMessage, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        "attachments.Attachment", on_delete=models.PROTECT, related_name="line_message_file"
    )

    def __str__(self) -> str:
        return f"{self.message_id} {self.attachment}"


class Consultation(models.Model):
    """
    Somebody is asked in about a line by a message (tillfrågan). Never edited.

    She sees the line and its conversation from then on, and nothing else by it; she may write, and decides nothing.
    """

    message = models.ForeignKey(LineMessage, on_delete=models.PROTECT, related_name="consultations")
    person = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="consultations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "person"], name="consultation_once_a_message")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.person}"
