"""Words that several pages share: small numbers spelled out, and what a notice is about (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import reader


def number_word(count: int) -> str:
    """Write a number up to twelve as a word, as running text does, and none as "ingen"; larger ones in digits."""
    return _("ingen") if count == 0 else reader.in_words(count)


def number_word_capitalised(count: int) -> str:
    """The same at the beginning of a sentence."""
    word = number_word(count)
    return word[:1].upper() + word[1:]


def listed(names: Sequence[str]) -> str:
    """Join names as they are said: "Sofia, Ahmed och Marianne"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s och %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def things(facts: Mapping[str, Any]) -> str:
    """What a notice is about: the first line by name (``what``), and how many more there are of its ``count``."""
    others = int(facts["count"]) - 1
    if not others:
        return str(facts["what"])
    text = ngettext("%(what)s och en rad till", "%(what)s och %(others)s rader till", others)
    return text % {"what": facts["what"], "others": others}
