"""
Documents as PDF/UA-1, typeset by Typst with the fonts that come with it.

A template gets one JSON text and nothing else, so the same facts always give the same bytes, and no text of a
person's can be read as markup. PDF/UA refuses characters that no font can show; such a character, an emoji say, is
shown as � rather than holding up the document.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

PROJECT_DIR = Path(__file__).resolve().parent.parent
UNKNOWN = "\ufffd"
MOST_ATTEMPTS = 40
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')

# European letters, punctuation, currencies, arrows and mathematics; no controls, nothing that turns the direction.
_FAMILIAR = re.compile(
    "[\n\t -~\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf"
    "\u2100-\u214f\u2190-\u21ff\u2200-\u22ff\ufb00-\ufb02\ufffd]"
)


class NotTypeset(Exception):
    """The document could not be typeset, whatever was tried."""


def typeset(template: Path, facts: dict[str, Any], *, at: datetime) -> bytes:
    """
    Typeset a template that lies within the project.

    The template reads its facts with ``json(bytes(sys.inputs.facts))`` and may import
    ``/core/documents/style.typ``. ``at`` is the document's date in its properties.

    :raises NotTypeset: the template or a text cannot be typeset.
    """
    facts = _replaced(facts, lambda character: _FAMILIAR.match(character) is None)
    for _attempt in range(MOST_ATTEMPTS):
        try:
            return _typeset(template, facts, at)
        except typst.TypstError as error:
            not_shown = _NOT_SHOWN.search(str(error))
            if not_shown is None:
                raise NotTypeset(str(error)) from error
            facts = _replaced(facts, not_shown[1].__contains__)
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # what a fault in Typst itself looks like from here
                raise
            raise NotTypeset(str(error)) from None
    raise NotTypeset("too many characters that no font can show")


def _typeset(template: Path, facts: dict[str, Any], at: datetime) -> bytes:
    return bytes(
        typst.compile(
            str(template),
            root=str(PROJECT_DIR),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            timestamp=int(at.timestamp()),
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        )
    )


def _replaced(facts: Any, is_unknown: Callable[[str], bool]) -> Any:
    """Write � for every unknown character, wherever in the facts it stands."""
    if isinstance(facts, str):
        return "".join(UNKNOWN if is_unknown(character) else character for character in facts)
    if isinstance(facts, dict):
        return {name: _replaced(value, is_unknown) for name, value in facts.items()}
    return [_replaced(value, is_unknown) for value in facts] if isinstance(facts, list | tuple) else facts
