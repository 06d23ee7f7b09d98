"""The language of whoever reads."""

from django.utils.translation import get_language


def current_language() -> str:
    """The reader's language; Swedish where none is chosen."""
    return get_language() or "sv"
