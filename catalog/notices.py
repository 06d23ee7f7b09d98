"""
What catalog tells people: new prices that wait, that nobody decided in time, and what became of them; and how renewed
competitions go (pure).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formatting, reader
from core.languages import current_language
from notices.kinds import Kind, Sentence
from notices.states import Delivery

Facts = Mapping[str, Any]


def _named_facts(facts: Facts) -> dict[str, Any]:
    day = formatting.weekday_day(date.fromisoformat(facts["day"]), language=current_language())
    return {**facts, "day": day, "kronor": reader.kr(Decimal(facts["effect"]), 0, signed=True)}


def _waiting(facts: Facts) -> Sentence:
    text = _("%(supplier)s vill ha nya priser från %(day)s: %(kronor)s på ett år.")
    return Sentence(
        _("Ett prisförslag väntar på ditt beslut: %(agreement)s") % facts, text % _named_facts(facts)
    )


def _passed(facts: Facts) -> Sentence:
    text = _("De skulle ha gällt från %(day)s. Det gamla priset gäller tills någon beslutar.")
    return Sentence(_("Ingen beslutade om priserna i tid: %(agreement)s") % facts, text % _named_facts(facts))


def _answer(facts: Facts) -> Sentence:
    titles = {
        "approved": _("Ditt prisförslag är godkänt: %(agreement)s"),
        "lowered": _("Ditt prisförslag är godkänt till ett lägre pris: %(agreement)s"),
        "rejected": _("Ditt prisförslag är avslaget: %(agreement)s"),
        "withdrawn": _("Ditt prisförslag är återtaget: %(agreement)s"),
        "lapsed": _("Ditt prisförslag har förfallit: %(agreement)s"),
        "later": _("Priser i ditt prisförslag börjar senare: %(agreement)s"),
        "never": _("Priser i ditt prisförslag kommer inte att gälla: %(agreement)s"),
    }
    texts = {
        "approved": _("Priserna gäller från %(day)s. %(who)s beslutade."),
        "lowered": _("Priserna gäller från %(day)s. %(who)s beslutade."),
        "rejected": _("De gamla priserna gäller. %(who)s beslutade."),
        "withdrawn": _("De gamla priserna gäller. %(who)s tog tillbaka det."),
        "lapsed": _("Det pris som skulle höjas %(day)s gäller inte då."),
        "later": _(
            "%(supplier)s vann en konkurrensutsättning och anbudets pris gäller först. De nya priserna gäller från %(day)s."
        ),
        "never": _(
            "%(supplier)s vann en konkurrensutsättning, och anbudets pris gäller alla dagar som de skulle ha gällt."
        ),
    }
    why = f" ”{facts['text']}”" if facts.get("text") else ""
    return Sentence(titles[facts["how"]] % facts, texts[facts["how"]] % _named_facts(facts) + why)


def _competition(facts: Facts) -> Sentence:
    titles = {
        "started": _("En konkurrensutsättning pågår: %(subject)s"),
        "ended": _("Anbudstiden är slut: %(subject)s"),
        "awarded": _("En konkurrensutsättning är avgjord: %(subject)s"),
        "cancelled": _("En konkurrensutsättning är avbruten: %(subject)s"),
    }
    texts = {
        "started": _("Sista dag för anbud är %(day)s, i avtalet %(agreement)s."),
        "ended": _(
            "Öppna anbuden, registrera vad var och en svarade, och tilldela eller avbryt. Avtalet är %(agreement)s."
        ),
        "awarded": _("%(supplier)s vann och får avropas till och med %(day)s. %(who)s beslutade."),
        "cancelled": _("Ingen vinner den. %(who)s beslutade: ”%(reason)s”"),
    }
    values = dict(facts)
    if "day" in facts:
        values["day"] = formatting.weekday_day(date.fromisoformat(facts["day"]), language=current_language())
    return Sentence(titles[facts["how"]] % values, texts[facts["how"]] % values)


PRICES_WAITING = Kind(
    "price_proposals_waiting", gettext_lazy("Prisförslag att besluta om"), Delivery.DIGEST, _waiting
)
PRICES_PASSED = Kind(
    "price_proposals_passed", gettext_lazy("Prisförslag som ingen beslutade i tid"), Delivery.DIGEST, _passed
)
PRICES_ANSWERED = Kind(
    "price_proposals_answered", gettext_lazy("Svar på dina prisförslag"), Delivery.AT_ONCE, _answer
)
COMPETITION = Kind(
    "renewed_competition",
    gettext_lazy("Konkurrensutsättningar i det du ansvarar för"),
    Delivery.DIGEST,
    _competition,
)
KINDS = [PRICES_WAITING, PRICES_PASSED, PRICES_ANSWERED, COMPETITION]
