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

from core.errors import DomainError, RefusalSentence

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
    find_citation: Callable[[str], Citation | None] = import_string(settings.CITATIONS)
    return find_citation(code)


def codes_of(refusal: object) -> tuple[str, ...]:
    """The codes that a refusal, its sentence or a message has, its own first; none when it tells of no refusal."""
    if isinstance(refusal, Message):
        tags = (refusal.extra_tags or "").split()
        return tuple(tag.removeprefix(RULE) for tag in tags if tag.startswith(RULE))
    return refusal.codes if isinstance(refusal, RefusalSentence | DomainError) else ()


def citation_for(refusal: object) -> Citation | None:
    """The paragraph that stands behind what a sentence, or a message, tells: the first that there is one for."""
    return next(filter(None, map(citation_of, codes_of(refusal))), None)


class CitingMessages(SessionStorage):
    """Messages that remember, until they are read, of which rule they tell."""

    def add(self, level: int, message: str, extra_tags: str | None = "") -> None:
        """Keep a message, with the codes of the refusals that it tells of."""
        rules = " ".join(f"{RULE}{code}" for code in codes_of(message))
        super().add(level, message, f"{extra_tags or ''} {rules}".strip() if rules else extra_tags)
