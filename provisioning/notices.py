"""What provisioning tells people: the kinds of notices, and the sentences that their facts make (pure)."""

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


def _left_behind(facts: Facts) -> Sentence:
    parts = []
    if categories := facts["categories"]:
        parts.append(
            ngettext(
                "Ingen ansvarar för kategorin %(names)s.", "Ingen ansvarar för %(names)s.", len(categories)
            )
            % {"names": ", ".join(categories)}
        )
    lines, attests, baskets = (int(facts[name]) for name in ("lines", "attests", "baskets"))
    if lines:
        text = ngettext("En rad väntar fortfarande.", "%(count)s rader väntar fortfarande.", lines)
        parts.append(text % {"count": lines})
    if attests:
        text = ngettext("En attest väntar fortfarande.", "%(count)s attester väntar fortfarande.", attests)
        parts.append(text % {"count": attests})
    if baskets:
        parts.append(
            ngettext("En korg ligger kvar.", "%(count)s korgar ligger kvar.", baskets) % {"count": baskets}
        )
    title = _("%(person)s har slutat och ingen kunde ta över allt") % facts
    return Sentence(title, " ".join(parts))


def _key_ends(facts: Facts) -> Sentence:
    day = formatting.weekday_day(date.fromisoformat(facts["day"]), language=current_language())
    title = _("Katalognyckeln %(name)s slutar gälla") % facts
    text = _("Den gäller till %(day)s. Utan en ny nyckel får Rauk inte veta när någon slutar.")
    return Sentence(title, text % {"day": day})


LEFT_BEHIND = Kind(
    "left_behind", gettext_lazy("Det som ingen kan ta över när någon slutar"), Delivery.AT_ONCE, _left_behind
)
KEY_ENDS = Kind(
    "directory_key_ends", gettext_lazy("Katalognycklar som slutar gälla"), Delivery.AT_ONCE, _key_ends
)
KINDS = [LEFT_BEHIND, KEY_ENDS]
