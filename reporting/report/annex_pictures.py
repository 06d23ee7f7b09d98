"""
The pictures of the annex: five questions that the board asks, each answered by bars and by the same numbers in words. Pure.

Drawn from the frozen snapshot alone. What there is nothing to draw of is a sentence and no picture.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from core import formatting
from core.money import ZERO
from reporting.models import Indicator
from reporting.report.agreements import NEAR_CEILING
from reporting.report.annex_indicators import target_text
from reporting.report.document import Bar, Bars, Block, Paragraph, Picture, Tone
from reporting.report.known import why_unknown
from reporting.report.snapshot import Snapshot
from reporting.report.words import count, day, few, so_far

MEASURES = ("full_year", "in_year", "plan_to_date", "realised")
MOST_CATEGORIES = 8
MOST_ADMINISTRATIONS = 12
MOST_AGREEMENTS = 10
LOW_CEILING = Decimal(95)
MILLION = Decimal(1_000_000)
INCREASES = "Kostnadsökningar"
UNKNOWN = "uppgift saknas"

Says = Callable[[Decimal], str]


def pictures(snapshot: Snapshot) -> tuple[Block, ...]:
    """All pictures, in the order of the questions: how much, when, where, how loyal, what runs out."""
    return (
        _progress(snapshot),
        _quarters(snapshot),
        _categories(snapshot),
        _administrations(snapshot),
        _ceilings(snapshot),
    )


def _picture(
    key: str, caption: str, groups: tuple[Bars, ...], words: str, *, zero: str = "0", mark: str = ""
) -> Picture:
    """A picture, and what is said in its place: its numbers stand in the text after it."""
    alt = f"Stapeldiagram. {caption} Alla siffror står i texten efter bilden."
    return Picture(key, caption, groups, words, alt, zero, mark)


class Scale:
    """Where amounts lie on the width of a picture; zero is always on it."""

    def __init__(self, amounts: Iterable[Decimal]) -> None:
        every = [ZERO, *amounts]
        self.least, self.most = min(every), max(every)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but zeros."""
        return self.least == self.most

    def at(self, amount: Decimal) -> str:
        """The place of an amount, as a share of the width."""
        whole = self.most - self.least
        return f"{(amount - self.least) / whole:.4f}" if whole else "0"

    def bar(self, label: str, amount: Decimal, tone: Tone, text: str, *, mark: Decimal | None = None) -> Bar:
        """A bar from zero to an amount."""
        starts, ends = sorted((ZERO, amount))
        return Bar(label, text, tone, self.at(starts), self.at(ends), "" if mark is None else self.at(mark))


def _says(amounts: Iterable[Decimal]) -> Says:
    """How all amounts of a picture are said, in one unit: whole kronor, or millions with a decimal or two."""
    largest = max((abs(amount) for amount in amounts), default=ZERO)
    if largest < MILLION:
        return lambda amount: formatting.kr(amount, 0)
    decimals = 1 if largest >= 10 * MILLION else 2
    return lambda amount: formatting.msek(amount, decimals)


def _progress(snapshot: Snapshot) -> Block:
    """The three measures on one scale, with the plan that the outcome is held against."""
    caption = "Hur mycket är hemtaget?"
    net = {name: Decimal(snapshot["effects"]["net"][name]) for name in MEASURES}
    scale, says = Scale(net.values()), _says(net.values())
    if scale.is_empty:
        return Paragraph(f"{caption} Inget initiativ med bekräftad baslinje räknas under perioden.")
    plan, outturn, through = net["plan_to_date"], net["realised"], day(snapshot["report"]["through"])
    why = why_unknown(snapshot)
    label = f"Hemtaget {so_far(date.fromisoformat(snapshot['report']['through']))}"
    bars = (
        scale.bar("Helårseffekt", net["full_year"], "plan", says(net["full_year"])),
        scale.bar("Effekt innevarande år", net["in_year"], "plan", says(net["in_year"])),
        scale.bar(label, outturn, "realised", UNKNOWN if why else says(outturn), mark=plan),
    )
    outcome = (
        f"är det inte känt vad som är hemtaget, eftersom {why}. Planen"
        if why
        else f"är {says(outturn)} hemtaget, och planen"
    )
    words = (
        f"Till och med {through} {outcome} till samma dag är {says(plan)}. "
        f"Effekten innevarande år är {says(net['in_year'])} och helårseffekten {says(net['full_year'])}."
    )
    mark = f"Plan till och med {through}"
    return _picture("progress", caption, (Bars("", bars),), words, zero=scale.at(ZERO), mark=mark)


