"""Classifications that the whole Union shares: what notices call a purchase (CPV), and a medical device (EMDN)."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.ordering import FOLDED_FROM, FOLDED_TO, PUNCTUATION, SPACES

FOLDED_NAMES = "' ' || translate(lower(name || ' ' || name_en), '{}', '{}') || ' '".format(
    (FOLDED_FROM + PUNCTUATION).replace("'", "''"), FOLDED_TO + SPACES
)


class Scheme(models.TextChoices):
    """Which classification a code is of."""

    CPV = "cpv", _("CPV")
    EMDN = "emdn", _("EMDN")


class ClassificationCode(models.Model):
    """
    A code of a classification (klassificeringskod), with its names; those without a Swedish one have the English.

    Codes come by files, and are never changed by the program. No code is of two classifications.
    """

    code = models.CharField(max_length=14, unique=True)
    scheme = models.CharField(max_length=4, choices=Scheme)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(max_length=350)
    name_en = models.CharField(max_length=350, blank=True)
    folded_name = models.GeneratedField(
        expression=RawSQL(FOLDED_NAMES, [], output_field=models.TextField()),  # noqa: S611
        output_field=models.TextField(),
        db_persist=True,
    )
    """Both names in lower case without marks or punctuation, a space on each side of every word."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scheme=Scheme.CPV, code__regex="^[0-9]{8}-[0-9]$")
                | models.Q(scheme=Scheme.EMDN, code__regex="^[A-Z][0-9]{0,13}$"),
                name="classification_code_of_its_scheme",
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="classification_code_not_its_own_parent"
            ),
        ]
        indexes = [
            GinIndex(OpClass("folded_name", name="gin_trgm_ops"), name="classification_trigrams"),
        ]

    def __str__(self) -> str:
        name = self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name
        return f"{self.code} {name}"
