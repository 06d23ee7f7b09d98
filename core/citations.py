"""
What in the region's own guideline a refusal rests on, shown wherever a refusal becomes an answer.

Core knows that a rule may have its paragraph, and not where it is written: the settings name who knows (``CITATIONS``).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.utils.module_loading import import_string

RULE = "rule:"
"""What stands before a rule's code among the extra tags of a message."""


@dataclass(frozen=True, slots=True)
class Citation:
    """
    A paragraph of the guideline.

    :param paragraph: its number, such as 4.2.
    :param text: how it is cited, in the reader's language: "Enligt riktlinje för inköp § 4.2".
    :param address: where it is read.
    """

    paragraph: str
    text: str
    address: str


def citation_of(code: str) -> Citation | None:
    """The paragraph that stands behind a rule, by the code of its refusal; none where there is none."""
    if not code:
        return None
    known: Callable[[str], Citation | None] = import_string(settings.CITATIONS)
    return known(code)


def code_of(said: object) -> str:
    """The code of the refusal that a sentence, or a message, tells; nothing when it tells of none."""
    if isinstance(said, Message):
        tags = (said.extra_tags or "").split()
        return next((tag.removeprefix(RULE) for tag in tags if tag.startswith(RULE)), "")
    return getattr(said, "code", "")


class CitingMessages(SessionStorage):
    """Messages that remember, until they are read, of which rule they tell."""

    def add(self, level: int, message: str, extra_tags: str | None = "") -> None:
        """Keep a message, with the code of the refusal that it tells."""
        code = getattr(message, "code", "")
        super().add(level, message, f"{extra_tags or ''} {RULE}{code}".strip() if code else extra_tags)
