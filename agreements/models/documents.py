"""The documents of an agreement."""

from typing import Self

from django.db import models


class AgreementDocumentQuerySet(models.QuerySet["AgreementDocument"]):
    """Questions about documents."""

    def latest_first(self) -> Self:
        """The latest first."""
        return self.order_by("-pk")


class AgreementDocument(models.Model):
    """A file that belongs to an agreement: the agreement itself, its annexes and what has been decided of it."""

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT, related_name="documents")
    attachment = models.OneToOneField(
        "attachments.Attachment", on_delete=models.PROTECT, related_name="agreement_document"
    )

    objects = AgreementDocumentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.agreement}: {self.attachment}"
