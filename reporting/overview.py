"""What the savings page shows: the ladder, the table by category with what is behind it, and the other splits."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import formatting
from core.components import Link, Measure, Month
from core.money import ZERO
from core.units import unit_word
from organizations.models import User
from reporting.effects import Amounts, Effect, Effects, Group, MonthAmounts, summed
from reporting.models import Baseline, BaselineMethod, Saving
from reporting.models.savings import SavingQuerySet
from reporting.selection import Selection

WATCH_FROM, GOOD_FROM = Decimal("0.65"), Decimal("0.85")
MILLIONS_FROM = Decimal(100_000)
THOUSANDS_FROM = Decimal(20_000)
YEARS_SHOWN = 5
INCREASES = "okningar"
"""The code under which the increases of the table are opened."""


def _language() -> str:
    return get_language() or "sv"


def key_figure(amount: Decimal) -> str:
    """Write an amount as a key figure: millions, or whole kronor where a million would say 0,0."""
    if abs(amount) < MILLIONS_FROM:
        return formatting.kr(amount, 0, language=_language())
    return formatting.msek(amount, language=_language())


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
        """Say in words how an increase stands against its plan."""
        if self.amounts.realised < self.amounts.plan_to_date:
            return _("dyrare än plan")
        return _("som plan") if self.amounts.realised == self.amounts.plan_to_date else _("billigare än plan")


def method_words(methods: Collection[BaselineMethod]) -> str:
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


def table(found: Effects, selection: Selection, *, opened: str) -> Table:
    """Build the table; ``opened`` is the code of the category that shows its initiatives."""
    lines = reverse("reporting:saving_lines")
    groups = tuple(_group_row(group, selection, opened == group.category.code) for group in found.by_root())
    increases = None
    if found.increases:
        count = found.increased_initiatives()
        is_open = opened == INCREASES
        increases = Row(
            label=ngettext("Kostnadsökningar, %(count)s avtal", "Kostnadsökningar, %(count)s avtal", count)
            % {"count": count},
            amounts=found.total_increase,
            method=method_words({effect.method for effect in found.increases}),
            lines_url=lines + selection.address(okning="1"),
            drill_url=selection.address(oppna="" if is_open else INCREASES),
            is_open=is_open,
            is_increase=True,
            rows=_initiative_rows(found.increases, selection, is_increase=True) if is_open else (),
        )
    return Table(
        groups=groups,
        decreases=Row(
            _("Summa minskningar"), found.total_decrease, lines_url=lines + selection.address(okning="0")
        ),
        increases=increases,
        net=Row(_("Netto"), found.net, lines_url=lines + selection.address()),
    )


def _group_row(group: Group, selection: Selection, is_open: bool) -> Row:
    """One top category with its initiatives behind it."""
    code = group.category.code
    return Row(
        label=str(group.category),
        amounts=group.amounts,
        method=method_words(group.methods),
        lines_url=reverse("reporting:saving_lines") + selection.address(kategori=code, okning="0"),
        drill_url=selection.address(oppna="" if is_open else code),
        is_open=is_open,
        rows=_initiative_rows(group.effects, selection, category=code) if is_open else (),
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
            text = _("Överhäng från %(year)s. ") % {"year": initiative.effective_date.year} + text
        rows.append(
            Row(
                label=initiative.name,
                amounts=summed(parts),
                method=method_words({part.method for part in parts}),
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
        Baseline.objects.confirmed().filter(initiative__in=initiatives).select_related("item").order_by("pk")
    ):
        baselines.setdefault(baseline.initiative_id, []).append(baseline)
    texts = {}
    for pk, found in baselines.items():
        first = found[0]
        if len(found) > 1:
            texts[pk] = ngettext("%(count)s artikel", "%(count)s artiklar", len(found)) % {
                "count": len(found)
            }
        else:
            texts[pk] = _("%(before)s → %(after)s per %(unit)s, %(quantity)s om året") % {
                "before": formatting.unit_price(first.unit_price, language=_language()),
                "after": formatting.unit_price(first.new_unit_price, language=_language()),
                "unit": unit_word(first.item.order_unit, language=_language()),
                "quantity": formatting.quantity(first.annual_quantity, language=_language()),
            }
    return texts


def ladder(found: Effects) -> list[Measure]:
    """The three measures on one scale."""
    net, year = found.net, found.year
    planned = _("Den del som ryms i %(year)s.") % {"year": year}
    if net.carried_in:
        planned += " " + _("%(amount)s av den är överhäng från %(before)s.") % {
            "amount": key_figure(net.carried_in),
            "before": year - 1,
        }
    if net.overhang:
        planned += " " + _("Resten, %(amount)s, är överhäng till %(after)s.") % {
            "amount": key_figure(net.overhang),
            "after": year + 1,
        }
    rate = "" if net.rate is None else formatting.share(net.rate, 0, language=_language())
    return [
        Measure(
            label=_("Helårseffekt"),
            explanation=_("Vad årets beslut ger på ett helt år, med de senaste tolv månadernas volym."),
            value=net.full_year,
            kind="full_year",
            figure=key_figure(net.full_year),
            amount=_exact(net.full_year),
        ),
        Measure(
            label=_("Effekt innevarande år"),
            explanation=planned,
            value=net.in_year,
            kind="in_year",
            figure=key_figure(net.in_year),
            amount=_exact(net.in_year),
            rest=net.overhang if net.overhang > 0 else None,
            rest_label=_short(net.overhang) if net.overhang > 0 else "",
        ),
        Measure(
            label=_("Hemtagen"),
            explanation=_("Vad mottagna rader faktiskt har gett %(months)s. Kostnadsökningar är avdragna.")
            % {"months": _months_words(found.through)},
            value=net.realised,
            kind="realised",
            figure=key_figure(net.realised),
            amount=_exact(net.realised),
            plan=max(net.plan_to_date, ZERO),
            plan_label=_("Plan hittills %(amount)s. Hemtagningsgrad") % {"amount": _short(net.plan_to_date)}
            if rate
            else "",
            plan_figure=rate,
        ),
    ]


def _exact(amount: Decimal) -> str:
    """Write whole kronor beside millions; nothing beside whole kronor."""
    return formatting.kr(amount, 0, language=_language()) if abs(amount) >= MILLIONS_FROM else ""


def _short(amount: Decimal) -> str:
    """Write an amount inside a picture: millions without the word, or whole kronor."""
    if abs(amount) < MILLIONS_FROM:
        return formatting.kr(amount, 0, language=_language())
    return formatting.number(amount / 1_000_000, 1, language=_language())


def _months_words(through: date) -> str:
    """Name the months from January to a day."""
    name = formatting.month(through, language=_language()).split(formatting.NBSP)[0]
    first = formatting.month(through.replace(month=1), language=_language()).split(formatting.NBSP)[0]
    return name if through.month == 1 else f"{first}–{name}"


def columns(year: Sequence[MonthAmounts]) -> tuple[list[Month], str]:
    """Draw the months, in thousands where they are large; the unit in words beside them."""
    largest = max((max(abs(month.plan), abs(month.realised or ZERO)) for month in year), default=ZERO)
    divisor, unit = (
        (Decimal(1000), _("Tusen kronor")) if largest >= THOUSANDS_FROM else (Decimal(1), _("Kronor"))
    )
    return [
        Month(
            formatting.short_month(month.month, language=_language()),
            None if month.realised is None else month.realised / divisor,
            month.plan / divisor,
        )
        for month in year
    ], unit


def years(user: User, *, today: date) -> list[int]:
    """The latest years that anything is counted in, oldest first, and this year; two queries."""
    planned = Baseline.objects.confirmed().values_list(ExtractYear("counts_during__startswith"), flat=True)
    delivered = (
        Saving.objects.visible_to(user).current().values_list(ExtractYear("delivered_date"), flat=True)
    )
    known = {today.year, *planned.distinct().order_by(), *delivered.distinct().order_by()}
    return sorted(known)[-YEARS_SHOWN:]


def year_links(shown: Sequence[int], selection: Selection, split: str) -> list[Link]:
    """The choice of year."""
    return [
        Link(str(year), f"?ar={year}" + (f"&per={split}" if split else ""), is_current=year == selection.year)
        for year in shown
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """What was realised in one part of the region, by one supplier or in one month."""

    label: str
    code: str
    count: int
    decrease: Decimal
    increase: Decimal
    lines_url: str
    plan: Decimal | None = None
    drill_url: str = ""
    is_open: bool = False
    is_drilled: bool = False

    @property
    def net(self) -> Decimal:
        """Decreases less increases."""
        return self.decrease + self.increase


SUMS = {
    "count": Count("pk"),
    "decrease": Sum("amount", filter=Q(amount__gte=0), default=ZERO),
    "increase": Sum("amount", filter=Q(amount__lt=0), default=ZERO),
}


def _split(
    lines: SavingQuerySet, selection: Selection, *, code: str, name: str, parameter: str
) -> list[Part]:
    """Add the lines by one thing they have in common; each part opens to its lines."""
    rows: Iterable[Any] = lines.values(code=F(code), name=F(name)).annotate(**SUMS).order_by("name", "code")
    parts = [
        Part(
            label=row["name"],
            code=row["code"],
            count=row["count"],
            decrease=row["decrease"],
            increase=row["increase"],
            lines_url=reverse("reporting:saving_lines") + selection.address(**{parameter: row["code"]}),
        )
        for row in rows
    ]
    return sorted(parts, key=lambda part: -part.decrease)


def by_administration(user: User, selection: Selection, *, opened: str) -> list[Part]:
    """What each administration realised, the opened one with its departments; at most two queries."""
    lines = selection.savings(user)
    parts = []
    for part in _split(
        lines,
        selection,
        code="department__administration__code",
        name="department__administration__name",
        parameter="forvaltning",
    ):
        is_open = opened == part.code
        address = selection.address(per="forvaltning", oppna="" if is_open else part.code)
        parts.append(replace(part, drill_url=address, is_open=is_open))
        if is_open:
            within = lines.filter(department__administration__code=part.code)
            departments = _split(
                within, selection, code="department__cost_center", name="department__name", parameter="enhet"
            )
            parts.extend(replace(department, is_drilled=True) for department in departments)
    return parts


def by_supplier(user: User, selection: Selection) -> list[Part]:
    """What was realised from each supplier."""
    return _split(
        selection.savings(user),
        selection,
        code="supplier__org_number",
        name="supplier__name",
        parameter="leverantor",
    )


def by_month(user: User, selection: Selection, year: Sequence[MonthAmounts]) -> list[Part]:
    """What was planned and realised each month that has begun."""
    rows: Iterable[Any] = (
        selection.savings(user)
        .values(month=ExtractMonth("delivered_date"))
        .annotate(**SUMS)
        .order_by("month")
    )
    came: dict[int, Any] = {row["month"]: row for row in rows}
    nothing: dict[str, Any] = {"count": 0, "decrease": ZERO, "increase": ZERO}
    return [
        Part(
            label=formatting.month(date(selection.year, month.month, 1), language=_language()),
            code=str(month.month),
            count=came.get(month.month, nothing)["count"],
            decrease=came.get(month.month, nothing)["decrease"],
            increase=came.get(month.month, nothing)["increase"],
            lines_url=reverse("reporting:saving_lines") + selection.address(manad=str(month.month)),
            plan=month.plan,
        )
        for month in year
        if month.realised is not None
    ]
