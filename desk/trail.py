"""The audit trail as people read it: each code's sentence, its rule in words, and the page that its subject has."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from core import formatting
from core.languages import current_language
from organizations.events import Event as OrganizationsEvent
from procurement.events import Event as ProcurementEvent
from procurement.models import DecisionRule, Deviation, RejectionReason, RoutingRule
from reporting.events import Event as ReportingEvent

Text = str | Promise

SENTENCES: Mapping[str, Text] = dict(
    [*ProcurementEvent.choices, *OrganizationsEvent.choices, *ReportingEvent.choices]
)
"""Every audit code with its sentence, in the order of the chain."""

RULES: Mapping[str, Text] = {
    **dict(RoutingRule.choices),
    **dict(DecisionRule.choices),
    "budget_holder": _("som budgetansvarig"),
    "clock": _("på klockslag"),
    "on_demand": _("på begäran"),
    "attest": _("sedan attest nekats"),
    "order": _("sedan ordern makulerats"),
}

DETAIL_NAMES: Mapping[str, Text] = {
    "amount": _("belopp"),
    "limit": _("gräns"),
    "quantity": _("antal"),
    "unit_price": _("pris"),
    "supplier": _("leverantör"),
    "agreement": _("avtal"),
    "item": _("artikel"),
    "comment": _("kommentar"),
    "reason": _("skäl"),
    "responsible": _("ansvarig"),
    "category": _("kategori"),
    "before": _("tidigare"),
    "lines": _("rader"),
    "to": _("till"),
    "delegate": _("går in"),
    "during": _("dagar"),
    "total": _("summa"),
    "text": _("svar"),
    "deviation": _("avvikelse"),
    "deviation_quantity": _("antal som avviker"),
    "through": _("till och med"),
    "added": _("nya rader"),
    "sha256": _("kontrollsumma"),
}

AMOUNTS = {"amount", "limit", "total"}
PRICES = {"unit_price"}
QUANTITIES = {"quantity", "deviation_quantity"}
WORDS: Mapping[str, Text] = {**dict(RejectionReason.choices), **dict(Deviation.choices)}


def sentence(entry: Entry) -> Text:
    """Say what happened; a code that no app has any longer is shown as it is."""
    return SENTENCES.get(entry.event, entry.event)


def rule(entry: Entry) -> Text:
    """Say by which rule or right it happened."""
    return RULES.get(entry.rule, entry.rule)


def details(entry: Entry) -> list[tuple[Text, str]]:
    """The facts of an entry with their names, numbers as people read them; what is nothing is left out."""
    written = ((DETAIL_NAMES.get(key, key), _written(key, value)) for key, value in entry.details.items())
    return [(name, text) for name, text in written if text]


def _written(key: str, value: object) -> str:
    language = current_language()
    if value in ("", None, [], "none"):
        return ""
    if isinstance(value, list):
        return "–".join(str(each) for each in value)
    if not isinstance(value, str):
        return str(value)
    try:
        if key in AMOUNTS:
            return formatting.kr(Decimal(value), language=language)
        if key in PRICES:
            return formatting.unit_price(Decimal(value), language=language)
        if key in QUANTITIES:
            return formatting.quantity(Decimal(value), language=language) if Decimal(value) else ""
    except InvalidOperation:
        return value
    return str(WORDS.get(value, value))


def address(entry: Entry) -> str:
    """Where the subject can be seen, or nothing."""
    if entry.subject_type == "procurement.requisition":
        return reverse("shop:requisition", args=[entry.subject_label])
    if entry.subject_type == "procurement.purchaseorder":
        return reverse("desk:order", args=[entry.subject_label])
    if entry.subject_type == "procurement.requisitionline":
        return reverse("desk:line", args=[entry.subject_id])
    return ""