def _quarters(snapshot: Snapshot) -> Block:
    """
    What came in each quarter; what was avoided stands apart, and is never added to the budget effect.

    Of a quarter without counted lines nothing is known, and that is said.
    """
    caption, year = "När kom pengarna?", snapshot["report"]["year"]
    rows = snapshot["quarters"]
    names = ("budget", "avoided", "before")
    amounts = [Decimal(row[name]) for row in rows for name in names]
    scale, says = Scale(amounts), _says(amounts)
    if scale.is_empty:
        if why := why_unknown(snapshot):
            return Paragraph(f"{caption} Uppgift saknas, eftersom {why}.")
        return Paragraph(f"{caption} Inget är hemtaget under {year} eller {year - 1}.")
    labels: dict[str, tuple[str, Tone]] = {
        "budget": ("Budgeteffekt", "realised"),
        "avoided": ("Undvikna höjningar", "apart"),
        "before": (f"Budgeteffekt {year - 1}", "before"),
    }
    groups, sentences = [], []
    shown_names: set[str] = set()
    for row in rows:
        values = {name: Decimal(row[name]) for name in names}
        amount_by_name = {
            name: amount for name, amount in values.items() if name == "budget" or says(amount) != says(ZERO)
        }
        texts = {name: says(amount) for name, amount in amount_by_name.items()}
        if not row["lines"]:
            texts["budget"] = UNKNOWN
        shown_names |= amount_by_name.keys()
        quarter = f"Kvartal {row['quarter']}"
        bars = tuple(
            scale.bar(labels[name][0], amount, _tone(amount, labels[name][1]), texts[name])
            for name, amount in amount_by_name.items()
        )
        groups.append(Bars(quarter, bars))
        listing = ", ".join(f"{labels[name][0].lower()} {texts[name]}" for name in amount_by_name)
        sentences.append(f"{quarter}: {listing}.")
    if "avoided" in shown_names:
        sentences.append("Undvikna höjningar ingår inte i budgeteffekten.")
    last = f"Sista kvartalet räknas till och med {day(snapshot['report']['through'])}"
    sentences.append(f"{last}, och samma tid året före." if "before" in shown_names else f"{last}.")
    return _picture("quarters", caption, tuple(groups), " ".join(sentences), zero=scale.at(ZERO))


def _tone(amount: Decimal, tone: Tone) -> Tone:
    """What is below zero is an increase, whatever it is part of."""
    return "increase" if amount < 0 else tone


def _categories(snapshot: Snapshot) -> Block:
    """Plan and outcome by category, the largest first; cost increases on a row of their own."""
    caption = "Var kom pengarna?"
    rows = [(each["name"], *_plan_and_outcome(each)) for each in snapshot["categories"]]
    rows.sort(key=lambda row: (-row[2], -row[1], row[0]))
    unknown = {each["name"] for each in snapshot["categories"] if not each["lines"]}
    if len(rows) > MOST_CATEGORIES:
        rest = rows[MOST_CATEGORIES - 1 :]
        name = f"Övriga {few(len(rest))} kategorier"
        plans, outcomes = sum((row[1] for row in rest), ZERO), sum((row[2] for row in rest), ZERO)
        unknown |= {name} if unknown.issuperset(row[0] for row in rest) else set()
        rows[MOST_CATEGORIES - 1 :] = [(name, plans, outcomes)]
    if snapshot["increases"]:
        rows.append((INCREASES, *_plan_and_outcome(snapshot["effects"]["increase"])))
        unknown |= set() if snapshot["effects"]["increase"]["lines"] else {INCREASES}
    amounts = [amount for row in rows for amount in row[1:]]
    scale, says = Scale(amounts), _says(amounts)
    if scale.is_empty:
        return Paragraph(f"{caption} Ingen kategori har något hemtaget eller planerat till samma dag.")
    texts = {name: UNKNOWN if name in unknown else says(outturn) for name, _plan, outturn in rows}
    groups = tuple(
        Bars(
            name,
            (
                scale.bar("Plan till samma dag", plan, "plan", says(plan)),
                scale.bar("Hemtaget", outturn, _tone(outturn, "realised"), texts[name]),
            ),
        )
        for name, plan, outturn in rows
    )
    words = " ".join(
        f"{name}: {'hemtaget är inte känt' if name in unknown else f'{texts[name]} hemtaget'}, planen var {says(plan)}."
        for name, plan, _came in rows
    )
    return _picture("categories", caption, groups, words, zero=scale.at(ZERO))


