"""The audit trail as people read it: each code's sentence, its rule in words, and the page that its subject has."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from organizations.events import Event as OrganizationsEvent
from procurement.events import Event as ProcurementEvent
from procurement.models import DecisionRule, RejectionReason, RoutingRule
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
}


def sentence(entry: Entry) -> Text:
    """Say what happened; a code that no app has any longer is shown as it is."""
    return SENTENCES.get(entry.event, entry.event)


def rule(entry: Entry) -> Text:
    """Say by which rule or right it happened."""
    return RULES.get(entry.rule, entry.rule)


def details(entry: Entry) -> list[tuple[Text, str]]:
    """The facts of an entry with their names; a value that is nothing is left out."""
    reasons = dict(RejectionReason.choices)
    found: list[tuple[Text, str]] = []
    for key, value in entry.details.items():
        if value in ("", None, []):
            continue
        written = (
            "–".join(map(str, value))
            if isinstance(value, list)
            else str(reasons.get(value, value))
            if isinstance(value, str)
            else str(value)
        )
        found.append((DETAIL_NAMES.get(key, key), written))
    return found


def address(entry: Entry) -> str:
    """Where the subject can be seen, or nothing."""
    if entry.subject_type == "procurement.requisition":
        return reverse("procurement:requisition", args=[entry.subject_label])
    if entry.subject_type == "procurement.purchaseorder":
        return reverse("procurement:order", args=[entry.subject_label])
    if entry.subject_type == "procurement.requisitionline":
        return reverse("procurement:line", args=[entry.subject_id])
    return ""
