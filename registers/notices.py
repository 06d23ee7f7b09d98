"""What registers tells people: what became of a file that somebody handed in."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import reread
from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _import(facts: Mapping[str, Any]) -> Sentence:
    titles = {
        "compared": _("Din fil är jämförd med registret"),
        "applied": _("Filens ändringar är genomförda"),
        "taken_back": _("Filens ändringar är tillbakatagna"),
        "not_applied": _("Filens ändringar kunde inte genomföras"),
        "failed": _("Din fil kunde inte läsas in"),
    }
    error = f" {reread(facts['error'])}" if facts.get("error") else ""
    return Sentence(titles[facts["how"]], f"{facts['file']}.{error}")


IMPORT = Kind("import", gettext_lazy("Filer som du har läst in"), Delivery.AT_ONCE, _import)
KINDS = [IMPORT]
