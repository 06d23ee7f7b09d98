"""Agreements that near their ceiling or their end, as tasks and on the time axis."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import Agreement
from agreements.runway import Outlook
from core import formatting, reader
from core.addresses import address_of
from core.components import Term
from desk.today.tasks import Task
from organizations.models import User

URGENT_DAYS = 30
ALMOST_FULL = 95


def agreements_of(user: User, posts: Sequence[int] | None, day: date) -> list[Agreement]:
    """Agreements in force that she answers for today, by a category or by name; all for the head of procurement."""
    agreements = Agreement.objects.orderable_on(day).select_related("supplier", "category").with_outlook(day)
    if posts is not None:
        agreements = agreements.filter(answered_today(user, posts))
    return list(agreements.in_order())


def answered_today(user: User, posts: Iterable[int]) -> Q:
    """
    What holds for the agreements that she answers for today, by a category or by name.

    :param posts: ids of the categories that she is manager of, or deputy for while the manager is away.
    """
    return Q(category__lineage__overlap=list(posts)) | Q(owner=user)


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
    """Agreements whose ceiling, term, option, last day to give notice or next procurement is near: one task each."""
    tasks = []
    for outlook in prospects:
        if outlook.ceiling_needs_you:
            tasks.append(_ceiling_task(outlook, day))
        elif outlook.ends_soon:
            tasks.append(_ending_task(outlook, day))
        elif _is_to_start(outlook, day):
            tasks.append(_start_task(outlook, day))
    return tasks


def _is_to_start(outlook: Outlook, day: date) -> bool:
    """Whether the next procurement must start within a month, or should have, and nobody has started it."""
    if outlook.start_by is None or outlook.agreement.procurement_started_date is not None:
        return False
    return (outlook.start_by - day).days <= URGENT_DAYS


def _start_text(outlook: Outlook, day: date) -> str:
    """Say when the next procurement must start, where that is near or has passed."""
    if not _is_to_start(outlook, day):
        return ""
    start = outlook.start_by or day
    sentence = (
        _("Nästa upphandling behöver starta senast %(day)s.")
        if start >= day
        else _("Nästa upphandling behövde starta %(day)s.")
    )
    return " " + sentence % {"day": reader.short_day(start, day)}


def _start_task(outlook: Outlook, day: date) -> Task:
    start = outlook.start_by or day
    text = _term_text(outlook, day) if outlook.ceiling_date is None else _why_now(outlook, day)
    if start >= day:
        days = (start - day).days
        title = ngettext(
            "dag tills nästa upphandling av %(title)s behöver starta",
            "dagar tills nästa upphandling av %(title)s behöver starta",
            days,
        )
        figure = str(days)
    else:
        figure, title = _("Nu"), _("behöver nästa upphandling av %(title)s starta")
    return Task(
        figure=figure,
        title=title % {"title": outlook.agreement.title},
        text=text,
        url=address_of(outlook.agreement),
        button=_("Se avtalet"),
        needs=False,
    )


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
    text += _start_text(outlook, day)
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
    if outlook.option is not None and (outlook.option.decide_by_date - day).days == days:
        title = ngettext(
            "dag kvar att besluta om optionen för %(title)s",
            "dagar kvar att besluta om optionen för %(title)s",
            days,
        )
    elif _next_notice_date(outlook, day):
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
        text=_term_text(outlook, day) + _start_text(outlook, day),
        url=address_of(agreement),
        button=_("Se avtalet"),
        needs=days <= URGENT_DAYS,
    )


def _next_notice_date(outlook: Outlook, day: date) -> date | None:
    """The last day to give notice, unless it has passed."""
    notice = outlook.notice_date
    return notice if notice is not None and notice >= day else None


def _days_left(outlook: Outlook, day: date) -> int:
    """Days until an option must be decided or notice be given, or until the term ends when those days have passed."""
    option = outlook.option
    until = _next_notice_date(outlook, day) or outlook.agreement.end_date or date.max
    if option is not None:
        until = min(until, option.decide_by_date)
    return (until - day).days


def _term_text(outlook: Outlook, day: date) -> str:
    agreement = outlook.agreement
    months = sum(each.option.months for each in outlook.prolonged)
    facts = {"number": formatting.order_number(agreement.number), "end": _last_day(agreement, day)}
    text = _("%(number)s gäller till och med %(end)s.") % facts
    if outlook.option is not None:
        can_go_on = ngettext(
            "Det kan förlängas %(months)s månad.", "Det kan förlängas %(months)s månader.", months
        )
        text += " " + can_go_on % {"months": months}
    else:
        text += " " + _("Det kan inte förlängas.")
    if notice := _next_notice_date(outlook, day):
        text += " " + _("Besked senast %(day)s.") % {"day": reader.day(notice, day)}
    if outlook.option is not None:
        text += " " + _("Besluta om optionen senast %(day)s.") % {
            "day": reader.day(outlook.option.decide_by_date, day)
        }
    return text
