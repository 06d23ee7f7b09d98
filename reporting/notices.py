"""What reporting tells people: that a report is ready, or could not be made, and what others did with it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import reread, telling
from notices.kinds import Kind, Sentence
from notices.states import Delivery
from reporting.models import ActKind


def _why(what: object, error: str) -> str:
    return telling("%(what)s. %(why)s", what=what, why=reread(error))


def _report(facts: Mapping[str, Any]) -> Sentence:
    if facts["error"]:
        return Sentence(_("Återrapporten kunde inte göras"), _why(facts["title"], facts["error"]))
    return Sentence(_("Återrapporten är klar"), str(facts["title"]))


REPORT = Kind("report", gettext_lazy("Rapporter som du har beställt"), Delivery.AT_ONCE, _report)


def _act(facts: Mapping[str, Any]) -> Sentence:
    """What somebody did with a report, in the sentence of each act."""
    sentences = {
        ActKind.REVIEWED: _("%(by)s har granskat återrapporten. Nu kan den godkännas."),
        ActKind.APPROVED: _("%(by)s har godkänt återrapporten. Nu kan den låsas."),
        ActKind.SENT_BACK: _("%(by)s har skickat tillbaka återrapporten."),
        ActKind.LOCKED: _("%(by)s har låst återrapporten."),
        ActKind.HANDED_OVER: _("Återrapporten är överlämnad."),
    }
    more = f"{facts['title']}. {facts['words']}" if facts["words"] else str(facts["title"])
    return Sentence(sentences[ActKind(facts["act"])] % {"by": facts["by"]}, more)


REPORT_ACT = Kind(
    "report_act", gettext_lazy("Återrapporter som granskas, godkänns och låses"), Delivery.AT_ONCE, _act
)
KINDS = [REPORT, REPORT_ACT]
