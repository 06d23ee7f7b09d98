"""Kinds of notices: what each is called, how it comes unless the person has chosen, and its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from notices.states import Delivery


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    What a notice says, in the reader's language.

    :param title: what has happened, and where. It is the subject of the e-mail, so nothing secret stands in it.
    :param text: who, what and why; empty when the title says it all.
    """

    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """
    A kind of notice.

    :param label: what the person chooses about.
    :param delivery: how it comes unless she has chosen. What comes to those who decide waits for the morning's digest;
        what somebody waits for herself comes at once.
    :param sentence: the sentence that its facts make; called in the reader's language.
    :param is_mailable: whether it may go by e-mail at all.
    """

    name: str
    label: Promise
    delivery: Delivery
    sentence: Callable[[Mapping[str, Any]], Sentence]
    is_mailable: bool = True


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name, in the order of the settings."""
    return {kind.name: kind for path in settings.NOTICE_KINDS for kind in import_string(path)}


def urgency_of(name: str) -> int:
    """How soon a kind of notice needs its reader: 0 for what needs her most, and the most for what she only gets to know."""
    return _rank_by_name().get(name, len(_rank_by_name()))


@cache
def _rank_by_name() -> dict[str, int]:
    return {name: place for place, name in enumerate(settings.URGENT_NOTICES)}


def sentence_of(name: str, facts: Mapping[str, Any]) -> Sentence:
    """The sentence of a notice; one whose kind or facts the program no longer knows says that something has happened."""
    try:
        return kinds()[name].sentence(facts)
    except (KeyError, ValueError):
        return Sentence(_("Något har hänt som rör dig"))
