"""What factors tells people: that the way they sign in has changed (pure)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _changed(facts: Mapping[str, Any]) -> Sentence:
    titles = {
        "totp": _("En app för engångskoder har lagts till på ditt konto"),
        "webauthn": _("En lösennyckel har lagts till på ditt konto"),
        "removed": _("Ett andra steg har tagits bort från ditt konto"),
        "all_removed": _("Dina andra steg är borttagna"),
        "codes_made": _("Du har fått nya återställningskoder"),
        "code_used": _("En återställningskod har använts på ditt konto"),
    }
    texts = {
        "all_removed": _(
            "Administratören har tagit bort dem. Nästa gång loggar du in utan, och kan ställa in nya."
        ),
    }
    text = texts.get(facts["how"], _("Var det inte du? Byt lösenord genast och hör av dig till servicedesk."))
    return Sentence(titles[facts["how"]], text)


CHANGED = Kind("factor", gettext_lazy("Hur du loggar in"), Delivery.AT_ONCE, _changed)
KINDS = [CHANGED]
