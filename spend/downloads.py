"""The files of what was bought beside the system: by administration, category and supplier, and how it is computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from core.spreadsheets import Cell
from core.workbooks import Book, Column, Kind
from spend.off_system import OffSystem, Part, Seller
from spend.selection import Selection


@dataclass(frozen=True, slots=True)
class Tables:
    """What the workbook is made of: parts with what they are called."""

    chosen: Selection
    found: OffSystem
    administrations: Sequence[tuple[str, Part]]
    categories: Sequence[tuple[str, Part]]
    sellers: Sequence[Seller]
    missing: Sequence[str]


def write_book(path: Path, tables: Tables, *, at: datetime) -> None:
    """Write the workbook."""
    title, figures = _("Inköp vid sidan av systemet"), tables.found
    intro = [
        _(
            "Bokfört i %(source)s och mottaget här %(starts)s–%(ends)s. Kronor exklusive moms. Framtaget %(at)s."
        )
        % {
            "source": tables.chosen.source,
            "starts": tables.chosen.starts.isoformat(),
            "ends": tables.chosen.ends.isoformat(),
            "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
        }
    ]
    if tables.missing:
        intro.append(_("Källan har inga rader för %(months)s.") % {"months": ", ".join(tables.missing)})
    with Book(path, title=title, at=timezone.localtime(at)) as book:
        book.table(
            _("Per förvaltning"),
            part_columns(_("Förvaltning")),
            [part_cells(label, part) for label, part in tables.administrations],
            heading=title,
            intro=intro,
            total=part_cells(_("Totalt"), figures.whole),
        )
        book.table(
            _("Per kategori"),
            part_columns(_("Kategori")),
            [part_cells(label, part) for label, part in tables.categories],
            total=part_cells(_("Totalt"), figures.whole),
        )
        book.table(_("Per leverantör"), seller_columns(), map(seller_cells, tables.sellers))
        book.text(_("Metod"), method_words(), heading=_("Så är det räknat"))


def part_columns(label: str) -> list[Column]:
    """The columns of administrations and categories."""
    return [
        Column(label, Kind.TEXT, 34),
        Column(_("Bokförda köp, kr"), Kind.AMOUNT, 18),
        Column(_("Mottaget här, kr"), Kind.AMOUNT, 18),
        Column(_("Vid sidan, kr"), Kind.AMOUNT, 18),
        Column(_("Vid sidan, procent"), Kind.QUANTITY, 14),
    ]


def part_cells(label: str, part: Part) -> list[Cell]:
    """A part, or the total."""
    return [label, part.booked, part.here, part.beside, part.share]


def seller_columns() -> list[Column]:
    """The columns of suppliers."""
    return [
        Column(_("Leverantör"), Kind.TEXT, 34),
        Column(_("Organisationsnummer"), Kind.TEXT, 16),
        Column(_("Koppling"), Kind.TEXT, 18),
        Column(_("Har avtal"), Kind.TEXT, 10),
        Column(_("Bokförda köp, kr"), Kind.AMOUNT, 18),
        Column(_("Mottaget här, kr"), Kind.AMOUNT, 18),
        Column(_("Vid sidan, kr"), Kind.AMOUNT, 18),
    ]


def seller_cells(seller: Seller) -> list[Cell]:
    """A supplier."""
    return [
        seller.name or seller.key,
        seller.org_number,
        match_words(seller),
        _("Ja") if seller.has_agreement else _("Nej") if seller.is_matched else "",
        seller.booked,
        seller.here,
        seller.beside,
    ]


def match_words(seller: Seller) -> str:
    """Who the source's supplier is to us."""
    if seller.id is not None:
        return _("Kopplad")
    return _("Ingen av våra") if seller.is_matched else _("Inte kopplad än")


def method_words() -> list[tuple[str, str]]:
    """How everything is computed, for whoever checks it."""
    return [
        (
            _("Bokförda köp"),
            _(
                "Källans rader i kronor på konton som betyder köp. Kreditfakturor och rättelser är minus. Moms räknas inte när den "
                "bokförs på egna konton. Rader på konton som inte är köp, som löner och avskrivningar, räknas inte."
            ),
        ),
        (
            _("Mottaget här"),
            _(
                "Det som beställdes och togs emot i systemet, den dag det togs emot, utan returer. Fakturan kommer senare än "
                "varan, så en kort period kan ha mer mottaget än bokfört."
            ),
        ),
        (
            _("Månader"),
            _(
                "Båda talen gäller bara månader där källan har rader. En månad utan rader betyder att reskontran inte är inläst, "
                "inte att inget köptes."
            ),
        ),
        (
            _("Okategoriserat"),
            _(
                "Köp på konton som inte har någon kategori, och konton som ingen har bestämt betydelsen av. Av de senare räknas "
                "varje konto med mer debet än kredit, eftersom det kan vara köp. Andelen är alltså högst den som står här."
            ),
        ),
        (
            _("Leverantörer"),
            _(
                "Källans leverantör är en av våra när en ekonom har kopplat den. Organisationsnummer och namn ger förslag, men "
                "inget kopplas av sig självt."
            ),
        ),
    ]
