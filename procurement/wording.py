"""Words that several pages share: small numbers spelled out, and who has a line now (pure)."""

from django.utils.translation import gettext as _


def spelled(count: int) -> str:
    """Write a number up to twelve as a word, as running Swedish text does; larger ones in digits."""
    words = (
        _("ingen"),
        _("en"),
        _("två"),
        _("tre"),
        _("fyra"),
        _("fem"),
        _("sex"),
        _("sju"),
        _("åtta"),
        _("nio"),
        _("tio"),
        _("elva"),
        _("tolv"),
    )
    return words[count] if 0 <= count < len(words) else str(count)


def spelled_first(count: int) -> str:
    """The same at the beginning of a sentence."""
    word = spelled(count)
    return word[:1].upper() + word[1:]
