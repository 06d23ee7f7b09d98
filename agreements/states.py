"""
The states of an agreement, as one table.

What people decide is stored. That the ceiling is reached, and that the last day has passed, follows of the amounts and of the day:
``Agreement.status_on`` tells it, so no clock has to run for it to be true.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class AgreementStatus(TextChoices):
    """Where an agreement is."""

    DRAFT = "draft", _("Utkast")
    DECIDED = "decided", _("Beslutat")
    ACTIVE = "active", _("Gällande")
    CEILING_REACHED = "ceiling_reached", _("Taket är nått")
    TERMINATED = "terminated", _("Uppsagt")
    ENDED = "ended", _("Avslutat")


AGREEMENT_TRANSITIONS: Transitions = {
    AgreementStatus.DRAFT: frozenset({AgreementStatus.DECIDED, AgreementStatus.ACTIVE}),
    AgreementStatus.DECIDED: frozenset({AgreementStatus.DRAFT, AgreementStatus.ACTIVE}),
    AgreementStatus.ACTIVE: frozenset(
        {AgreementStatus.CEILING_REACHED, AgreementStatus.TERMINATED, AgreementStatus.ENDED}
    ),
    AgreementStatus.CEILING_REACHED: frozenset(
        {AgreementStatus.ACTIVE, AgreementStatus.TERMINATED, AgreementStatus.ENDED}
    ),
    AgreementStatus.TERMINATED: frozenset({AgreementStatus.ENDED}),
    AgreementStatus.ENDED: frozenset(),
}
"""Notice is given of what is in force; an agreement under notice is ordered from until its last day."""

STORED = (
    AgreementStatus.DRAFT,
    AgreementStatus.DECIDED,
    AgreementStatus.ACTIVE,
    AgreementStatus.TERMINATED,
    AgreementStatus.ENDED,
)
"""What the register keeps; the rest follows."""

SIGNED = (AgreementStatus.ACTIVE, AgreementStatus.TERMINATED, AgreementStatus.ENDED)
"""Has been in force, or is."""

ORDERABLE = (AgreementStatus.ACTIVE, AgreementStatus.TERMINATED)
"""Orders are placed under these, during their period."""


class OptionDecision(TextChoices):
    """What was decided of an option."""

    USED = "used", _("Utnyttjad")
    NOT_USED = "not_used", _("Inte utnyttjad")
