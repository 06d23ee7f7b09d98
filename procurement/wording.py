"""Words that several pages share: small numbers spelled out, and who has a line now (pure)."""

from django.utils.translation import gettext as _

from core import reader


def spelled(count: int) -> str:
    """Write a number up to twelve as a word, as running text does, and none as "ingen"; larger ones in digits."""
    return _("ingen") if count == 0 else reader.in_words(count)


def spelled_first(count: int) -> str:
    """The same at the beginning of a sentence."""
    word = spelled(count)
    return word[:1].upper() + word[1:]
