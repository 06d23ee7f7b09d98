"""What reporting tells people: that a report that somebody asked for is ready, or could not be made."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import reread
from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _report(facts: Mapping[str, Any]) -> Sentence:
    if facts["error"]:
        return Sentence(_("Återrapporten kunde inte göras"), f"{facts['title']}. {reread(facts['error'])}")
    return Sentence(_("Återrapporten är klar"), str(facts["title"]))


REPORT = Kind("report", gettext_lazy("Rapporter som du har beställt"), Delivery.AT_ONCE, _report)
KINDS = [REPORT]
