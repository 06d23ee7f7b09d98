"""What is told when what is ordered is to come on another day than was agreed upon (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import reader
from notices.kinds import Kind, Sentence
from notices.states import Delivery
from procurement.wording import things

Facts = Mapping[str, Any]


def _day(facts: Facts) -> Sentence:
    subject = (_("inköpsorder %(number)s") if facts["is_order"] else _("beställning %(number)s")) % facts
    titles = {
        "asked": _("En annan leveransdag är begärd för %(subject)s"),
        "agreed": _("Leveransdagen är ändrad för %(subject)s"),
        "kept": _("Leveransdagen står fast för %(subject)s"),
    }
    named = {**facts, "things": things(facts)}
    text = (_texts_of_one_day(named) if facts["day"] else _texts_of_days())[facts["how"]] % named
    said = f" ”{facts['text']}”" if facts["text"] else ""
    return Sentence(titles[facts["how"]] % {"subject": subject}, text + said)


def _texts_of_one_day(named: dict[str, Any]) -> dict[str, str]:
    """When all of it is moved from one day to another; the days are put in words."""
    for name in ("before", "day"):
        named[name] = reader.weekday_day(date.fromisoformat(named[name]))
    return {
        "asked": _(
            "%(who)s har bett %(supplier)s leverera %(things)s %(day)s i stället för %(before)s. Dagen gäller när leverantören"
            " har svarat ja."
        ),
        "agreed": _("%(supplier)s levererar %(things)s %(day)s i stället för %(before)s."),
        "kept": _(
            "%(supplier)s kan inte leverera %(things)s %(day)s. Leveransen väntas %(before)s som förut."
        ),
    }


def _texts_of_days() -> dict[str, str]:
    return {
        "asked": _(
            "%(who)s har bett %(supplier)s leverera %(things)s på andra dagar. Dagarna gäller när leverantören har svarat ja."
        ),
        "agreed": _("%(supplier)s levererar %(things)s på andra dagar än förut."),
        "kept": _("%(supplier)s kan inte byta dag för %(things)s. Dagarna gäller som förut."),
    }


DELIVERY_DAY = Kind("delivery_day", gettext_lazy("Leveransdagar som ni har bett om"), Delivery.DIGEST, _day)
KINDS = [DELIVERY_DAY]
