"""Lists of a register that are too long to be written as a workbook while somebody waits."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse

from core.errors import localized
from core.work import Work, WorkQuerySet
from registers.listing import Selection
from registers.register import REGISTERS, Register

if TYPE_CHECKING:
    from organizations.models import User


class ListFileQuerySet(WorkQuerySet["ListFile"]):
    """Questions about lists as workbooks."""

    def visible_to(self, user: "User") -> Self:
        """Those that she asked for herself."""
        return self.filter(requested_by=user)


class ListFile(Work):
    """
    What a list shows, made as a workbook in the background for whoever asked for it, and kept for some days.

    ``query`` is what the list's address says of it.
    """

    lock_space = 6

    register_name = models.CharField(max_length=40)
    query = models.JSONField(default=dict)
    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="register_lists"
    )
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ListFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(file__isnull=False),
                name="list_file_done_has_file",
            ),
        ]

    def __str__(self) -> str:
        return str(self.register.title)

    def get_absolute_url(self) -> str:
        """Its own page."""
        return reverse("registers:list_file", args=[self.pk])

    @property
    def register(self) -> Register:
        """The register whose list it is."""
        return REGISTERS[self.register_name]

    @property
    def selection(self) -> Selection:
        """Which rows, in which order."""
        return Selection.of(self.register, self.query)

    @property
    def reason(self) -> str:
        """Why it could not be made, in the reader's language."""
        return localized(self.error)
