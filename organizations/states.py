"""The states of organizations: what becomes of a planned change."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.states import Transitions


class PlanStatus(TextChoices):
    """What has become of a change that is planned for a day."""

    PLANNED = "planned", _("Planerad")
    DONE = "done", _("Genomförd")
    REFUSED = "refused", _("Gick inte att genomföra")
    TAKEN_BACK = "taken_back", _("Återtagen")


PLAN_TRANSITIONS: Transitions = {
    PlanStatus.PLANNED: frozenset({PlanStatus.DONE, PlanStatus.REFUSED, PlanStatus.TAKEN_BACK}),
    PlanStatus.REFUSED: frozenset({PlanStatus.PLANNED, PlanStatus.TAKEN_BACK}),
    PlanStatus.TAKEN_BACK: frozenset({PlanStatus.PLANNED}),
    PlanStatus.DONE: frozenset(),
}
"""What is done stays done; a trigger holds it. What was refused is planned again when it has been mended."""
