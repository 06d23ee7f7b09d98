"""Agreements that near their ceiling or their end, as tasks and on the time axis."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import Agreement
from agreements.runway import Outlook
from core import formatting, reader
from core.addresses import address_of
from core.components import Term
from desk.today.tasks import Task

URGENT_DAYS = 30
ALMOST_FULL = 95


def agreements_of(posts: Sequence[int] | None, day: date) -> list[Agreement]:
    """Agreements in force under the categories that she answers for today; all for the head of procurement."""
    agreements = Agreement.objects.valid_on(day).select_related("supplier", "category").with_pace(day)
    if posts is not None:
        agreements = agreements.filter(category__lineage__overlap=list(posts))
    return list(agreements.in_order())


def term_of(outlook: Outlook, day: date) -> Term:
    """One agreement on the time axis."""
    agreement = outlook.agreement
    urgent, text = "", _("Tills vidare")
    if outlook.start_by is not None:
        text = reader.short_day(outlook.start_by, day)
    if outlook.start_by is not None and outlook.start_by <= day:
        urgent = _("Nu.") + " "
        text = _why_now(outlook, day)
    return Term(
        label=agreement.title,
        sub=f"{formatting.order_number(agreement.number)}, {agreement.supplier.name}",
        url=address_of(agreement),
        starts=agreement.valid_during.lower or day,
        ends=agreement.end_date,
        option_ends=outlook.option_end,
        ceiling_on=outlook.ceiling_date,
        start_by=outlook.start_by,
        urgent=urgent,
        text=text,
    )


def _why_now(outlook: Outlook, day: date) -> str:
    """Say what comes so soon that the next procurement must start."""
    if outlook.ceiling_date is not None:
        return _("Taket nås %(day)s.") % {"day": reader.day(outlook.ceiling_date, day)}
    return _("Avtalet slutar %(day)s.") % {"day": _last_day(outlook.agreement, day)}


def _last_day(agreement: Agreement, day: date) -> str:
    """Name the last day of an agreement."""
    end = agreement.end_date
    return _("tills vidare") if end is None else reader.short_day(end, day)


def agreement_tasks(prospects: Iterable[Outlook], day: date) -> list[Task]:
    """Agreements whose ceiling, term or last day to give notice is near: one task each, whatever is near of it."""
    tasks = []
    for outlook in prospects:
        if outlook.ceiling_needs_you:
            tasks.append(_ceiling_task(outlook, day))
        elif outlook.ends_soon:
            tasks.append(_ending_task(outlook, day))
    return tasks


def _ceiling_task(outlook: Outlook, day: date) -> Task:
    agreement = outlook.agreement
    text = _("%(amount)s kvar.") % {"amount": reader.kr(agreement.remaining_amount, 0)}
    if outlook.ceiling_date is not None:
        until = reader.short_day(outlook.ceiling_date, day)
        text += " " + _("I nuvarande takt räcker det till %(day)s. Därefter stoppas nya rader.") % {
            "day": until
        }
    if outlook.ends_soon:
        text += " " + _term_text(outlook, day)
    return Task(
        figure=reader.percent(agreement.used_percent, 0),
        title=_("av taket för %(title)s är använt") % {"title": agreement.title},
        text=text,
        url=address_of(agreement),
        button=_("Se avtalet"),
        needs=agreement.used_percent >= ALMOST_FULL
        or outlook.ceiling_date is not None
        or _days_left(outlook, day) <= URGENT_DAYS,
    )


def _ending_task(outlook: Outlook, day: date) -> Task:
    agreement, days = outlook.agreement, _days_left(outlook, day)
    if _notice_ahead(outlook, day):
        title = ngettext(
            "dag kvar att ge besked om avtalet %(title)s",
            "dagar kvar att ge besked om avtalet %(title)s",
            days,
        )
    else:
        title = ngettext("dag kvar på avtalet %(title)s", "dagar kvar på avtalet %(title)s", days)
    return Task(
        figure=str(days),
        title=title % {"title": agreement.title},
        text=_term_text(outlook, day),
        url=address_of(agreement),
        button=_("Se avtalet"),
        needs=days <= URGENT_DAYS,
    )


def _notice_ahead(outlook: Outlook, day: date) -> date | None:
    """The last day to give notice, unless it has passed."""
    notice = outlook.notice_date
    return notice if notice is not None and notice >= day else None


def _days_left(outlook: Outlook, day: date) -> int:
    """Days until notice must be given, or until the term ends when that day has passed."""
    until = _notice_ahead(outlook, day) or outlook.agreement.end_date or date.max
    return (until - day).days


def _term_text(outlook: Outlook, day: date) -> str:
    agreement = outlook.agreement
    facts = {
        "number": formatting.order_number(agreement.number),
        "end": _last_day(agreement, day),
        "months": agreement.option_months,
    }
    text = _("%(number)s gäller till och med %(end)s.") % facts
    if agreement.option_months:
        text += " " + _("Det kan förlängas %(months)s månader.") % facts
    else:
        text += " " + _("Det kan inte förlängas.")
    if notice := _notice_ahead(outlook, day):
        text += " " + _("Besked senast %(day)s.") % {"day": reader.day(notice, day)}
    return text