def _plan_and_outcome(amounts: dict[str, Any]) -> tuple[Decimal, Decimal]:
    return Decimal(amounts["plan_to_date"]), Decimal(amounts["realised"])


def _administrations(snapshot: Snapshot) -> Block:
    """Contract loyalty by administration against the target; who bought nothing that an agreement covers has no share."""
    caption = "Köper förvaltningarna på avtalen?"
    rows = [each for each in snapshot["administrations"] if each["loyalty"] is not None]
    if not rows:
        return Paragraph(f"{caption} Ingen förvaltning har köpt något i kategorier med avtal under perioden.")
    (target,) = (each["target"] for each in snapshot["indicators"] if each["key"] == Indicator.LOYALTY)
    goal = Decimal(target["value"]) if target else None
    scale = Scale([Decimal(100)])
    left_out = len(rows) - MOST_ADMINISTRATIONS
    bars, sentences = [], []
    for each in rows[:MOST_ADMINISTRATIONS]:
        loyalty = Decimal(each["loyalty"])
        percent = formatting.percent(loyalty)
        bars.append(scale.bar(each["name"], loyalty, "share", percent, mark=goal))
        sentences.append(f"{each['name']}: {percent}.")
    words = f"Avtalstrohet, köpt under avtal till avtalat pris. {' '.join(sentences)}"
    if target:
        words = f"{words} Målet är {target_text(target, 'percent')}."
    if left_out > 0:
        words = f"{words} {count(left_out, 'förvaltning', 'förvaltningar')} som köpte mindre visas inte."
    mark = f"Mål, {target_text(target, 'percent')}" if target else ""
    return _picture("administrations", caption, (Bars("", tuple(bars)),), words, mark=mark)


def _ceilings(snapshot: Snapshot) -> Block:
    """Agreements near their ceiling, the nearest first; what is over it reaches beyond the line."""
    caption, agreements = "Vilka avtal börjar ta slut?", snapshot["agreements"]["near_ceiling"]
    if not agreements:
        return Paragraph(
            f"{caption} Inget avtal hade mer än {formatting.share(NEAR_CEILING)} av takvolymen använd."
        )
    percents = [Decimal(each["used_percent"]) for each in agreements]
    full = Decimal(100)
    scale = Scale([*percents, full])
    bars, sentences = [], []
    for each, percent in zip(agreements[:MOST_AGREEMENTS], percents, strict=False):
        name = f"{each['number']} {each['title']}"
        text = f"{formatting.percent(percent)} av {formatting.msek(Decimal(each['ceiling']))}"
        tone: Tone = "increase" if percent >= LOW_CEILING else "low"
        bars.append(scale.bar(name, percent, tone, text, mark=full))
        sentences.append(f"{name}: {text}.")
    if len(agreements) > MOST_AGREEMENTS:
        sentences.append(f"Bilden visar de {few(MOST_AGREEMENTS)} som har minst kvar.")
    return _picture(
        "ceilings", caption, (Bars("", tuple(bars)),), " ".join(sentences), mark="Hela takvolymen"
    )
