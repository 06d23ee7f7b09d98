"""
Documents as PDF/UA-1, and pictures, typeset by Typst with fonts that come with the program (ADR 0016).

A template gets one JSON text and nothing else, so the same facts always give the same bytes, and no text of a
person's can be read as markup. PDF/UA refuses characters that no font can show; such a character is shown as �
rather than holding up the document.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

from core.printable import each_text

PROJECT_DIR = Path(__file__).resolve().parent.parent
FONT_DIRS = [str(files(package)) for package in ("manimgx_fonts", "manimgx_fonts_cjk")]
UNKNOWN = "\ufffd"
MOST_ATTEMPTS = 12
PIXELS_PER_INCH = 192
"""How fine a picture is drawn: twice what a screen shows, for paper."""
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)

# European letters, punctuation, currencies, arrows and mathematics: what is left when too much else cannot be shown.
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
    facts = each_text(facts)
    for attempt in range(MOST_ATTEMPTS + 1):
        try:
            return _typeset(template, facts, at)
        except typst.TypstError as error:
            not_shown = _NOT_SHOWN.search(str(error))
            if not_shown is None:
                raise NotTypeset(str(error)) from error
            is_last = attempt >= MOST_ATTEMPTS - 1
            is_unknown = _is_unfamiliar if is_last else not_shown[1].__contains__
            facts = each_text(facts, partial(_replace_unknown, is_unknown=is_unknown))
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # what a fault in Typst itself looks like from here
                raise
            raise NotTypeset(str(error)) from None
    raise NotTypeset("too many characters that no font can show")


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the program, found once per process; those of the computer are not used."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=FONT_DIRS)


def _typeset(template: Path, facts: dict[str, Any], at: datetime) -> bytes:
    return bytes(
        typst.compile(
            str(template),
            root=str(PROJECT_DIR),
            format="pdf",
            ignore_system_fonts=True,
            font_paths=_fonts(),
            pdf_standards="ua-1",
            timestamp=int(at.timestamp()),
            sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        )
    )


def draw_page(template: Path, facts: dict[str, Any], *, form: Literal["svg", "png"]) -> bytes:
    """
    Draw a template of one page that lies within the project as a picture; facts and fonts as in ``typeset``.

    :raises NotTypeset: the template or a text cannot be drawn.
    """
    try:
        return bytes(
            typst.compile(
                str(template),
                root=str(PROJECT_DIR),
                format=form,
                ppi=PIXELS_PER_INCH,
                ignore_system_fonts=True,
                font_paths=_fonts(),
                sys_inputs={"facts": json.dumps(each_text(facts), ensure_ascii=False)},
            )
        )
    except BaseException as error:
        if not isinstance(error, typst.TypstError) and type(error).__name__ != "PanicException":
            raise
        raise NotTypeset(str(error)) from None


def _is_unfamiliar(character: str) -> bool:
    return _FAMILIAR.match(character) is None


def _replace_unknown(text: str, *, is_unknown: Callable[[str], bool]) -> str:
    """Write � for every unknown character."""
    return "".join(UNKNOWN if is_unknown(character) else character for character in text)
