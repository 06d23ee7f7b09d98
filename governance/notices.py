"""What governance tells people: the meetings at which the board awaits its answers (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formatting
from core.languages import current_language
from governance.models import Reminder
from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _due(facts: Mapping[str, Any]) -> Sentence:
    due = date.fromisoformat(facts["day"])
    day = formatting.long_day(due, language=current_language())
    named = {"paragraph": facts["paragraph"], "body": facts["body"], "day": day}
    if Reminder(facts["reminder"]) == Reminder.PASSED:
        return Sentence(
            _("Uppdraget i %(paragraph)s är inte återrapporterat") % named,
            _("Det skulle ha behandlats på sammanträdet %(day)s. Uppdraget gavs av %(body)s.") % named,
        )
    days = (due - date.fromisoformat(facts["told"])).days
    left = ngettext("%(count)s dag kvar.", "%(count)s dagar kvar.", days) % {"count": days}
    return Sentence(
        _("Återrapportera uppdraget i %(paragraph)s") % named,
        _("Det ska behandlas på sammanträdet %(day)s. Uppdraget gavs av %(body)s.") % named + " " + left,
    )


ASSIGNMENT_DUE = Kind(
    "assignment_due", gettext_lazy("Uppdrag från styrelsen som du ansvarar för"), Delivery.DIGEST, _due
)
KINDS = [ASSIGNMENT_DUE]
