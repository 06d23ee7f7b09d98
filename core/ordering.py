"""
Swedish order and folding in the database, without a collation of the operating system or ICU.

å, ä and ö come last, in that order; é sorts as e, ü as y, æ as ä and ø as ö, whatever the case.
"""

from typing import Any

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, Lower

SORTED_FROM = "ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ"
SORTED_TO = "{{||||}}}}eeeeeeaaaayyccnn"
"""In the C collation the characters after z are { | }, which stand for å ä ö."""

FOLDED_FROM = "ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ"
"""Letters with marks, in both cases since the server's own ``lower`` may know only ASCII."""
FOLDED_TO = "aaaaaaooooeeeeeeaaaauuccnn"

PUNCTUATION = "×,;:.()/-–\"'+&"
SPACES = "x" + " " * (len(PUNCTUATION) - 1)
"""What stands between words; × is written x."""


def swedish(expression: str | Combinable) -> Any:
    """Order by this to sort text as a Swede does; deterministic whatever the server's locale."""
    source = F(expression) if isinstance(expression, str) else expression
    letters = Func(
        source, Value(SORTED_FROM), Value(SORTED_TO), function="translate", output_field=TextField()
    )
    return Collate(Lower(letters), "C")


def swedish_key(text: str) -> str:
    """The same order for a list in memory."""
    return text.translate(str.maketrans(SORTED_FROM, SORTED_TO)).lower()


def folded(text: str) -> str:
    """Lower case without marks, so that "angbrytare" finds "ångbrytare"."""
    return text.translate(str.maketrans(FOLDED_FROM, FOLDED_TO)).lower()


def folding(text: Combinable) -> Any:
    """The same in the database, of what an expression says."""
    letters = Func(text, Value(FOLDED_FROM), Value(FOLDED_TO), function="translate", output_field=TextField())
    return Lower(letters)
