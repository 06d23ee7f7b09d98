"""What departments bought outside the agreements this year, a row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from categories.models import Category
from core import reader
from core.components import Link
from desk.today.words import month_name
from organizations.models import User
from procurement.wording import number_word
from reporting.leakage import Leak, leakage
from reporting.months import LineSelection
from reporting.selection import reach

MOST_ROWS = 6
MOST_CATEGORIES = 2


@dataclass(frozen=True, slots=True)
class LeakRow:
    """One department: what it bought, how often, for how much, and where the purchases are."""

    department: str
    text: str
    times: str
    amount: Decimal
    share: str
    url: str


@dataclass(frozen=True, slots=True)
class Leaks:
    """The part of the page: its rows, the largest amount among them, and the way to all purchases."""

    rows: tuple[LeakRow, ...]
    largest: Decimal
    sub: str = ""
    link: Link | None = None


def leaks_of(user: User, within: list[int] | None, day: date, tree: Sequence[Category]) -> Leaks:
    """Gather what was bought outside the agreements since January in the categories (ids), or in all for None."""
    summary = leakage(
        LineSelection(date(day.year, 1, 1), day, reach=reach(user, day, tree), within=within), tree
    )
    if not summary.leaks:
        return Leaks((), Decimal(0))
    address = f"{reverse('reporting:outside_agreements')}?ar={day.year}&till={day.isoformat()}"
    departments = len(summary.leaks)
    sub = ngettext("%(amount)s i år, av en enhet.", "%(amount)s i år, av %(count)s enheter.", departments)
    label = ngettext("Se köpet", "Alla %(count)s köp", summary.count)
    return Leaks(
        rows=tuple(_row(leak, address, day, summary.amount) for leak in summary.leaks[:MOST_ROWS]),
        largest=summary.leaks[0].amount,
        sub=sub
        % {
            "amount": reader.kr(summary.amount, 0),
            "count": number_word(departments),
        },
        link=Link(
            label % {"count": reader.number(summary.count)},
            address,
        ),
    )


def _row(leak: Leak, address: str, day: date, whole: Decimal) -> LeakRow:
    return LeakRow(
        department=leak.department,
        text=_leak_text(leak),
        times=_times(leak, day),
        amount=leak.amount,
        share=_("%(share)s av allt") % {"share": reader.share(leak.amount / whole if whole else None, 0)},
        url=f"{address}&enhet={leak.cost_center}" if leak.is_known else address,
    )


def _leak_text(leak: Leak) -> str:
    """Say what and from whom: "Handskar från Apoteket vid torget"."""
    names = [str(category) for category in leak.categories[:MOST_CATEGORIES]]
    what = ", ".join(names) or _("Utan kategori")
    if len(leak.suppliers) == 1:
        return _("%(what)s från %(seller)s") % {"what": what, "seller": leak.suppliers[0]}
    return _("%(what)s från %(count)s säljare") % {"what": what, "count": len(leak.suppliers)}


def _times(leak: Leak, day: date) -> str:
    """Say how often: "41 köp sedan januari", "två köp i mars"."""
    if leak.count == 1:
        return _("ett köp %(day)s") % {"day": reader.short_day(leak.first_date, day)}
    text = (
        _("%(count)s köp i %(month)s")
        if leak.first_date.month == leak.last_date.month
        else _("%(count)s köp sedan %(month)s")
    )
    return text % {
        "count": reader.number(leak.count),
        "month": month_name(leak.first_date),
    }
