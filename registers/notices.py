"""What registers tells people: what became of a file that somebody handed in, and of a list that somebody asked for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import localized, telling
from core.formatting import long_day
from core.languages import current_language
from notices.kinds import Kind, Sentence
from notices.states import Delivery
from registers.register import REGISTERS


def _why(what: str, error: str) -> str:
    return telling("%(what)s. %(why)s", what=what, why=localized(error))


def _import(facts: Mapping[str, Any]) -> Sentence:
    titles = {
        "compared": _("Din fil är jämförd med registret"),
        "applied": _("Filens ändringar är genomförda"),
        "taken_back": _("Filens ändringar är tillbakatagna"),
        "not_applied": _("Filens ändringar kunde inte genomföras"),
        "failed": _("Din fil kunde inte läsas in"),
    }
    error = facts.get("error")
    text = _why(facts["file"], error) if error else f"{facts['file']}."
    return Sentence(titles[facts["how"]], text)


def _list(facts: Mapping[str, Any]) -> Sentence:
    title = str(REGISTERS[facts["register"]].title)
    if facts["how"] == "failed":
        return Sentence(_("En fil ur registret kunde inte tas fram"), _why(title, facts["error"]))
    day = long_day(date.fromisoformat(facts["day"]), language=current_language())
    text = _("%(register)s. Filen sparas till och med %(day)s.") % {"register": title, "day": day}
    return Sentence(_("Din fil ur registret är klar"), text)


IMPORT = Kind("import", gettext_lazy("Filer som du har läst in"), Delivery.AT_ONCE, _import)
LIST = Kind("list", gettext_lazy("Register som du har hämtat"), Delivery.AT_ONCE, _list)
KINDS = [IMPORT, LIST]
