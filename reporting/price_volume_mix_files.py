"""The files of price, volume and mix: by category, by item, and how it is computed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from core.spreadsheets import Cell
from core.workbooks import Book, Column, Kind
from history.split_rows import OfficialIndex, Row, total_of
from reporting.comparisons import Comparison
from reporting.price_volume_mix import ItemChange


def write_book(
    path: Path,
    *,
    comparison: Comparison,
    rows: Sequence[Row],
    official: OfficialIndex | None,
    items: Iterable[ItemChange],
    at: datetime,
) -> None:
    """Write the workbook."""
    title = _("Pris, volym och mix")
    intro = [
        _("%(starts)s–%(ends)s mot %(old_starts)s–%(old_ends)s. Kronor exklusive moms. Framtaget %(at)s.")
        % {
            "starts": comparison.after.starts.isoformat(),
            "ends": comparison.after.ends.isoformat(),
            "old_starts": comparison.before.starts.isoformat(),
            "old_ends": comparison.before.ends.isoformat(),
            "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
        }
    ]
    if official is not None:
        intro.append(f"{official.series.name} ({official.series.base}). {official.missing}".strip())
    with Book(path, title=title, at=timezone.localtime(at)) as book:
        book.table(
            _("Per kategori"),
            category_columns(),
            map(category_cells, rows),
            heading=title,
            intro=intro,
            total=category_cells(total_of(rows, _("Totalt"), official)),
        )
        book.table(_("Per artikel"), item_columns(), item_rows(items))
        book.text(_("Metod"), method_words(), heading=_("Så är det räknat"))


def category_columns() -> list[Column]:
    """The columns of the categories."""
    return [
        Column(_("Kategori"), Kind.TEXT, 34),
        Column(_("Inköp före, kr"), Kind.AMOUNT),
        Column(_("Pris, kr"), Kind.AMOUNT),
        Column(_("Mängd, kr"), Kind.AMOUNT),
        Column(_("varav volym, kr"), Kind.AMOUNT),
        Column(_("varav mix, kr"), Kind.AMOUNT),
        Column(_("Nya artiklar, kr"), Kind.AMOUNT),
        Column(_("Utgångna artiklar, kr"), Kind.AMOUNT),
        Column(_("Rader utan artikel, kr"), Kind.AMOUNT),
        Column(_("Inköp efter, kr"), Kind.AMOUNT),
        Column(_("Pris vid mängden före, kr"), Kind.AMOUNT),
        Column(_("Prisindex, Fisher"), Kind.PRICE),
        Column(_("Prisindex, Laspeyres"), Kind.PRICE),
        Column(_("Prisindex, Paasche"), Kind.PRICE),
        Column(_("Mängdindex, Fisher"), Kind.PRICE),
        Column(_("Officiellt prisindex"), Kind.PRICE),
        Column(_("Pris mot officiellt index"), Kind.PRICE),
        Column(_("Pris utöver officiellt index, kr"), Kind.AMOUNT),
    ]


def category_cells(row: Row) -> list[Cell]:
    """A category, or the total."""
    split = row.split
    return [
        row.label,
        split.before,
        split.price,
        split.quantity,
        split.volume,
        split.mix,
        split.new,
        split.gone,
        split.unknown,
        split.after,
        split.price_at_old_quantities,
        row.fisher,
        row.laspeyres,
        row.paasche,
        row.fisher_quantity,
        row.official.number if row.official else None,
        row.real,
        row.beyond,
    ]


def item_columns() -> list[Column]:
    """The columns of the items."""
    return [
        Column(_("Kategorikod"), Kind.TEXT, 12),
        Column(_("Kategori"), Kind.TEXT, 26),
        Column(_("Artikelnummer"), Kind.TEXT, 14),
        Column(_("Artikel"), Kind.TEXT, 40),
        Column(_("Ersatt av"), Kind.TEXT, 20),
        Column(_("Basenhet"), Kind.TEXT, 10),
        Column(_("Antal före"), Kind.QUANTITY),
        Column(_("Antal efter"), Kind.QUANTITY),
        Column(_("Inköp före, kr"), Kind.AMOUNT),
        Column(_("Inköp efter, kr"), Kind.AMOUNT),
        Column(_("Efter till priset före, kr"), Kind.AMOUNT),
        Column(_("Före till priset efter, kr"), Kind.AMOUNT),
    ]


def item_rows(items: Iterable[ItemChange]) -> Iterator[list[Cell]]:
    """Each item of each category, with what the sums of its category are made of."""
    for each in items:
        thing = each.thing
        yield [
            each.category.code if each.category else "",
            str(each.category) if each.category else "",
            each.item.number if each.item else "",
            str(each.item) if each.item else _("Rader utan artikel"),
            ", ".join(item.number for item in each.replacements),
            thing.unit,
            thing.before.quantity,
            thing.after.quantity,
            thing.before.amount,
            thing.after.amount,
            thing.after_at_old_price if thing.is_matched else None,
            thing.before_at_new_price if thing.is_matched else None,
        ]


def method_words() -> list[tuple[str, str]]:
    """How everything is computed, for whoever checks it."""
    return [
        (
            _("Vad som jämförs"),
            _(
                "Mottagna rader i kronor exklusive moms, med returer avdragna, i den kategori som raden hade sin dag. Antal "
                "räknas i basenheter. En artikel som ersattes räknas ihop med den som ersatte den, i den gamlas basenheter, om "
                "inte båda köptes i båda perioderna."
            ),
        ),
        (
            _("Pris"),
            _(
                "Vad artiklarna kostade efter, minus vad samma antal hade kostat till priset före. Pris är inköp genom antal. "
                "Beloppet till det andra priset avrundas till ören per artikel."
            ),
        ),
        (
            _("Mängd, volym och mix"),
            _(
                "Mängd är vad antalet efter hade kostat till priset före, minus inköp före. Har alla artiklar i kategorin samma "
                "basenhet delas mängden i volym, att man köper mer eller mindre av allt, och mix, att man köper dyrare eller "
                "billigare artiklar. Volym är inköp före gånger hur stor del det hela antalet ändrades, och mix är resten."
            ),
        ),
        (
            _("Nya och utgångna artiklar"),
            _("Artiklar som bara har ett pris i den ena perioden. De har ingen prisförändring."),
        ),
        (
            _("Prisindex"),
            _(
                "100 före, för artiklar som köptes i båda perioderna. Laspeyres väger priserna med antalen före, Paasche med "
                "antalen efter. Fisher är det geometriska medelvärdet. Fishers prisindex gånger hans mängdindex är "
                "förändringen av inköpen."
            ),
        ),
        (
            _("Officiellt prisindex"),
            _(
                "Medelvärdet av månaderna i perioden genom medelvärdet av månaderna i perioden före. En serie med ny bas räknas "
                "om med länkmånaden. Saknas en månad visas inget."
            ),
        ),
    ]
