"""What is written to the trail of governance."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    GUIDELINE_BEGUN = "guideline.begun", _("Ett utkast till riktlinje påbörjades")
    GUIDELINE_WRITTEN = "guideline.written", _("Utkastet till riktlinje ändrades")
    GUIDELINE_DISCARDED = "guideline.discarded", _("Utkastet till riktlinje kastades")
    GUIDELINE_ADOPTED = "guideline.adopted", _("Riktlinjen antogs")
    RECOMMENDATION_ANSWERED = "recommendation.answered", _("Revisionens rekommendation besvarades")
    RECOMMENDATION_PLANNED = "recommendation.planned", _("En åtgärd planerades för rekommendationen")
    RECOMMENDATION_CARRIED_OUT = "recommendation.carried_out", _("Rekommendationens åtgärd genomfördes")
    RECOMMENDATION_VERIFIED = "recommendation.verified", _("Revisorn verifierade rekommendationen")
    RECOMMENDATION_SENT_BACK = "recommendation.sent_back", _("Revisorn fann att åtgärden inte räcker")
    RECOMMENDATION_REPLACED = "recommendation.replaced", _("Rekommendationens löfte ersattes av något annat")
    RESPONSIBLE_CHANGED = "governance.responsible_changed", _("Någon annan ansvarar sedan en person slutade")
    ASSIGNMENT_REPORTED = "assignment.reported", _("Styrelsens uppdrag återrapporterades")
    ASSIGNMENT_CLOSED = "assignment.closed", _("Styrelsens uppdrag avslutades")
    ACTIVITY_DONE = "plan.activity_done", _("En aktivitet i genomförandeplanen blev klar")
    ONBOARDING_DONE = "plan.onboarding_done", _("En förvaltning kom in i inköpsorganisationen")
