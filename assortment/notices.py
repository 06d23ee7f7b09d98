"""What assortment tells people (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formatting
from core.languages import current_language
from notices.kinds import Kind, Sentence
from notices.states import Delivery

Facts = Mapping[str, Any]


def _day(text: str) -> str:
    return formatting.weekday_day(date.fromisoformat(text), language=current_language())


def _quoted(text: object) -> str:
    return f" ”{text}”" if text else ""


def _answer(facts: Facts) -> Sentence:
    titles = {
        "accepted": _("Ja till ditt förslag"),
        "declined": _("Nej till ditt förslag"),
        "asked": _("Fråga om ditt förslag"),
        "carried_out": _("Det du föreslog finns nu i sortimentet"),
    }
    texts = {
        "accepted": _("%(what)s. %(who)s svarar:"),
        "declined": _("%(what)s. %(who)s svarar:"),
        "asked": _("%(what)s. %(who)s undrar:"),
        "carried_out": _("%(what)s har artikelnummer %(number)s."),
    }
    return Sentence(titles[facts["how"]], texts[facts["how"]] % facts + _quoted(facts.get("text")))


def _vote(facts: Facts) -> Sentence:
    texts = {
        "put": _("%(what)s. Rösta senast %(day)s."),
        "last": _("%(what)s. Sista dagen är %(day)s."),
        "decided": _("%(what)s. Beslutet blev %(answer)s."),
    }
    titles = {
        "put": _("Ett förslag väntar på din röst"),
        "last": _("Ett förslag väntar fortfarande på din röst"),
        "decided": _("Ett förslag som ditt sortimentsråd röstade om är beslutat"),
    }
    answer = _("ja") if facts.get("is_yes") else _("nej")
    values = {**facts, "day": _day(facts["day"]) if facts.get("day") else "", "answer": answer}
    return Sentence(titles[facts["how"]], texts[facts["how"]] % values + _quoted(facts.get("text")))


def _waiting(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext("Ett förslag väntar på ditt svar", "%(count)s förslag väntar på ditt svar", count)
    text = _("Den tidigaste svarsdagen är %(day)s.") % {"day": _day(facts["day"])}
    return Sentence(title % {"count": count}, text)


def _overdue(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext(
        "Svarsdagen har passerat för ett förslag", "Svarsdagen har passerat för %(count)s förslag", count
    )
    text = ""
    if facts.get("who"):
        text = _("Det väntar på %(who)s.") % {"who": ", ".join(facts["who"])}
    return Sentence(title % {"count": count}, text)


def _response(facts: Facts) -> Sentence:
    texts = {
        "replied": _("%(what)s. %(who)s svarar:"),
        "voted": _("%(what)s. Alla i sortimentsrådet har svarat."),
        "withdrawn": _("%(what)s. %(who)s har dragit tillbaka det."),
    }
    titles = {
        "replied": _("Svar på din fråga om ett förslag"),
        "voted": _("Sortimentsrådet har röstat"),
        "withdrawn": _("Ett förslag är tillbakadraget"),
    }
    return Sentence(titles[facts["how"]], texts[facts["how"]] % facts + _quoted(facts.get("text")))


def _proofs(facts: Facts) -> Sentence:
    ended, ending = int(facts["ended"]), int(facts["ending"])
    texts = []
    if ended:
        texts.append(
            ngettext("Ett bevis har gått ut.", "%(count)s bevis har gått ut.", ended) % {"count": ended}
        )
    if ending:
        text = ngettext(
            "Ett bevis går ut inom två månader.", "%(count)s bevis går ut inom två månader.", ending
        )
        texts.append(text % {"count": ending})
    return Sentence(_("Bevis för artiklarna i dina kategorier behöver förnyas"), " ".join(texts))


PROPOSAL_ANSWER = Kind("proposal_answer", gettext_lazy("Svar på dina förslag"), Delivery.AT_ONCE, _answer)
COUNCIL = Kind("council", gettext_lazy("Sortimentsråd som du sitter i"), Delivery.AT_ONCE, _vote)
PROPOSALS_WAITING = Kind(
    "proposals_waiting", gettext_lazy("Förslag som väntar på ditt svar"), Delivery.DIGEST, _waiting
)
PROPOSALS_OVERDUE = Kind(
    "proposals_overdue", gettext_lazy("Förslag vars svarsdag har passerat"), Delivery.DIGEST, _overdue
)
PROPOSAL_NEWS = Kind("proposal_news", gettext_lazy("Förslag som du svarar på"), Delivery.DIGEST, _response)
PROOFS = Kind("proofs", gettext_lazy("Märkningar och dokument vars bevis går ut"), Delivery.DIGEST, _proofs)
KINDS = [PROPOSAL_ANSWER, COUNCIL, PROPOSALS_WAITING, PROPOSALS_OVERDUE, PROPOSAL_NEWS, PROOFS]
