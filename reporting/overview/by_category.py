"""The table by category, with the initiatives that are behind each sum."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formatting, reader
from core.money import ZERO
from reporting.effects import Amounts, Effect, Effects, Group, summed
from reporting.models import Baseline, BaselineMethod, EffectPart
from reporting.selection import Selection

WATCH_FROM, GOOD_FROM = Decimal("0.65"), Decimal("0.85")
INCREASES = "okningar"
"""The code under which the increases of the table are opened."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: measures, the method beside them, and where its sums open."""

    label: str
    amounts: Amounts
    method: str = ""
    text: str = ""
    plan_url: str = ""
    lines_url: str = ""
    drill_url: str = ""
    is_open: bool = False
    is_increase: bool = False
    rows: tuple["Row", ...] = ()

    @property
    def percent(self) -> Decimal | None:
        """Realised of plan to date, in per cent."""
        rate = self.amounts.rate
        return None if rate is None or self.is_increase else rate * 100

    @property
    def bar(self) -> Decimal:
        """How far the bar goes."""
        return min(max(self.percent or ZERO, ZERO), Decimal(100))

    @property
    def tone(self) -> str:
        """Moss on plan, ochre to watch, rust far behind."""
        rate = self.amounts.rate or ZERO
        return "moss" if rate >= GOOD_FROM else "ochre" if rate >= WATCH_FROM else "rust"

    @property
    def against_plan(self) -> str:
        """Say in words how an increase stands against its plan; nothing where nothing was delivered."""
        if not self.amounts.lines:
            return ""
        if self.amounts.realised < self.amounts.plan_to_date:
            return _("dyrare än plan")
        return _("som plan") if self.amounts.realised == self.amounts.plan_to_date else _("billigare än plan")


def _method_words(methods: Collection[BaselineMethod]) -> str:
    """Name the method behind an amount, or count them."""
    if len(methods) == 1:
        words = str(BaselineMethod(next(iter(methods))).label)
    else:
        words = _("%(count)s metoder") % {"count": len(methods)}
    return words.replace(" ", formatting.NBSP)


@dataclass(frozen=True, slots=True)
class Table:
    """The table by category: decreases, their sum, the increases, and the net."""

    groups: tuple[Row, ...]
    decreases: Row
    increases: Row | None
    net: Row


def table(effects: Effects, selection: Selection, *, opened: str) -> Table:
    """Build the table; ``opened`` is the code of the category that shows its initiatives."""
    lines = reverse("reporting:saving_lines")
    groups = tuple(_group_row(group, selection, opened == group.category.code) for group in effects.by_root())
    chosen = selection.category.code if selection.category else ""
    increases = None
    if effects.increases:
        count = effects.increased_initiatives()
        is_open = opened == INCREASES
        increases = Row(
            label=ngettext("Kostnadsökningar, %(count)s avtal", "Kostnadsökningar, %(count)s avtal", count)
            % {"count": count},
            amounts=effects.total_increase,
            method=_method_words({effect.method for effect in effects.increases}),
            lines_url=lines + selection.address(okning="1"),
            drill_url=selection.address(oppna="" if is_open else INCREASES),
            is_open=is_open,
            is_increase=True,
            rows=_initiative_rows(effects.increases, selection, category=chosen, is_increase=True)
            if is_open
            else (),
        )
    return Table(
        groups=groups,
        decreases=Row(
            _("Summa minskningar"), effects.total_decrease, lines_url=lines + selection.address(okning="0")
        ),
        increases=increases,
        net=Row(_("Netto"), effects.net, lines_url=lines + selection.address()),
    )


@dataclass(frozen=True, slots=True)
class SeparateRow:
    """
    What stands apart from the budget effect: its sums, how they were found, and where they open.

    What became dearer is a row of its own, never netted against what became cheaper.
    """

    part: EffectPart
    is_increase: bool
    amounts: Amounts
    method: str
    lines_url: str


def separate_effects(effects: Effects, selection: Selection) -> list[SeparateRow]:
    """What was avoided, what comes once and what crisis prices did: each by itself, and none of it in the sums above."""
    lines = reverse("reporting:saving_lines")
    return [
        SeparateRow(
            each.part,
            each.is_increase,
            each.amounts,
            _method_words({effect.method for effect in each.effects}),
            lines + selection.address(**{"del": each.part.value, "okning": str(int(each.is_increase))}),
        )
        for each in effects.apart
    ]


def _group_row(group: Group, selection: Selection, is_open: bool) -> Row:
    """One top category with its initiatives behind it; its lines are those of the category that was chosen, if any."""
    code = group.category.code
    lines_of = selection.category.code if selection.category else code
    return Row(
        label=str(group.category),
        amounts=group.amounts,
        method=_method_words(group.methods),
        lines_url=reverse("reporting:saving_lines") + selection.address(kategori=lines_of, okning="0"),
        drill_url=selection.address(oppna="" if is_open else code),
        is_open=is_open,
        rows=_initiative_rows(group.effects, selection, category=lines_of) if is_open else (),
    )


def _initiative_rows(
    effects: Iterable[Effect], selection: Selection, *, category: str = "", is_increase: bool = False
) -> tuple[Row, ...]:
    """One row per initiative, its categories put together."""
    members: dict[int, list[Effect]] = {}
    for effect in effects:
        members.setdefault(effect.initiative.pk, []).append(effect)
    texts = _price_texts(members)
    rows = []
    for pk, parts in members.items():
        initiative = parts[0].initiative
        text = texts.get(pk, "")
        if parts[0].is_carried:
            text = _("Överhäng från %(year)s. ") % {"year": initiative.begins.year} + text
        rows.append(
            Row(
                label=initiative.name,
                amounts=summed(parts),
                method=_method_words({part.method for part in parts}),
                text=text,
                plan_url=initiative.get_absolute_url(),
                lines_url=reverse("reporting:saving_lines")
                + selection.address(
                    initiativ=initiative.code, kategori=category, okning=str(int(is_increase))
                ),
                is_increase=is_increase,
            )
        )
    return tuple(rows)


def _price_texts(initiatives: Collection[int]) -> dict[int, str]:
    """Say from which price to which, where an initiative is about one item; else how many items; one query."""
    baselines: dict[int, list[Baseline]] = {}
    for baseline in (
        Baseline.objects.counted().filter(initiative__in=initiatives).select_related("item").order_by("pk")
    ):
        baselines.setdefault(baseline.initiative_id, []).append(baseline)
    texts = {}
    for pk, rows in baselines.items():
        first = rows[0]
        if len(rows) > 1:
            texts[pk] = ngettext("%(count)s artikel", "%(count)s artiklar", len(rows)) % {"count": len(rows)}
        else:
            before = first.counterfactual_price if first.unit_price is None else first.unit_price
            texts[pk] = _("%(before)s → %(after)s per %(unit)s, %(quantity)s om året") % {
                "before": reader.unit_price(before),
                "after": reader.unit_price(first.new_unit_price),
                "unit": reader.unit_word(first.unit),
                "quantity": reader.quantity(first.annual_quantity),
            }
    return texts
