"""What is bought on the accounts of a ledger."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from spend.models.booked import LONGEST_ACCOUNT

NO_ACCOUNT = "–"
"""How people write that there is no account."""


class Meaning(models.TextChoices):
    """What rows on an account are."""

    CATEGORY = "category", _("Köp i en kategori")
    PURCHASE = "purchase", _("Köp utan kategori")
    OTHER = "other", _("Inte ett köp")
    LEFT_OUT = "left_out", _("Inte ett köp, och läses inte in")
    UNDECIDED = "undecided", _("Ingen betydelse")


class AccountMeaning(models.Model):
    """
    What somebody has decided of the accounts from one through another, in one source or (empty) in all.

    Of several that speak of an account, the one of the fewest accounts holds, then that of the source itself. A new decision about the
    same accounts stands beside the old, and the latest holds; undecided says that what was decided no longer does. Accounts
    are compared as numbers of the same length; an account that is no number stands for itself, and no account for the rows without one, as
    those of a supplier ledger may be.
    """

    source = models.CharField(max_length=20, blank=True)
    first_account = models.CharField(max_length=LONGEST_ACCOUNT, blank=True)
    last_account = models.CharField(max_length=LONGEST_ACCOUNT, blank=True)
    meaning = models.CharField(max_length=10, choices=Meaning)
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(meaning__in=Meaning.values), name="account_meaning_known"),
            models.CheckConstraint(
                condition=Q(meaning=Meaning.CATEGORY, category__isnull=False)
                | (~Q(meaning=Meaning.CATEGORY) & Q(category=None)),
                name="account_meaning_has_its_category",
            ),
            models.CheckConstraint(
                condition=Q(first_account=F("last_account"))
                | Q(
                    first_account__regex=r"^\d{1,18}$",
                    last_account__regex=r"^\d{1,18}$",
                    first_account__lt=F("last_account"),
                )
                & Q(Exact(Length("first_account"), Length("last_account"))),
                name="account_meaning_span_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "first_account", "last_account", "-id"], name="account_meaning_latest"
            )
        ]

    def __str__(self) -> str:
        return self.span

    @property
    def span(self) -> str:
        """The accounts, as people write them."""
        if self.first_account == self.last_account:
            return self.first_account or NO_ACCOUNT
        return f"{self.first_account}–{self.last_account}"
