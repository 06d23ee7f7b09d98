"""The three measures of saving, as figures and in words."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import formatting, reader
from core.components import Measure
from core.money import ZERO
from reporting.effects import Amounts, Effects
from reporting.pace import Pace

MILLIONS_FROM = Decimal(100_000)


def ladder(effects: Effects) -> list[Measure]:
    """The three measures on one scale."""
    net, year = effects.net, effects.year
    planned = _("Den del som ryms i %(year)s.") % {"year": year}
    if net.carried_in:
        planned += " " + _("%(amount)s av den är överhäng från %(before)s.") % {
            "amount": _key_figure(net.carried_in),
            "before": year - 1,
        }
    if net.overhang:
        planned += " " + _("Resten, %(amount)s, är överhäng till %(after)s.") % {
            "amount": _key_figure(net.overhang),
            "after": year + 1,
        }
    return [
        Measure(
            label=_("Helårseffekt"),
            explanation=_("Vad årets beslut ger på ett helt år, med de senaste tolv månadernas volym."),
            value=net.full_year,
            kind="full_year",
            figure=_key_figure(net.full_year),
            amount=_exact(net.full_year),
        ),
        Measure(
            label=_("Effekt innevarande år"),
            explanation=planned,
            value=net.in_year,
            kind="in_year",
            figure=_key_figure(net.in_year),
            amount=_exact(net.in_year),
            rest=net.overhang if net.overhang > 0 else None,
            rest_label=_short(net.overhang) if net.overhang > 0 else "",
        ),
        _realised(net, _months_words(effects.through)),
    ]


def _realised(net: Amounts, when: str) -> Measure:
    """What came, with the plan that it is held against; where nothing was delivered that nothing is known, never 0 %."""
    plan = _("Plan hittills %(amount)s") % {"amount": _short(net.plan_to_date)} if net.plan_to_date else ""
    if not net.lines:
        return Measure(
            label=_("Hemtagen"),
            explanation=_("Inga mottagna rader räknas mot en baslinje %(months)s.") % {"months": when},
            value=ZERO,
            kind="unknown",
            figure=_("Uppgift saknas"),
            plan=max(net.plan_to_date, ZERO),
            plan_label=plan,
        )
    return Measure(
        label=_("Hemtagen"),
        explanation=_("Vad mottagna rader faktiskt har gett %(months)s. Kostnadsökningar är avdragna.")
        % {"months": when},
        value=net.realised,
        kind="realised",
        figure=_key_figure(net.realised),
        amount=_exact(net.realised),
        plan=max(net.plan_to_date, ZERO),
        plan_label="" if net.rate is None else f"{plan}. " + _("Hemtagningsgrad"),
        plan_figure="" if net.rate is None else reader.share(net.rate, 0),
    )


def pace_words(pace: Pace | None, year: int) -> str:
    """Say how the year goes on, when there is enough of it to tell by."""
    if pace is None:
        return ""
    return _(
        "Månaderna %(first)s–%(last)s ger %(rate)s i årstakt. Håller takten hämtas %(forecast)s hem under %(year)s."
    ) % {
        "first": reader.month(date(year, pace.first_month, 1)).split(formatting.NBSP)[0],
        "last": reader.month(date(year, pace.last_month, 1)).split(formatting.NBSP)[0],
        "rate": _key_figure(pace.run_rate),
        "forecast": _key_figure(pace.forecast),
        "year": year,
    }


def _exact(amount: Decimal) -> str:
    """Write whole kronor beside millions; nothing beside whole kronor."""
    return reader.kr(amount, 0) if abs(amount) >= MILLIONS_FROM else ""


def _short(amount: Decimal) -> str:
    """Write an amount inside a picture: millions without the word, or whole kronor."""
    if abs(amount) < MILLIONS_FROM:
        return reader.kr(amount, 0)
    return reader.number(amount / 1_000_000, 1)


def _months_words(through: date) -> str:
    """Name the months from January to a day."""
    name = reader.month(through).split(formatting.NBSP)[0]
    first = reader.month(through.replace(month=1)).split(formatting.NBSP)[0]
    return name if through.month == 1 else f"{first}–{name}"


def _key_figure(amount: Decimal) -> str:
    """Write an amount as a key figure: millions, or whole kronor where a million would say 0,0."""
    if abs(amount) < MILLIONS_FROM:
        return reader.kr(amount, 0)
    return reader.msek(amount)
