"""New prices that wait for the person's decision, as a task."""

from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import PriceProposal
from catalog.price_deciders import waiting_for
from core import reader
from core.addresses import address_of
from core.money import ZERO
from desk.today.tasks import Question, Task, sum_of
from organizations.models import User
from procurement.wording import number_word_capitalised

SOON_DAYS = 14
"""Days before the prices' day from which they are among what needs her."""


def price_question(user: User, day: date) -> Question:
    """Whether any prices wait for a decision; only then is it asked whose they are."""
    undecided = sum_of(PriceProposal.objects.undecided(), count=Count("pk"))
    return Question(undecided, lambda rows: price_tasks(user, day) if rows else [])


def price_tasks(user: User, day: date) -> list[Task]:
    """How many proposals wait, what they would cost in a year together, and the first day."""
    waiting = waiting_for(user, day)
    if not waiting:
        return []
    effect = sum((each.total_effect for each in waiting), ZERO)  # type: ignore[attr-defined]
    passed = sum(each.has_passed(day) for each in waiting)
    text = _("De kostar %(kronor)s på ett år. Det första gäller från %(day)s.") % {
        "kronor": reader.kr(effect, 0, signed=True),
        "day": reader.short_day(waiting[0].from_date),
    }
    if passed:
        text = ngettext(
            "%(count)s har passerat sin dag, så det gamla priset gäller. Tillsammans kostar de %(kronor)s på ett år.",
            "%(count)s har passerat sin dag, så de gamla priserna gäller. Tillsammans kostar de %(kronor)s på ett år.",
            passed,
        ) % {"count": number_word_capitalised(passed), "kronor": reader.kr(effect, 0, signed=True)}
    return [
        Task(
            figure=str(len(waiting)),
            title=ngettext("prisförslag att besluta om", "prisförslag att besluta om", len(waiting)),
            text=text,
            url=reverse("desk:price_proposals") if len(waiting) > 1 else address_of(waiting[0]),
            button=_("Se förslagen") if len(waiting) > 1 else _("Se förslaget"),
            needs=(waiting[0].from_date - day).days <= SOON_DAYS,
        )
    ]
