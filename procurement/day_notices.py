"""What is told when what is ordered is to come on another day than was agreed upon, or somebody wishes that it did (pure)."""

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
    subject = _("inköpsorder %(number)s") if facts["is_order"] else _("beställning %(number)s")
    titles = {
        "asked": _("En annan leveransdag är begärd för %(subject)s"),
        "agreed": _("Leveransdagen är ändrad för %(subject)s"),
        "kept": _("Leveransdagen står fast för %(subject)s"),
        "declined": _("Leveransdagen står fast för %(subject)s"),
    }
    texts = _texts_of_one_day() if facts["day"] else _texts_of_days()
    days = {name: _day_text(facts[name]) for name in ("day", "before")}
    text = texts[facts["how"]] % {**facts, **days, "things": things(facts)}
    quote = f" ”{facts['text']}”" if facts["text"] else ""
    return Sentence(titles[facts["how"]] % {"subject": subject % facts}, text + quote)


def _day_text(day: str) -> str:
    """A day by its name and date; nothing when there are several."""
    return reader.weekday_day(date.fromisoformat(day)) if day else ""


def _texts_of_one_day() -> dict[str, str]:
    """When all of it is moved from one day to another."""
    return {
        "asked": _(
            "%(who)s har bett %(supplier)s leverera %(things)s %(day)s i stället för %(before)s. Dagen gäller när leverantören"
            " har svarat ja."
        ),
        "agreed": _("%(supplier)s levererar %(things)s %(day)s i stället för %(before)s."),
        "kept": _(
            "%(supplier)s kan inte leverera %(things)s %(day)s. Leveransen väntas %(before)s som förut."
        ),
        "declined": _("%(who)s frågar inte leverantören om %(things)s kan komma %(day)s."),
    }


def _texts_of_days() -> dict[str, str]:
    """When lines of it are moved from or to different days."""
    return {
        "asked": _(
            "%(who)s har bett %(supplier)s leverera %(things)s på andra dagar. Dagarna gäller när leverantören har svarat ja."
        ),
        "agreed": _("%(supplier)s levererar %(things)s på andra dagar än förut."),
        "kept": _("%(supplier)s kan inte byta dag för %(things)s. Dagarna gäller som förut."),
    }


def _wish(facts: Facts) -> Sentence:
    days = {name: _day_text(facts[name]) for name in ("day", "before")}
    text = _("%(who)s vill ha %(what)s %(day)s i stället för %(before)s:") % {**facts, **days}
    return Sentence(
        _("En annan leveransdag önskas för beställning %(number)s") % facts, f"{text} ”{facts['text']}”"
    )


DELIVERY_DAY = Kind("delivery_day", gettext_lazy("Leveransdagar som ni har bett om"), Delivery.DIGEST, _day)
DAY_WISH = Kind("day_wish", gettext_lazy("Leveransdagar som enheter önskar"), Delivery.DIGEST, _wish)
KINDS = [DELIVERY_DAY, DAY_WISH]
