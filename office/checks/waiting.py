"""
What waits.

Days on which nothing is ordered; lines, baskets and attests that nobody can go on with; new prices whose day has come undecided.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from catalog.models import PriceProposal
from core.models import ClosedDay
from core.working_days import Calendar
from office.checks.check import Check
from organizations.models import AccountingCode
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.models.line_questions import RequisitionLineQuerySet
from procurement.order_times import OrderTimes
from procurement.states import UNDECIDED, AttestStatus, LineStatus

LONGEST_WAIT = 10
"""So many days may pass without anything being ordered; Easter and the weeks around New Year are shorter."""


def _lines() -> RequisitionLineQuerySet:
    """With what says which they are."""
    return RequisitionLine.objects.select_related("requisition")


def _lines_with_closed_account(day: date) -> QuerySet[Any]:
    return _lines().undecided().filter(account__closed_date__lte=day).select_related("account")


def _lines_with_closed_code(day: date) -> QuerySet[Any]:
    closed = Q(requisition__activity__closed_date__lte=day) | Q(requisition__project__closed_date__lte=day)
    related = ("requisition__activity", "requisition__project")
    return _lines().undecided().filter(closed).select_related(*related)


def _closed_code(line: RequisitionLine) -> AccountingCode | None:
    """The project where it is closed, else the activity."""
    project = line.requisition.project
    return project if project and project.closed_date else line.requisition.activity


def _lines_to_closed_place(day: date) -> QuerySet[Any]:
    """Lines that are not ordered yet; a place that closed with a merged department is that of the other one."""
    closed = Q(delivery_place__closed_date__lte=day) & ~Q(
        delivery_place__department__merged_into__isnull=False,
        delivery_place__closed_date=F("delivery_place__department__closed_date"),
    )
    lines = _lines().filter(closed, status__in=[*UNDECIDED, LineStatus.APPROVED])
    return lines.select_related("delivery_place")


def _lines_with_leavers(day: date) -> QuerySet[Any]:
    return _lines().undecided().filter(responsible__is_active=False).select_related("responsible")


def _baskets_with_leavers(day: date) -> QuerySet[Any]:
    return Requisition.objects.held().filter(requester__is_active=False).select_related("requester")


def _baskets_of_movers(day: date) -> QuerySet[Any]:
    """Those whose owners order for no department, and that nobody else could have."""
    baskets = Requisition.objects.stranded(day).filter(requester__is_active=True, orders_somewhere=False)
    return baskets.select_related("requester")


def _attests_with_leavers(day: date) -> QuerySet[Any]:
    attests = BudgetAttest.objects.filter(status=AttestStatus.PENDING, responsible__is_active=False)
    return attests.select_related("responsible", "requisition")


def _prices_that_passed(day: date) -> QuerySet[Any]:
    return PriceProposal.objects.undecided().filter(from_date__lte=day).select_related("agreement")


def _days_that_stop_orders(day: date) -> QuerySet[Any]:
    """The closed days ahead, when nothing is ordered for long."""
    morning = timezone.make_aware(datetime.combine(day, time()))
    following = OrderTimes.read().next_after(morning, Calendar.read()).date()
    closed = ClosedDay.objects.filter(day__range=(day, following))
    return closed if following > day + timedelta(days=LONGEST_WAIT) else closed.none()


CHECKS = (
    Check(
        "closed_for_long",
        "closed_days",
        gettext_lazy("Ingenting beställs på mer än tio dagar."),
        _days_that_stop_orders,
    ),
    Check(
        "line_with_closed_account",
        "accounting_codes",
        gettext_lazy("Raden väntar men är bokad på ett konto som är stängt."),
        _lines_with_closed_account,
        about=lambda line: line.account,
    ),
    Check(
        "line_with_closed_code",
        "accounting_codes",
        gettext_lazy("Raden väntar men är bokad på en verksamhet eller ett projekt som är stängt."),
        _lines_with_closed_code,
        about=_closed_code,
    ),
    Check(
        "line_to_closed_place",
        "delivery_places",
        gettext_lazy("Raden ska till en leveransplats som inte används längre."),
        _lines_to_closed_place,
        about=lambda line: line.delivery_place,
    ),
    Check(
        "line_with_leaver",
        "people",
        gettext_lazy("Raden väntar på någon som har slutat."),
        _lines_with_leavers,
        about=lambda line: line.responsible,
    ),
    Check(
        "basket_with_leaver",
        "people",
        gettext_lazy("Korgen ligger kvar hos någon som har slutat."),
        _baskets_with_leavers,
        about=lambda basket: basket.requester,
    ),
    Check(
        "basket_of_mover",
        "roles",
        gettext_lazy("Korgen ligger kvar hos någon som inte beställer för någon enhet längre."),
        _baskets_of_movers,
        about=lambda basket: basket.requester,
    ),
    Check(
        "attest_with_leaver",
        "people",
        gettext_lazy("Attesten väntar på någon som har slutat."),
        _attests_with_leavers,
        about=lambda attest: attest.responsible,
    ),
    Check(
        "price_proposal_passed",
        "prices",
        gettext_lazy("Prisförslagets dag har kommit utan beslut, så de gamla priserna gäller."),
        _prices_that_passed,
        is_on_its_page=True,
    ),
)
