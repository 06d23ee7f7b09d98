"""What provisioning tells people: the kinds of notices, and the sentences that their facts make (pure)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    for count, one, many in (
        (int(facts["lines"]), _("En rad väntar på henne."), _("%(count)s rader väntar på henne.")),
        (int(facts["attests"]), _("En attest väntar på henne."), _("%(count)s attester väntar på henne.")),
        (int(facts["baskets"]), _("En korg ligger kvar."), _("%(count)s korgar ligger kvar.")),
    ):
        if count:
            parts.append(one if count == 1 else many % {"count": count})
    title = _("%(person)s har slutat och ingen kunde ta över allt") % facts
    return Sentence(title, " ".join(parts))


def _basket(facts: Facts) -> Sentence:
    title = _("Korgen för %(department)s är nu din") % facts
    return Sentence(title, _("%(person)s, som hade den, har slutat.") % facts)


LEFT_BEHIND = Kind(
    "left_behind", gettext_lazy("Det som ingen kan ta över när någon slutar"), Delivery.AT_ONCE, _left_behind
)
BASKET = Kind("basket_inherited", gettext_lazy("Korgar som du tar över"), Delivery.DIGEST, _basket)
KINDS = [LEFT_BEHIND, BASKET]
