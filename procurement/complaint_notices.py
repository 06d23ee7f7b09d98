"""What is told of complaints: how one ended, and that its day has passed (pure)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import reader, units
from core.languages import current_language
from notices.kinds import Kind, Sentence
from notices.states import Delivery
from procurement.models import Expectation, SettlementOutcome

Facts = Mapping[str, Any]


def _with_things(facts: Facts) -> dict[str, Any]:
    quantity = units.quantity_text(Decimal(facts["quantity"]), facts["unit"], language=current_language())
    return {**facts, "things": f"{quantity} {facts['what']}"}


REPLACED = "replaced"
"""That a complaint ended because what was to come anew has come."""
UNDELIVERED = "undelivered"
"""That a complaint ended because the supplier does not deliver what was left, and it is not waited for."""


def _settled(facts: Facts) -> Sentence:
    if facts["outcome"] == REPLACED:
        return Sentence(
            _("Det nya från %(supplier)s har kommit") % facts,
            _("Reklamationen gällde %(things)s. %(who)s tog emot det som var kvar.") % _with_things(facts),
        )
    if facts["outcome"] == UNDELIVERED:
        return Sentence(
            _("Det nya från %(supplier)s kommer inte") % facts,
            _("Reklamationen gällde %(things)s. Det som var kvar av raden levereras inte.")
            % _with_things(facts),
        )
    titles = {
        SettlementOutcome.DONE: _("Reklamationen till %(supplier)s är klar"),
        SettlementOutcome.NOT_COMING: _("Det blir inget av reklamationen till %(supplier)s"),
    }
    text = _("Den gällde %(things)s. %(who)s avslutade den.") % _with_things(facts)
    quote = f" ”{facts['reference']}”" if facts["reference"] else ""
    return Sentence(titles[SettlementOutcome(facts["outcome"])] % facts, text + quote)


def _late(facts: Facts) -> Sentence:
    texts = {
        Expectation.REPLACEMENT: _("%(things)s skulle ha kommit på nytt senast %(day)s."),
        Expectation.CREDIT: _("%(things)s skulle ha krediterats senast %(day)s."),
        Expectation.COLLECTION: _("%(things)s skulle ha hämtats senast %(day)s."),
    }
    details = _with_things(facts) | {"day": reader.weekday_day(date.fromisoformat(facts["day"]))}
    text = texts[Expectation(facts["expects"])] % details
    return Sentence(_("%(supplier)s har inte svarat på en reklamation i tid") % facts, text)


COMPLAINT_SETTLED = Kind(
    "complaint_settled", gettext_lazy("Reklamationer som är avslutade"), Delivery.DIGEST, _settled
)
COMPLAINT_LATE = Kind(
    "complaint_late", gettext_lazy("Reklamationer som inte är besvarade i tid"), Delivery.DIGEST, _late
)
KINDS = [COMPLAINT_SETTLED, COMPLAINT_LATE]
