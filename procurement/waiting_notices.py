"""What is told of what waits: that somebody asks or writes about a line, that a day comes, that time is out (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import reader
from notices.kinds import Kind, Sentence
from notices.states import Delivery
from procurement.wording import things

Facts = Mapping[str, Any]


def _day(facts: Facts) -> str:
    """A day by its name and date; a notice may be read long after, so it never says today."""
    return reader.weekday_day(date.fromisoformat(facts["day"]))


def _with_quote(text: str, facts: Facts) -> str:
    return text % facts + (f" ”{facts['text']}”" if facts["text"] else "")


def _consultation(facts: Facts) -> Sentence:
    titles = {
        "asked": _("Du är tillfrågad om en rad i beställning %(number)s"),
        "reminded": _("En fråga om beställning %(number)s väntar på ditt svar"),
        "silent": _("Inget svar än om beställning %(number)s"),
    }
    texts = {
        "asked": _("%(who)s vill veta vad du säger om %(what)s:"),
        "reminded": _("%(who)s vill veta vad du säger om %(what)s:"),
        "silent": _("%(who)s har inte svarat om %(what)s. Raden är fortfarande din att besluta om."),
    }
    return Sentence(titles[facts["how"]] % facts, _with_quote(texts[facts["how"]], facts))


def _message(facts: Facts) -> Sentence:
    return Sentence(
        _("Meddelande om beställning %(number)s") % facts,
        _with_quote(_("%(who)s skriver om %(what)s:"), facts),
    )


def _reminder(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext("En rad har snart sin svarsdag", "%(count)s rader har snart sin svarsdag", count)
    text = _("Beslutet är lovat senast %(day)s. Sedan går det vidare till någon annan.")
    return Sentence(title % {"count": count}, text % {"day": _day(facts)})


def _escalated(facts: Facts) -> Sentence:
    count = int(facts["count"])
    people = _(" och ").join(facts["people"])
    if facts.get("is_attest"):
        title = ngettext(
            "En attest som har dröjt är nu din", "%(count)s attester som har dröjt är nu dina", count
        )
        return Sentence(
            title % {"count": count}, _("%(people)s har inte attesterat i tid.") % {"people": people}
        )
    title = ngettext("En rad som har dröjt är nu din", "%(count)s rader som har dröjt är nu dina", count)
    text = _("%(people)s har inte beslutat i tid. Den som har beställt väntar.")
    return Sentence(title % {"count": count}, text % {"people": people})


def _passed_on(facts: Facts) -> Sentence:
    count = int(facts["count"])
    if facts.get("is_attest"):
        text = _("Den hade väntat för länge, så %(people)s attesterar nu.")
        return Sentence(_("En attest har gått vidare från dig"), text % {"people": facts["people"][0]})
    title = ngettext("En rad har gått vidare från dig", "%(count)s rader har gått vidare från dig", count)
    text = _("Svarstiden gick ut, så %(people)s beslutar nu.")
    return Sentence(title % {"count": count}, text % {"people": _(" och ").join(facts["people"])})


def _question_reminder(facts: Facts) -> Sentence:
    title = _("Beställning %(number)s väntar på ert svar") % facts
    if facts["how"] == "price":
        return Sentence(title, _("Priset på %(what)s har stigit. Svara ja eller nej.") % facts)
    return Sentence(title, _with_quote(_("%(who)s undrar om %(what)s:"), facts))


def _unanswered(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext("En fråga fick inget svar", "%(count)s frågor fick inget svar", count) % {"count": count}
    return Sentence(title, _("%(what)s väntar på ditt beslut igen.") % facts)


def _competed(facts: Facts) -> Sentence:
    titles = {
        "started": _("Leverantörerna tävlar om något i beställning %(number)s"),
        "awarded": _("Leverantörerna har tävlat om något i beställning %(number)s"),
        "cancelled": _("Något i beställning %(number)s får vänta på en leverantör"),
        "let_go": _("Något i beställning %(number)s väntar inte längre på att leverantörer tävlar"),
    }
    texts = {
        "started": _("%(things)s väntar tills någon har vunnit. Sista dag för anbud är %(day)s."),
        "awarded": _("Nu går det att besluta om %(things)s. %(supplier)s vann."),
        "cancelled": _(
            "Konkurrensutsättningen om %(things)s avbröts. Den som ansvarar för raden beslutar hur det blir."
        ),
        "let_go": _(
            "%(who)s låter inte %(things)s vänta på konkurrensutsättningen om %(subject)s. Beslutet kommer senast %(day)s."
        ),
    }
    details = {**facts, "things": things(facts)}
    if "day" in facts:
        details["day"] = _day(facts)
    text = texts[facts["how"]] % details
    if facts.get("was_asked"):
        text += " " + _("Frågan som ställdes till dig behöver inte besvaras.")
    return Sentence(titles[facts["how"]] % details, text)


def _competed_queue(facts: Facts) -> Sentence:
    count = int(facts["count"])
    if facts["how"] == "awarded":
        title = ngettext(
            "En rad kan beställas efter en konkurrensutsättning",
            "%(count)s rader kan beställas efter en konkurrensutsättning",
            count,
        )
        text = _("%(supplier)s vann %(subject)s.")
    else:
        title = ngettext(
            "En rad väntar på en konkurrensutsättning som avbröts",
            "%(count)s rader väntar på en konkurrensutsättning som avbröts",
            count,
        )
        text = _("Ingen vann %(subject)s. Avslå, byt ut eller starta en ny.")
    return Sentence(title % {"count": count}, text % facts)


CONSULTATION = Kind(
    "consultation", gettext_lazy("Frågor till dig om andras rader"), Delivery.AT_ONCE, _consultation
)
MESSAGE = Kind("line_message", gettext_lazy("Meddelanden om det du har beställt"), Delivery.AT_ONCE, _message)
REMARK = Kind("line_remark", gettext_lazy("Meddelanden om det du beslutar om"), Delivery.DIGEST, _message)
REMINDER = Kind("response_reminder", gettext_lazy("Svarsdagar som kommer"), Delivery.DIGEST, _reminder)
ESCALATED = Kind(
    "escalated", gettext_lazy("Det som kommer till dig när någon annan dröjer"), Delivery.DIGEST, _escalated
)
PASSED_ON = Kind("passed_on", gettext_lazy("Det som går vidare när du dröjer"), Delivery.DIGEST, _passed_on)
QUESTION_REMINDER = Kind(
    "question_reminder", gettext_lazy("Frågor som väntar på svar"), Delivery.DIGEST, _question_reminder
)
UNANSWERED = Kind("unanswered", gettext_lazy("Frågor som inte fick svar"), Delivery.DIGEST, _unanswered)
COMPETED = Kind(
    "competed_order",
    gettext_lazy("Konkurrensutsättningar som din beställning väntar på"),
    Delivery.DIGEST,
    _competed,
)
COMPETED_QUEUE = Kind(
    "competed_queue",
    gettext_lazy("Konkurrensutsättningar som rader i din kö väntar på"),
    Delivery.DIGEST,
    _competed_queue,
)
KINDS = [
    CONSULTATION,
    MESSAGE,
    REMARK,
    REMINDER,
    ESCALATED,
    PASSED_ON,
    QUESTION_REMINDER,
    UNANSWERED,
    COMPETED,
    COMPETED_QUEUE,
]
