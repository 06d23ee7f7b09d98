"""The states of a guideline, of a recommendation and of a board assignment, each as one table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class GuidelineStatus(TextChoices):
    """Where a version of the guideline is."""

    DRAFT = "draft", _("Utkast")
    ADOPTED = "adopted", _("Antagen")


GUIDELINE_TRANSITIONS: Transitions = {
    GuidelineStatus.DRAFT: frozenset({GuidelineStatus.ADOPTED}),
    GuidelineStatus.ADOPTED: frozenset(),
}
"""What is adopted stays as it is; a change is a new version."""


class RecommendationStatus(TextChoices):
    """Where a recommendation of an audit is."""

    RECEIVED = "received", _("Mottagen")
    ANSWERED = "answered", _("Besvarad")
    PLANNED = "planned", _("Åtgärd planerad")
    CARRIED_OUT = "carried_out", _("Genomförd")
    VERIFIED = "verified", _("Verifierad")
    REPLACED = "replaced", _("Ersatt")


RECOMMENDATION_TRANSITIONS: Transitions = {
    RecommendationStatus.RECEIVED: frozenset({RecommendationStatus.ANSWERED, RecommendationStatus.REPLACED}),
    RecommendationStatus.ANSWERED: frozenset({RecommendationStatus.PLANNED, RecommendationStatus.REPLACED}),
    RecommendationStatus.PLANNED: frozenset(
        {RecommendationStatus.CARRIED_OUT, RecommendationStatus.REPLACED}
    ),
    RecommendationStatus.CARRIED_OUT: frozenset(
        {RecommendationStatus.VERIFIED, RecommendationStatus.PLANNED, RecommendationStatus.REPLACED}
    ),
    RecommendationStatus.VERIFIED: frozenset(),
    RecommendationStatus.REPLACED: frozenset(),
}
"""An auditor who is not satisfied with what was carried out sends it back to be planned."""

CLOSED_RECOMMENDATIONS = (RecommendationStatus.VERIFIED, RecommendationStatus.REPLACED)
"""Nothing more is to be done about these."""


class AssignmentStatus(TextChoices):
    """Where an assignment of the board is."""

    OPEN = "open", _("Öppet")
    REPORTED = "reported", _("Återrapporterat")
    CLOSED = "closed", _("Avslutat")


ASSIGNMENT_TRANSITIONS: Transitions = {
    AssignmentStatus.OPEN: frozenset({AssignmentStatus.REPORTED}),
    AssignmentStatus.REPORTED: frozenset({AssignmentStatus.CLOSED}),
    AssignmentStatus.CLOSED: frozenset(),
}
"""A board that wants to know more gives a new assignment."""
