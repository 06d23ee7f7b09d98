"""What is told of suppliers that are proposed with a need (pure)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices.kinds import Kind, Sentence
from notices.states import Delivery

Facts = Mapping[str, Any]


def _proposed(facts: Facts) -> Sentence:
    text = _(
        "%(who)s har föreslagit leverantören med ett behov. Inget beställs från den förrän den är prövad."
    )
    return Sentence(_("Leverantören %(name)s ska prövas") % facts, text % facts)


def _examined(facts: Facts) -> Sentence:
    if facts["is_accepted"]:
        title = _("Leverantören %(name)s är godkänd")
        text = _("%(who)s har prövat den. Den som beslutar om raden kan nu välja den.")
    else:
        title = _("Leverantören %(name)s blev inte godkänd")
        text = _("%(who)s har prövat den. Skälet är: %(reason)s")
    return Sentence(title % facts, text % facts)


PROPOSED = Kind(
    "supplier_proposed", gettext_lazy("Föreslagna leverantörer som ska prövas"), Delivery.DIGEST, _proposed
)
EXAMINED = Kind(
    "supplier_examined", gettext_lazy("Föreslagna leverantörer som har prövats"), Delivery.DIGEST, _examined
)
KINDS = [PROPOSED, EXAMINED]
