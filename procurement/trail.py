"""Entries of the trail as people read them: the rule in words, and the facts with their names."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from core import formatting
from core.languages import current_language
from procurement.models import DecisionRule, Deviation, RejectionReason, RoutingRule

Text = str | Promise

RULES: Mapping[str, Text] = {
    **dict(RoutingRule.choices),
    **dict(DecisionRule.choices),
    "budget_holder": _("som budgetansvarig"),
    "clock": _("på klockslag"),
    "on_demand": _("på begäran"),
    "attest": _("sedan attest nekats"),
    "recheck": _("sedan villkoren ändrats"),
    "order": _("sedan ordern makulerats"),
}

DETAIL_NAMES: Mapping[str, Text] = {
    "amount": _("belopp"),
    "limit": _("gräns"),
    "quantity": _("antal"),
    "quantity_before": _("förut"),
    "unit_price": _("pris"),
    "supplier": _("leverantör"),
    "agreement": _("avtal"),
    "item": _("artikel"),
    "comment": _("kommentar"),
    "reason": _("skäl"),
    "responsible": _("ansvarig"),
    "category": _("kategori"),
    "before": _("förut"),
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
QUANTITIES = {"quantity", "deviation_quantity", "quantity_before"}
WORDS: Mapping[str, Text] = {**dict(RejectionReason.choices), **dict(Deviation.choices)}


def rule(entry: Entry) -> Text:
    """Say by which rule or right it happened."""
    return RULES.get(entry.rule, entry.rule)


def details(entry: Entry, *, without: Collection[str] = ()) -> list[tuple[Text, str]]:
    """The facts of an entry with their names, numbers as people read them; what is nothing is left out."""
    written = (
        (DETAIL_NAMES.get(key, key), _written(key, value))
        for key, value in entry.details.items()
        if key not in without
    )
    return [(name, text) for name, text in written if text]


def _written(key: str, value: object) -> str:
    language = current_language()
    if value in ("", None, [], "none"):
        return ""
    if isinstance(value, list):
        return "–".join(_written(key, each) for each in value)
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
    return str(WORDS.get(value, _moment(value)))


def _moment(value: str) -> str:
    """A day or a moment as people read it, in the time of the region; other text as it is."""
    try:
        if len(value) == len("2026-11-25"):
            return formatting.iso(date.fromisoformat(value))
        at = timezone.localtime(datetime.fromisoformat(value))
        return f"{formatting.iso(at.date())} {formatting.clock(at)}"
    except ValueError:
        return value
