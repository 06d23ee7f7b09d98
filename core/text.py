"""
Clean text where it enters, so that everything behind can trust it (pure).

Text is NFC, its lines parted by one line feed. Characters that nobody sees and that documents, searches and databases stumble
on are taken out: control characters, byte-order marks, noncharacters, overrides of the writing direction, and the soft
hyphens that come along when something is copied from a page. A null character or half a surrogate pair is never typed
by a person, and no database holds it: such text is refused.
"""

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u202d\u202e\ufeff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class UnstorableText(ValueError):
    """The text holds a null character or half a surrogate pair."""


def is_storable(text: str) -> bool:
    """Whether a database can hold the text."""
    return (text.isascii() and "\x00" not in text) or not _UNSTORABLE.search(text)


def cleaned(text: str) -> str:
    """
    Take out of a text what nobody sees, and write the rest in one way.

    :raises UnstorableText: it holds a null character or half a surrogate pair.
    """
    if text.isascii() and text.isprintable():
        return text
    if not is_storable(text):
        raise UnstorableText
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)))
