"""What notices itself tells."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import localized
from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _letter_not_sent(facts: Mapping[str, Any]) -> Sentence:
    return Sentence(_("Ett brev med notiser gick inte att skicka"), localized(facts["reason"]))


LETTER_NOT_SENT = Kind(
    "letter_not_sent",
    gettext_lazy("Brev som inte gick att skicka"),
    Delivery.PROGRAM,
    _letter_not_sent,
    is_mailable=False,
)
KINDS = [LETTER_NOT_SENT]
