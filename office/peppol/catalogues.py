"""
Catalogues of Peppol BIS Catalogue 3, read as the rows of a price list.

An XML document is hostile until it is parsed, and the official rules are a program of their own: both run in a process that may take only
so much memory and time, as workbooks are read (`registers.reading.workbooks`). The rules of OpenPEPPOL are not ours to hand on. Whoever runs
the program fetches them, and says in ``PEPPOL_RULES`` where they are.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.money import to_unit_price
from registers.reading.lines import UNSAID, Document, Line, Overview
from registers.reading.text import PIECE, UnreadableFile
from registers.unreadable import Unreadable

SIZE_LIMIT = 50_000_000
"""The largest catalogue that is taken in, bytes."""
MEMORY_LIMIT = 2_000_000_000
"""So much memory the reading process may have, bytes."""
SECONDS_LIMIT = 120
"""So many seconds it may work."""
RULES = "PEPPOLBIS-T19.xslt"
"""The rules of the catalogue transaction, among those of OpenPEPPOL."""

HEADINGS = [
    "items.number",
    "items.name",
    "items.description",
    "items.base_unit",
    "items.order_unit",
    "items.units_per_order_unit",
    "items.gtin",
    "items.labels",
    "items.unspsc",
    "items.cpv",
    "items.emdn",
    "prices.item",
    "prices.agreement",
    "prices.supplier",
    "prices.unit_price",
    "prices.minimum_quantity",
    "prices.lead_days",
    "prices.from_date",
    "prices.through_date",
    "substitutions.from_item",
    "substitutions.to_item",
]
PLACES = {heading: place for place, heading in enumerate(HEADINGS)}

_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"
_READER = Path(__file__).with_name("catalogue_process.py")


class CatalogueTooLarge(UnreadableFile):
    """The catalogue is larger than what is taken in, or takes too long to read."""

    code = "catalogue_too_large"
    sentence = _("Katalogen är för stor. Be leverantören dela upp den i flera, av högst %(limit)s MB.")

    def __init__(self) -> None:
        super().__init__(limit=SIZE_LIMIT // 1_000_000)


class BrokenCatalogue(UnreadableFile):
    """It begins as a catalogue, and is no XML that can be read."""

    code = "broken_catalogue"
    sentence = _("Katalogen är skadad: den går inte att läsa som XML. Be leverantören skicka den på nytt.")


class CatalogueWithEntities(UnreadableFile):
    """The document declares a type, as no catalogue does."""

    code = "catalogue_with_entities"
    sentence = _("Katalogen innehåller sådant som ingen katalog ska ha (DOCTYPE), och läses därför inte.")


class AnotherDocument(UnreadableFile):
    """It speaks of catalogues, and is something else."""

    code = "another_document"
    sentence = _("Filen är ett annat slags dokument än en katalog.")


class RulesUnusable(UnreadableFile):
    """The rules that the installation has cannot be used."""

    code = "catalogue_rules_unusable"
    sentence = _(
        "Reglerna för Peppol-kataloger går inte att använda. Den som sköter driften behöver hämta dem på nytt."
    )


class BreaksRules(UnreadableFile):
    """The official rules refuse the catalogue."""

    code = "catalogue_breaks_rules"
    sentence = _(
        "Katalogen bryter mot reglerna för Peppol BIS Catalogue 3 på %(count)s ställen, och läses inte. %(breaches)s"
    )


class BendsRules(InvalidInput):
    """The official rules warn."""

    code = "catalogue_bends_rules"
    sentence = _("Reglerna för Peppol BIS Catalogue 3 varnar: %(breaches)s")


class Unchecked(InvalidInput):
    """Nobody has asked the official rules."""

    code = "catalogue_unchecked"
    sentence = _("Katalogen är inte prövad mot Peppols regler, eftersom de inte är installerade.")


class ReplacesTheOneBefore(InvalidInput):
    """The supplier says that the catalogue has everything."""

    code = "catalogue_replaces"
    sentence = _(
        "Leverantören säger att katalogen ersätter den förra. Lämna den som fullständig, så avslutas det som inte längre finns i den."
    )


class AnotherCurrency(Unreadable):
    """The price is in another currency than kronor."""

    code = "price_in_another_currency"
    sentence = _(
        "Priset är i %(currency)s. Priser i registret är i kronor: be leverantören om en prislista i kronor, eller räkna om"
        " priserna som avtalet säger och läs in dem i en fil."
    )


class PriceOfAnotherUnit(Unreadable):
    """The price is of another unit than what is ordered, and the catalogue does not say how they go together."""

    code = "price_of_another_unit"
    sentence = _(
        "Priset är per %(unit)s, men beställs per %(order_unit)s, och katalogen säger inte hur de hör ihop."
    )


_FAILURES: dict[str, type[UnreadableFile]] = {
    "large": CatalogueTooLarge,
    "broken": BrokenCatalogue,
    "entities": CatalogueWithEntities,
    "other": AnotherDocument,
    "rules": RulesUnusable,
}
_NOTES: dict[str, type[InvalidInput]] = {"unchecked": Unchecked, "replaces": ReplacesTheOneBefore}


def is_catalogue(head: bytes) -> bool:
    """Whether a file that begins so is a catalogue."""
    return _NAMESPACE.encode() in head or any(
        _NAMESPACE.encode(form) in head for form in ("utf-16-le", "utf-16-be")
    )


def lines(content: BinaryIO, overview: Overview) -> Generator[Line, None, None]:
    """
    Read the rows of a catalogue; the number of each is that of its line in the file.

    :raises UnreadableFile: it is too large, damaged, hostile, or breaks the official rules.
    """
    yield Line("", 0, HEADINGS)
    with tempfile.TemporaryFile() as file:
        _copy(content, file)
        process = subprocess.Popen(
            [sys.executable, "-I", str(_READER), str(MEMORY_LIMIT), str(SECONDS_LIMIT), *_rules()],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert process.stdout is not None  # noqa: S101, it was asked for
            breaches: list[Any] = []
            for output_line in process.stdout:
                match json.loads(output_line):
                    case {"failure": "breaches"}:
                        raise BreaksRules(count=breaches[1], breaches=_sentences(breaches[0]))
                    case {"failure": failure}:
                        raise _FAILURES[failure]
                    case {"breaches": told, "count": count}:
                        breaches = [told, count]
                    case {"warnings": told}:
                        overview.left_out.append(BendsRules(breaches=_sentences(told)))
                    case {"note": note}:
                        overview.left_out.append(_NOTES[note]())
                    case [*rows]:
                        overview.total += len(rows)
                        yield from (_line(*row) for row in rows)
            if process.wait():
                raise CatalogueTooLarge
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _rules() -> list[str]:
    """
    Where the rules are; nothing in an installation without them.

    :raises RulesUnusable: it is said where they are, and they are not there.
    """
    if not settings.PEPPOL_RULES:
        return []
    path = Path(settings.PEPPOL_RULES) / RULES
    if not path.is_file():
        raise RulesUnusable
    return [str(path)]


def _copy(content: BinaryIO, file: Any) -> None:
    content.seek(0)
    size = 0
    while piece := content.read(PIECE):
        size += len(piece)
        if size > SIZE_LIMIT:
            raise CatalogueTooLarge
        file.write(piece)
    file.flush()
    file.seek(0)


def _line(row: int, cells: Mapping[str, str | None], refusals: Mapping[str, list[str]]) -> Line:
    values: list[str] = [UNSAID] * len(HEADINGS)
    for heading, text in cells.items():
        if text is not None:
            values[PLACES[heading]] = text
    price = PLACES["prices.unit_price"]
    if values[price] and "prices.unit_price" not in refusals:
        values[price] = _rounded(values[price])
    return Line(
        "",
        row,
        values,
        {PLACES[heading]: _refusal(*why) for heading, why in refusals.items()},
        has_unsaid=True,
    )


def _rounded(price: str) -> str:
    """A price with the decimals that prices have; what is no number is left as it stands."""
    try:
        return str(to_unit_price(Decimal(price)))
    except InvalidOperation:
        return price


def _refusal(why: str, *facts: str) -> Unreadable:
    if why == "currency":
        return AnotherCurrency(currency=facts[0][:10] or "?")
    return PriceOfAnotherUnit(unit=facts[0][:10] or "?", order_unit=facts[1][:10] or "?")


def _sentences(breaches: list[tuple[str, int, str]]) -> str:
    """What the rules say, in their own words, each with its place."""
    return " ".join(
        f"{sentence[:400]} ({_('rad')} {line}, {place})" if place else sentence[:400]
        for sentence, line, place in breaches[:5]
    )


CATALOGUE = Document(is_catalogue, lines)
