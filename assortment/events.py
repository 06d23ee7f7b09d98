"""What assortment writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    PROPOSED = "proposal.proposed", _("Ett förslag lämnades")
    MOVED = "proposal.moved", _("Förslaget fick en annan kategori")
    PUT_TO_COUNCIL = "proposal.put_to_council", _("Förslaget lämnades till sortimentsrådet")
    VOTED = "proposal.voted", _("En röst lades om förslaget")
    ASKED = "proposal.asked", _("En fråga ställdes om förslaget")
    REPLIED = "proposal.replied", _("Frågan om förslaget besvarades")
    ACCEPTED = "proposal.accepted", _("Förslaget fick ja")
    DECLINED = "proposal.declined", _("Förslaget fick nej")
    WITHDRAWN = "proposal.withdrawn", _("Förslaget drogs tillbaka")
    CARRIED_OUT = "proposal.carried_out", _("Beslutet knöts till en artikel")
    STEP_TAKEN = "proposal.step_taken", _("Beslutet genomfördes för en artikel")
    SEAT_ENDED = "council.seat_ended", _("En plats i ett sortimentsråd avslutades")
    SEARCH_TAKEN = "search.taken", _("En sökning utan träff fick en kategori")
    SEARCH_ANSWERED = "search.answered", _("En sökning utan träff fick en synonym")
    SEARCH_REOPENED = "search.reopened", _("En sökning hittade fortfarande inget och väntar igen")
    SEARCH_DISMISSED = "search.dismissed", _("En sökning utan träff lämnades utan åtgärd")
