"""Anticipated failures: exceptions with a stable code and a sentence for a person."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import formatting
from core.languages import current_language
from core.money import Kronor


@dataclass(frozen=True, slots=True)
class Names:
    """What a thing is called in both languages, where it is passed on to be named in a sentence."""

    sv: str
    en: str

    def __str__(self) -> str:
        return self.en if current_language().startswith("en") else self.sv


class RefusalSentence(str):
    """
    The sentence of a refusal, which keeps its code on its way to a form, a message or a page.

    So whoever shows it can say which paragraph of the guideline it rests on (``core.citations``). Of one that tells of others,
    its own code comes before theirs.
    """

    codes: tuple[str, ...]

    def __new__(cls, text: str, *codes: str) -> Self:
        """Make it of a text."""
        sentence = super().__new__(cls, text)
        sentence.codes = tuple(dict.fromkeys(code for code in codes if code))
        return sentence

    def __str__(self) -> str:
        """Itself, with its code."""
        return self


def codes_in(facts: Iterable[object]) -> list[str]:
    """The codes of the refusals that are among some facts, in their order."""
    refusals = (fact for fact in facts if isinstance(fact, RefusalSentence | DomainError))
    return [code for refusal in refusals for code in refusal.codes]


def telling(text: str, /, **facts: object) -> str:
    """A sentence that tells of refusals among its facts, and is cited as they are."""
    return RefusalSentence(text % facts, *codes_in(facts.values()))


class DomainError(Exception):
    """
    A refusal that a person can understand and act on.

    Subclasses stand beside the function that raises them and set ``code`` (stable, for programs) and
    ``sentence`` (translatable, with named placeholders filled from the keyword arguments). Pass numbers and ``Names``
    as they are: they are written in the reader's language when the sentence is read.
    """

    by_code: ClassVar[dict[str, type["DomainError"]]] = {}
    """Every refusal, so that one that was stored can be read again."""

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str | Promise] = _("Det gick inte att genomföra.")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in vars(cls):
            DomainError.by_code[cls.code] = cls

    @property
    def codes(self) -> tuple[str, ...]:
        """Its own code, and those of the refusals that it tells of."""
        return (self.code, *codes_in(self.facts.values()))

    def __str__(self) -> str:
        facts = {name: fact_text(fact) for name, fact in self.facts.items()}
        text = str(self.sentence) % facts if facts else str(self.sentence)
        return RefusalSentence(text, *self.codes)


def in_english(error: DomainError) -> str:
    """Give the sentence in English, for those who run commands."""
    with translation.override("en"):
        return str(error)


STORED_REFUSAL = '{"code"'
"""What a stored refusal begins with, and no sentence does."""


def stored(error: DomainError) -> str:
    """A refusal as it is kept: its code and facts, from which ``localized`` makes the sentence in any language."""
    facts = {name: _encode_fact(fact) for name, fact in error.facts.items()}
    return json.dumps({"code": error.code, "facts": facts}, ensure_ascii=False)


def localized(text: str) -> str:
    """Write a stored refusal in the reader's language; text of another kind is given back as it is."""
    if not text.startswith(STORED_REFUSAL):
        return text
    try:
        data = json.loads(text)
        error = DomainError.by_code[data["code"]]
        facts = {name: _decode_fact(fact) for name, fact in data["facts"].items()}
    except (ValueError, TypeError, KeyError):
        return text
    refusal = error.__new__(error)
    DomainError.__init__(refusal, **facts)
    return str(refusal)


def reread_code(text: str) -> str:
    """The code of a stored refusal; nothing where the text is of another kind."""
    try:
        return str(json.loads(text)["code"]) if text.startswith(STORED_REFUSAL) else ""
    except (ValueError, KeyError):
        return ""


def _encode_fact(fact: Any) -> Any:
    """A fact as JSON has it; a kind of its own is told by the key."""
    if isinstance(fact, Names):
        return {"sv": fact.sv, "en": fact.en}
    if isinstance(fact, Kronor):
        return {"kronor": str(fact)}
    if isinstance(fact, Decimal):
        return {"number": str(fact)}
    if isinstance(fact, date):
        return {"day": fact.isoformat()}
    if isinstance(fact, RefusalSentence):
        return {"said": str.__str__(fact), "codes": fact.codes}
    return fact if isinstance(fact, int) else str(fact)


def _decode_fact(fact: Any) -> Any:
    match fact:
        case {"sv": sv, "en": en}:
            return Names(sv, en)
        case {"kronor": amount}:
            return Kronor(amount)
        case {"number": number}:
            return Decimal(number)
        case {"day": day}:
            return date.fromisoformat(day)
        case {"said": said, "codes": codes}:
            return RefusalSentence(said, *codes)
    return fact


def fact_text(fact: Any) -> Any:
    """Write a fact as a sentence in the reader's language has it: ``1 400 kr``, ``2,5``, ``tisdag 18 maj 2021``."""
    language = current_language()
    if isinstance(fact, Kronor):
        return formatting.kr(fact, _decimal_places(fact), language=language)
    if isinstance(fact, Decimal):
        return formatting.quantity(fact, language=language)
    if isinstance(fact, date):
        return formatting.long_day(fact, language=language)
    return str(fact) if isinstance(fact, Names) else fact


def _decimal_places(amount: Decimal) -> int:
    """None for whole kronor, two for öre, and as many as it has for a price of a part of an öre."""
    if amount == amount.to_integral_value():
        return 0
    return max(2, -int(amount.normalize().as_tuple().exponent))


class NotPermitted(DomainError):
    """This person may not do this now."""

    code = "not_permitted"
    sentence = _("Du har inte behörighet att göra det här.")


class WrongState(DomainError):
    """The object is no longer, or not yet, in a state where this can be done."""

    code = "wrong_state"
    sentence = _("Det här kan inte göras i nuvarande läge.")


class InvalidInput(DomainError):
    """A value has the right shape but cannot be true here, such as an unknown code or an absurd quantity."""

    code = "invalid_input"
    sentence = _("Uppgifterna stämmer inte.")


class KeyIsTaken(InvalidInput):
    """The key that makes a repeated request harmless was used by somebody else, for something else."""

    code = "key_is_taken"
    sentence = _("Någon annan har redan skickat det här. Öppna sidan på nytt, eller ange en ny nyckel.")
