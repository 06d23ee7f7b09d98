"""What governance tells people: meetings at which the board awaits answers, steps of recommendations, and what is taken over (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formatting
from core.languages import current_language
from governance.events import Event
from governance.models import Reminder
from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _due(facts: Mapping[str, Any]) -> Sentence:
    due = date.fromisoformat(facts["day"])
    day = formatting.long_day(due, language=current_language())
    values = {"paragraph": facts["paragraph"], "body": facts["body"], "day": day}
    if Reminder(facts["reminder"]) == Reminder.PASSED:
        return Sentence(
            _("Uppdraget i %(paragraph)s är inte återrapporterat") % values,
            _("Det skulle ha behandlats på sammanträdet %(day)s. Uppdraget gavs av %(body)s.") % values,
        )
    days = (due - date.fromisoformat(facts["told"])).days
    days_left = ngettext("%(count)s dag kvar.", "%(count)s dagar kvar.", days) % {"count": days}
    return Sentence(
        _("Återrapportera uppdraget i %(paragraph)s") % values,
        _("Det ska behandlas på sammanträdet %(day)s. Uppdraget gavs av %(body)s.") % values
        + " "
        + days_left,
    )


ASSIGNMENT_DUE = Kind(
    "assignment_due", gettext_lazy("Uppdrag från styrelsen som du ansvarar för"), Delivery.DIGEST, _due
)


def _recommendation(facts: Mapping[str, Any]) -> Sentence:
    """What somebody did about a recommendation, in the sentence of each step."""
    values = {"by": facts["by"], "number": facts["number"], "audit": facts["audit"]}
    sentences = {
        Event.RECOMMENDATION_ANSWERED: _("Rekommendation %(number)s i %(audit)s är besvarad"),
        Event.RECOMMENDATION_PLANNED: _("Du ansvarar för åtgärden för rekommendation %(number)s i %(audit)s"),
        Event.RECOMMENDATION_CARRIED_OUT: _(
            "Åtgärden för rekommendation %(number)s i %(audit)s är genomförd"
        ),
        Event.RECOMMENDATION_VERIFIED: _(
            "Revisorn har godkänt åtgärden för rekommendation %(number)s i %(audit)s"
        ),
        Event.RECOMMENDATION_SENT_BACK: _("Åtgärden för rekommendation %(number)s i %(audit)s räcker inte"),
        Event.RECOMMENDATION_REPLACED: _("Löftet för rekommendation %(number)s i %(audit)s är ersatt"),
    }
    return Sentence(sentences[Event(facts["event"])] % values, f"{facts['by']}: {facts['words']}")


RECOMMENDATION = Kind(
    "recommendation", gettext_lazy("Revisionens rekommendationer"), Delivery.DIGEST, _recommendation
)


def _taken_over(facts: Mapping[str, Any]) -> Sentence:
    count = facts["count"]
    title = ngettext(
        "Du ansvarar för %(count)s uppdrag eller åtgärd efter %(person)s",
        "Du ansvarar för %(count)s uppdrag och åtgärder efter %(person)s",
        count,
    )
    return Sentence(title % {"count": count, "person": facts["person"]}, "")


TAKEN_OVER = Kind(
    "governance_taken_over",
    gettext_lazy("Uppdrag och åtgärder som du tar över"),
    Delivery.AT_ONCE,
    _taken_over,
)
KINDS = [ASSIGNMENT_DUE, RECOMMENDATION, TAKEN_OVER]
