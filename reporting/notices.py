"""What reporting tells people: how their reports fare, and what others did with them; and finance, that baselines wait."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import reader
from core.errors import localized, telling
from notices.kinds import Kind, Sentence
from notices.states import Delivery
from reporting.models import ActKind


def _why(what: object, error: str) -> str:
    return telling("%(what)s. %(why)s", what=what, why=localized(error))


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


def _baselines(facts: Mapping[str, Any]) -> Sentence:
    """Who froze how many, and why again."""
    text = (
        ngettext(
            "%(by)s har fryst om en baslinje: %(reason)s. Den räknas först när en ekonom har bekräftat den.",
            "%(by)s har fryst om %(number)s baslinjer: %(reason)s. De räknas först när en ekonom har bekräftat dem.",
            facts["count"],
        )
        if facts["reason"]
        else ngettext(
            "%(by)s har fryst en baslinje. Den räknas först när en ekonom har bekräftat den.",
            "%(by)s har fryst %(number)s baslinjer. De räknas först när en ekonom har bekräftat dem.",
            facts["count"],
        )
    )
    title = _("Baslinjerna för %(initiative)s väntar på dig")
    reason = str(facts["reason"]).rstrip(".")
    return Sentence(
        title % facts, text % {**facts, "number": reader.number(facts["count"]), "reason": reason}
    )


BASELINES_WAITING = Kind(
    "baselines_waiting", gettext_lazy("Baslinjer som väntar på bekräftelse"), Delivery.DIGEST, _baselines
)
KINDS = [REPORT, REPORT_ACT, BASELINES_WAITING]
