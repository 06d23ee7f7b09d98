"""What the office tells people: what is planned for their department, who takes over, and what could not be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formatting
from core.errors import localized, telling
from core.languages import current_language
from notices.kinds import Kind, Sentence
from notices.states import Delivery

Facts = Mapping[str, Any]


def _day(facts: Facts) -> str:
    return formatting.long_day(date.fromisoformat(facts["day"]), language=current_language())


def _reorganisation(facts: Facts) -> Sentence:
    if facts["how"] == "taken_back":
        return _taken_back(facts)
    titles = {
        "merged": _("%(what)s går upp i %(to)s"),
        "moved": _("%(what)s byter förvaltning"),
        "renamed": _("%(what)s byter namn"),
        "closed": _("%(what)s stängs"),
        "not_closed": _("%(what)s stängs inte"),
    }
    texts = {
        "merged": _("Det gäller från och med %(day)s. Korgar och leveransplatser följer med."),
        "moved": _("Från och med %(day)s hör enheten till %(to)s."),
        "renamed": _("Från och med %(day)s är namnet %(name)s."),
        "closed": _(
            "Från och med %(day)s går det inte att beställa för enheten. Det som är på väg tas emot som vanligt."
        ),
        "not_closed": _("Det går att beställa för enheten också efter %(day)s."),
    }
    text = texts[facts["how"]] % {**facts, "day": _day(facts)}
    if facts["how"] == "moved" and facts["name"]:
        text += " " + _("Namnet blir %(name)s.") % facts
    return Sentence(titles[facts["how"]] % facts, text)


def _category_change(facts: Facts) -> Sentence:
    if facts["how"] == "taken_back":
        return _taken_back(facts)
    titles = {
        "merged": _("%(what)s går upp i %(to)s"),
        "moved": _("%(what)s läggs under %(to)s"),
        "renamed": _("%(what)s byter namn"),
    }
    texts = {
        "merged": _(
            "Det gäller från och med %(day)s. Artiklar, avtal, rader och förslag följer med, och ansvaret är den andra kategorins."
        ),
        "moved": _("Det gäller från och med %(day)s."),
        "renamed": _("Från och med %(day)s är namnet %(name)s."),
    }
    text = texts[facts["how"]] % {**facts, "day": _day(facts)}
    if facts["how"] == "moved" and facts["name"]:
        text += " " + _("Namnet blir %(name)s.") % facts
    return Sentence(titles[facts["how"]] % facts, text)


def _taken_back(facts: Facts) -> Sentence:
    title = _("%(what)s ändras inte") % facts
    return Sentence(title, _("Det som var planerat till %(day)s är återtaget.") % {"day": _day(facts)})


def _departure(facts: Facts) -> Sentence:
    facts = {**facts, "day": _day(facts)}
    titles = {
        "successor": _("Du tar över efter %(who)s"),
        "leaver": _("Ditt konto stängs"),
        "successor_not": _("Du tar inte över efter %(who)s"),
        "leaver_not": _("Ditt konto stängs inte"),
    }
    texts = {
        "successor": _("Kategorier och korgar blir dina %(day)s."),
        "leaver": _("Från och med %(day)s tar %(to)s över det du svarar för."),
        "successor_not": _("Det som var planerat till %(day)s är återtaget."),
        "leaver_not": _("Det som var planerat till %(day)s är återtaget."),
    }
    return Sentence(titles[facts["how"]] % facts, texts[facts["how"]] % facts)


def _refused(facts: Facts) -> Sentence:
    title = _("En planerad ändring gick inte att genomföra")
    text = _("%(what)s, %(day)s.") % {"what": facts["what"], "day": _day(facts)}
    return Sentence(title, telling("%(text)s %(why)s", text=text, why=localized(facts["reason"])))


REORGANISATION = Kind(
    "reorganisation", gettext_lazy("Ändringar i din enhet"), Delivery.DIGEST, _reorganisation
)
CATEGORY_CHANGE = Kind(
    "category_change", gettext_lazy("Ändringar i dina kategorier"), Delivery.DIGEST, _category_change
)
DEPARTURE = Kind("departure", gettext_lazy("När någon slutar"), Delivery.DIGEST, _departure)
PLAN_REFUSED = Kind(
    "plan_refused",
    gettext_lazy("Planerade ändringar som inte gick att genomföra"),
    Delivery.AT_ONCE,
    _refused,
)
KINDS = [REORGANISATION, CATEGORY_CHANGE, DEPARTURE, PLAN_REFUSED]
