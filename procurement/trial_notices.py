"""What departments are told of items that they try, or have tried (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import reader
from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _trial(facts: Mapping[str, Any]) -> Sentence:
    words = {**facts, "who": ", ".join(facts["departments"])}
    titles = {
        "begun": _("%(who)s prövar %(what)s"),
        "dropped": _("%(who)s prövar inte längre %(what)s"),
        "standard": _("%(what)s har blivit standard"),
        "retired": _("%(what)s tas inte in i sortimentet"),
    }
    texts = {
        "begun": _("Ni kan beställa den från och med %(first)s till och med %(last)s."),
        "dropped": _("Ni kan inte beställa den längre."),
        "standard": _("%(who)s har prövat den. Nu kan alla beställa den."),
        "retired": _("%(who)s har prövat den. Den går inte att beställa längre."),
    }
    days = {
        name: reader.weekday_day(date.fromisoformat(facts[name])) if facts[name] else ""
        for name in ("first", "last")
    }
    quoted_comment = f" ”{facts['comment']}”" if facts["comment"] else ""
    return Sentence(titles[facts["how"]] % words, texts[facts["how"]] % {**words, **days} + quoted_comment)


TRIAL = Kind("item_trial", gettext_lazy("Artiklar som din enhet prövar"), Delivery.DIGEST, _trial)
KINDS = [TRIAL]
