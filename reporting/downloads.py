"""The files of the savings register: one line per delivered line, with the method beside the sums."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from core.spreadsheets import Cell
from core.workbooks import Book, Column, Kind
from reporting.effects import Amounts, Effects
from reporting.models import BaselineMethod, Component, SavingNature
from reporting.models.savings import SavingQuerySet
from reporting.selection import Selection

CHUNK = 2000
FIELDS = (
    "delivered_date",
    "item__number",
    "description",
    "category_code",
    "category_name",
    "administration_name",
    "cost_center",
    "department_name",
    "supplier_org_number",
    "supplier_name",
    "baseline__initiative__code",
    "baseline__initiative__name",
    "baseline__method",
    "component",
    "nature",
    "quantity",
    "unit",
    "baseline_price",
    "counterfactual_price",
    "paid_price",
    "amount",
    "receipt_line__allocation__order_line__order__number",
    "history_line__source",
    "history_line__external_id",
)


def columns() -> list[Column]:
    """The columns of the lines."""
    return [
        Column(_("Leveransdatum"), Kind.DAY, 14),
        Column(_("Artikelnummer"), Kind.TEXT, 14),
        Column(_("Artikel"), Kind.TEXT, 40),
        Column(_("Kategorikod"), Kind.TEXT, 12),
        Column(_("Kategori"), Kind.TEXT, 24),
        Column(_("Förvaltning"), Kind.TEXT, 30),
        Column(_("Ansvar"), Kind.TEXT, 10),
        Column(_("Enhet"), Kind.TEXT, 26),
        Column(_("Leverantörens organisationsnummer"), Kind.TEXT, 16),
        Column(_("Leverantör"), Kind.TEXT, 26),
        Column(_("Initiativkod"), Kind.TEXT, 12),
        Column(_("Initiativ"), Kind.TEXT, 30),
        Column(_("Metod"), Kind.TEXT, 16),
        Column(_("Del"), Kind.TEXT, 16),
        Column(_("Slag"), Kind.TEXT, 14),
        Column(_("Antal"), Kind.QUANTITY, 12),
        Column(_("Enhet för antal"), Kind.TEXT, 12),
        Column(_("Baslinjepris, kr"), Kind.PRICE, 14),
        Column(_("Pris annars, kr"), Kind.PRICE, 14),
        Column(_("Betalt pris, kr"), Kind.PRICE, 14),
        Column(_("Besparing, kr"), Kind.AMOUNT, 16),
        Column(_("Inköpsorder"), Kind.TEXT, 16),
        Column(_("Källa"), Kind.TEXT, 12),
        Column(_("Radens id i källan"), Kind.TEXT, 18),
    ]


def rows(lines: SavingQuerySet) -> Iterator[list[Cell]]:
    """Read the lines a portion at a time."""
    labels_by_column = {
        FIELDS.index("baseline__method"): _labels(BaselineMethod),
        FIELDS.index("component"): _labels(Component),
        FIELDS.index("nature"): _labels(SavingNature),
    }
    for values in lines.order_by("delivered_date", "pk").values_list(*FIELDS).iterator(chunk_size=CHUNK):
        cells: list[Cell] = list(values)
        for place, labels in labels_by_column.items():
            cells[place] = labels.get(str(values[place]), str(values[place]))
        yield cells


def _labels(choices: type[TextChoices]) -> dict[str, str]:
    return {choice.value: str(choice.label) for choice in choices}


def write_book(
    path: Path,
    *,
    effects: Effects,
    lines: SavingQuerySet,
    selection: Selection,
    sees_all: bool,
    at: datetime,
) -> None:
    """
    Write the workbook: sums by category, every line, and how it was computed; above them what they are limited to.

    :param sees_all: whether whoever takes it sees the whole region.
    """
    title = _("Besparingar %(year)s") % {"year": selection.year}
    period = _("Leveranser %(starts)s–%(ends)s. Belopp i kronor exklusive moms. Framtaget %(at)s.") % {
        "starts": selection.starts.isoformat(),
        "ends": selection.ends.isoformat(),
        "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
    }
    with Book(path, title=title, at=timezone.localtime(at)) as book:
        book.table(
            _("Per kategori"),
            _summary_columns(),
            _summary_rows(effects),
            heading=title,
            intro=[period, *_limits(selection, sees_all=sees_all)],
            total=[_("Budgeteffekt, netto"), "", "", "", "", *_sizes(effects.net)],
        )
        book.table(_("Orderrader"), columns(), rows(lines), total=_total(lines))
        book.text(_("Metod"), method_words(), heading=_("Så är besparingarna räknade"))


def _limits(selection: Selection, *, sees_all: bool) -> Iterator[str]:
    """Say what the sums are of when they are not of everything, and the lines when they are of less than the sums."""
    if selection.category is not None:
        yield _("Bara %(category)s.") % {"category": selection.category}
    if not sees_all:
        yield _("Bara de kategorier som den som hämtade filen ansvarar för.")
    lines = [label for name, label in selection.labels().items() if name != "kategori"]
    if selection.increases is not None:
        lines.append(_("Kostnadsökningar") if selection.increases else _("Minskningar"))
    if lines:
        yield _("Bladet Orderrader är begränsat till: %(what)s. Summorna här är det inte.") % {
            "what": ", ".join(lines)
        }


def _total(lines: SavingQuerySet) -> list[Cell]:
    """The sum under the lines."""
    cells: list[Cell] = [None] * len(FIELDS)
    cells[0], cells[FIELDS.index("amount")] = _("Summa"), lines.total()
    return cells


def _summary_columns() -> list[Column]:
    return [
        Column(_("Kategori"), Kind.TEXT, 30),
        Column(_("Initiativ"), Kind.TEXT, 36),
        Column(_("Metod"), Kind.TEXT, 16),
        Column(_("Del av effekten"), Kind.TEXT, 20),
        Column(_("Riktning"), Kind.TEXT, 16),
        Column(_("Helårseffekt"), Kind.AMOUNT, 18),
        Column(_("Effekt innevarande år"), Kind.AMOUNT, 18),
        Column(_("varav överhäng från året före"), Kind.AMOUNT, 18),
        Column(_("Överhäng till nästa år"), Kind.AMOUNT, 18),
        Column(_("Plan hittills"), Kind.AMOUNT, 18),
        Column(_("Hemtagen"), Kind.AMOUNT, 18),
    ]


def _summary_rows(effects: Effects) -> Iterator[list[Cell]]:
    for effect in (
        *effects.decreases,
        *effects.increases,
        *(row for part in effects.apart for row in part.effects),
    ):
        yield [
            str(effect.category),
            effect.initiative.name,
            str(effect.method.label),
            str(effect.part.label),
            _("Kostnadsökning") if effect.is_increase else _("Minskning"),
            *_sizes(effect.amounts),
        ]


def _sizes(amounts: Amounts) -> list[Decimal | None]:
    """The measures; nothing for what was realised where no line is counted."""
    return [
        amounts.full_year,
        amounts.in_year,
        amounts.carried_in,
        amounts.overhang,
        amounts.plan_to_date,
        amounts.realised if amounts.lines else None,
    ]


def method_words() -> list[tuple[str, str]]:
    """How everything is computed, for whoever checks it."""
    return [
        (
            _("Baslinje"),
            _(
                "Priset att jämföra med. ”Förra avtalet” är priset i det tidigare avtalet dess sista dag. ”Snitt 12 mån.” är "
                "summan av pris gånger antal genom summan av antal för de tolv sista hela månaderna före den nya prisdagen, "
                "avrundat till fyra decimaler. ”Förra avtalet med index” är också vad det priset hade blivit med ett index. "
                "”Snitt av anbud” är medelvärdet av minst tre giltiga anbud. ”Budgeterat pris” är det beslutade. Andra förpackningar och artiklar som artikeln ersätter räknas om till dess "
                "förpackning först. Baslinjen fryses och bekräftas av en ekonom som inte ansvarar för kategorin."
            ),
        ),
        (
            _("Besparing per rad"),
            _(
                "Baslinjepriset minus betalt pris, gånger mottaget antal, avrundat till ören per rad. Minus är en "
                "kostnadsökning. Baslinjepriset är omräknat till radens förpackning. Raden räknas en gång, och bara de tolv "
                "första månaderna efter att priset ändrades. Ersätts baslinjen i efterhand rättas raden med en ny version."
            ),
        ),
        (
            _("Redovisas för sig"),
            _(
                "Undvikna höjningar är vad priset annars hade blivit minus priset före, gånger antal. De ger inga pengar "
                "över och ingår inte i budgeteffekten. Engångseffekter, krispriser och kvarhållna effekter, det som priser "
                "som är äldre än tolv månader fortfarande ger, ingår inte heller."
            ),
        ),
        (
            _("Helårseffekt"),
            _(
                "Baslinjepriset minus nytt pris, gånger de senaste tolv månadernas volym. Av beslut som börjar gälla under "
                "året. Ersätts baslinjen av en senare räknas bara tiden till dess."
            ),
        ),
        (
            _("Effekt innevarande år"),
            _(
                "Helårseffekten gånger dagarna som ryms i året genom årets dagar (365 eller 366), och det som var överhäng "
                "från året före."
            ),
        ),
        (_("Överhäng"), _("Det av helårseffekten som faller nästa år.")),
        (_("Hemtagen"), _("Summan av besparingen på mottagna rader. Kostnadsökningar är avdragna.")),
        (
            _("Plan hittills"),
            _("Den del av effekten innevarande år som faller på dagarna till och med sista dagen."),
        ),
        (_("Moms och valuta"), _("Alla belopp är i svenska kronor exklusive moms.")),
        (
            _("Det som inte räknas"),
            _(
                "Rader utan bekräftad baslinje ger ingen besparing. De finns i en lista för sig på sidan Besparingar."
            ),
        ),
    ]
