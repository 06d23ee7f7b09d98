"""What follow-up asks about purchases that are made, and the answers. The questions are computed; an answer is a fact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField


class ObservationKind(models.TextChoices):
    """What was noticed."""

    SPLIT = "split", _("Ett behov eller flera")
    PAIR = "pair", _("Samma leverantör igen")
    NEAR_LIMIT = "near_limit", _("Strax under en gräns")
    ODD_HOURS = "odd_hours", _("Godkänt när det är stängt")


class LimitKind(models.TextChoices):
    """Which limit purchases are held against."""

    STANDING = "standing", _("gränsen för stående godkännande")
    OWN = "own", _("gränsen för att beställa utan attest")
    DOCUMENTATION = "documentation", _("gränsen för att dokumentera direktupphandlingar")


class ObservationOutcome(models.TextChoices):
    """What the answer came to."""

    EXPLAINED = "explained", _("Det finns en förklaring")
    ADVISED = "advised", _("Rutinen är genomgången med dem det gäller")
    PROCURED = "procured", _("Behovet ska in på ett avtal")
    REFERRED = "referred", _("Lämnas vidare för att utredas")


class ObservationAnswer(models.Model):
    """
    The answer to one question about purchases: what it came to, who said so, when. Never edited.

    It is about its ``lines``, so what comes later is asked about anew. ``digest`` is theirs: the same lines are answered for once.
    """

    kind = models.CharField(max_length=10, choices=ObservationKind)
    subject = models.CharField(max_length=60)
    """What the question was about, as ``observing.Observation`` has it."""
    digest = models.CharField(max_length=64)
    amount = AmountField()
    sentence = models.TextField()
    """What the question said when it was answered, with the values that it was asked by, in Swedish."""
    outcome = models.CharField(max_length=10, choices=ObservationOutcome)
    text = models.TextField()
    answered_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "digest"], name="observation_answer_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=ObservationKind.values), name="observation_answer_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=ObservationOutcome.values), name="observation_answer_outcome"
            ),
            models.CheckConstraint(
                condition=~(models.Q(text="") | models.Q(sentence="")), name="observation_answer_has_text"
            ),
        ]

    def __str__(self) -> str:
        return str(ObservationKind(self.kind).label)


class ObservedLine(models.Model):
    """A line that an answer is about. Never edited."""

    answer = models.ForeignKey(ObservationAnswer, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("procurement.RequisitionLine", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["answer", "line"], name="observed_line_once")]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.line_id}"
