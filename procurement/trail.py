"""Entries of the trail as people read them: the rule in words, and the facts with their names."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from catalog.models import Equivalence
from catalog.states import BidOutcome, ItemStatus
from core import formatting
from core.errors import localized
from core.languages import current_language
from organizations.models import DelegationScope, KeyScope, Role
from procurement.models import (
    Answer,
    Competition,
    DecisionNature,
    DecisionRule,
    Deviation,
    ExceptionGround,
    Expectation,
    ObservationOutcome,
    RejectionReason,
    RoutingRule,
    SettlementOutcome,
    Severity,
)

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
    "reduced": _("sedan ordern minskats"),
    "warn": _("och gick vidare"),
    "route": _("och gick till attest"),
}

DETAIL_NAMES: Mapping[str, Text] = {
    "amount": _("belopp"),
    "released": _("frigjort belopp"),
    "limit": _("gräns"),
    "charged": _("ansvar"),
    "frame": _("ram"),
    "over_frame": _("saknas i ramen"),
    "over": _("saknas"),
    "quantity": _("antal"),
    "quantity_before": _("förut"),
    "unit_price": _("pris"),
    "price_before": _("pris förut"),
    "supplier": _("leverantör"),
    "agreement": _("avtal"),
    "item": _("artikel"),
    "comment": _("kommentar"),
    "reason": _("skäl"),
    "responsible": _("ansvarig"),
    "category": _("kategori"),
    "account": _("konto"),
    "activity": _("verksamhet"),
    "activity_before": _("verksamhet förut"),
    "project": _("projekt"),
    "project_before": _("projekt förut"),
    "before": _("förut"),
    "lines": _("rader"),
    "items": _("artiklar"),
    "agreements": _("avtal"),
    "to": _("till"),
    "delegate": _("går in"),
    "covers": _("gäller"),
    "during": _("dagar"),
    "total": _("summa"),
    "text": _("svar"),
    "deviation": _("avvikelse"),
    "deviation_quantity": _("antal som avviker"),
    "expects": _("leverantören"),
    "outcome": _("utfall"),
    "through": _("till och med"),
    "option": _("option"),
    "added": _("nya rader"),
    "members_in": _("nya medlemmar"),
    "members_out": _("borttagna medlemmar"),
    "sha256": _("kontrollsumma"),
    "source": _("källa"),
    "meaning": _("betydelse"),
    "part": _("avsnitt"),
    "version": _("version"),
    "kind": _("handling"),
    "meeting": _("möte"),
    "paragraph": _("paragraf"),
    "attempt": _("försök"),
    "count": _("antal rader"),
    "method": _("metod"),
    "without_baseline": _("utan baslinje"),
    "full_year_effect": _("helårseffekt"),
    "avoidance": _("undviken höjning"),
    "delegator": _("åt"),
    "error": _("fel"),
    "size": _("storlek i byte"),
    "imported": _("inlästa"),
    "already_present": _("fanns redan"),
    "refused": _("nekade"),
    "manager": _("ansvarig"),
    "deputy": _("ersättare"),
    "from_date": _("från och med"),
    "last_date": _("sista dagen"),
    "role": _("roll"),
    "way": _("med"),
    "second_factor": _("andra steg"),
    "factor": _("vilket"),
    "department": _("enhet"),
    "days": _("antal dagar"),
    "scope": _("får"),
    "register": _("register"),
    "people": _("personer"),
    "baskets": _("korgar"),
    "departments": _("enheter"),
    "posts": _("kategorier"),
    "successor": _("efterträdare"),
    "counts": _("rader"),
    "language": _("språk"),
    "directory": _("katalog"),
    "file": _("fil"),
    "document": _("slags dokument"),
    "description": _("visar"),
    "taken_back": _("togs tillbaka med"),
    "after": _("nu"),
    "answer": _("svar"),
    "batch": _("parti"),
    "severity": _("att göra"),
    "replacement": _("ersätts av"),
    "conversion": _("nya för varje gammal"),
    "equivalence": _("likvärdighet"),
    "condition": _("villkor"),
    "order": _("inköpsorder"),
    "note": _("notering"),
    "stance": _("röst"),
    "votes": _("röster för, emot, avstår, jäviga"),
    "synonym": _("synonym"),
    "competition": _("konkurrens"),
    "renewed_competition": _("konkurrensutsättning"),
    "not_invited": _("inte inbjudna"),
    "bid_prices": _("priser i anbudet"),
    "invited": _("inbjudna"),
    "invited_date": _("inbjuden den"),
    "diary_number": _("diarienummer"),
    "similar_amount": _("köpt utanför avtal på tolv månader"),
    "similar_limit": _("gräns för direktupphandling"),
    "exception_ground": _("undantag"),
    "exception_reason": _("skäl till undantaget"),
    "nature": _("slag av beslut"),
    "approved_before_by": _("upphäver godkännandet av"),
    "due": _("svarsdag"),
    "asked": _("tillfrågade"),
    "files": _("bilagor"),
    "reference": _("leverantörens referens"),
    "agreed": _("rader vars ändring godtogs"),
    "org_number": _("organisationsnummer"),
    "interest": _("uppgett jäv"),
    "declined": _("rader vars ändring avböjdes"),
    "number": _("nummer"),
    "title": _("namn"),
    "removed": _("borttagen"),
    "adopted_by": _("antagen av"),
    "day": _("dag"),
    "day_before": _("dag förut"),
}

BY_ITSELF = {DecisionRule.TERMS.value, "recheck"}
"""Rules by which something happens because the gate says so."""

AMOUNTS = {
    "amount",
    "released",
    "limit",
    "total",
    "full_year_effect",
    "avoidance",
    "frame",
    "over_frame",
    "over",
    "similar_amount",
    "similar_limit",
}
PRICES = {"unit_price", "price_before"}
QUANTITIES = {"quantity", "deviation_quantity", "quantity_before"}
WORDS: Mapping[str, Text] = {
    **dict(RejectionReason.choices),
    **dict(DecisionNature.choices),
    **dict(Deviation.choices),
    **dict(Expectation.choices),
    **dict(SettlementOutcome.choices),
    **dict(Role.choices),
    **dict(KeyScope.choices),
    **dict(DelegationScope.choices),
    **dict(ItemStatus.choices),
    **dict(Equivalence.choices),
    **dict(Severity.choices),
    **dict(ExceptionGround.choices),
    **dict(Competition.choices),
    **dict(BidOutcome.choices),
    **dict(ObservationOutcome.choices),
    **dict(Answer.choices),
}


def rule(entry: Entry) -> Text:
    """Say by which rule or right it happened."""
    return RULES.get(entry.rule, entry.rule)


def details(
    entry: Entry, *, without: Collection[str] = (), words: Mapping[str, Text] = WORDS
) -> list[tuple[Text, str]]:
    """
    The facts of an entry with their names, numbers as people read them; what is nothing is left out.

    :param words: what is said for the values that are codes.
    """
    pairs = (
        (DETAIL_NAMES.get(key, key), _text_of(key, _reread(entry, value), words))
        for key, value in entry.details.items()
        if key not in without
    )
    return [(name, text) for name, text in pairs if text]


def comment(entry: Entry) -> str:
    """What was written with what happened."""
    return str(_reread(entry, entry.details.get("comment") or entry.details.get("text") or ""))


def _reread(entry: Entry, value: object) -> object:
    """A detail, with what the gate said in the reader's language."""
    if entry.rule not in BY_ITSELF:
        return value
    if isinstance(value, list):
        return " ".join(localized(str(each)) for each in value)
    return localized(value) if isinstance(value, str) else value


def _text_of(key: str, value: object, words: Mapping[str, Text]) -> str:
    language = current_language()
    if value in ("", None, [], "none"):
        return ""
    if key == "during" and isinstance(value, list):
        return _days(*value)
    if key in ("asked", "files") and isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, list):
        return "–".join(_text_of(key, each, words) for each in value)
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
    return str(words.get(value) or _moment(value))


def _days(first: str, after: str | None) -> str:
    """The first and the last day of a period, whose upper end was kept as the day after."""
    if after in (None, "None"):
        return f"{first}–"
    return f"{first}–{formatting.iso(date.fromisoformat(after) - timedelta(days=1))}"


def _moment(value: str) -> str:
    """A day or a moment as people read it, in the time of the region; other text as it is."""
    try:
        if len(value) == len("2026-11-25"):
            return formatting.iso(date.fromisoformat(value))
        at = timezone.localtime(datetime.fromisoformat(value))
        return f"{formatting.iso(at.date())} {formatting.clock(at)}"
    except ValueError:
        return value
