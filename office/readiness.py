"""
Are we ready? Every hole that would stop an order or lead it to the wrong person (är vi redo).

Each check is a question to the registers, and answers with the rows that have the hole. An empty register is a hole too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Agreement, Supplier, Threshold
from catalog.models import Item, Price
from categories.models import Category, CategoryAssignment
from core.models import ClosedDay
from core.working_days import Calendar
from organizations.models import (
    AdministrationChange,
    DeliveryPlace,
    Department,
    DepartmentChange,
    Departure,
    Membership,
    PlannedChange,
    Role,
    User,
)
from organizations.states import PlanStatus
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.order_times import OrderTimes
from procurement.states import UNDECIDED, AttestStatus, LineStatus
from registers.register import REGISTERS, Register

SOON_DAYS = 30
"""What closes within so many days is a hole already."""
LONGEST_WAIT = 10
"""So many days may pass without anything being ordered; Easter and the weeks around New Year are shorter."""
MOST_SHOWN = 20
"""So many rows of a hole are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Check:
    """
    One question.

    :param register: the name of the register in which the hole is mended.
    :param sentence: what is wrong with each of the rows.
    :param rows: the rows that have the hole on a day.
    """

    code: str
    register: str
    sentence: str | Promise
    rows: Callable[[date], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Hole:
    """What a check found: how many rows, and the first of them."""

    code: str
    register: str
    sentence: str
    count: int
    rows: Sequence[Model] = ()

    @property
    def more(self) -> int:
        """How many rows are not named."""
        return self.count - len(self.rows)


def holes_on(day: date, *, registers: Sequence[str] | None = None) -> list[Hole]:
    """
    Find every hole on a day.

    :param registers: only those that are mended in these.
    """
    found = [_empty(register) for register in NEEDED if not register.model._default_manager.exists()]
    found += [hole for check in CHECKS for hole in _found(check, day)]
    return [hole for hole in found if registers is None or hole.register in registers]


def _empty(register: Register) -> Hole:
    sentence = _("Registret %(register)s är tomt.") % {"register": register.title}
    return Hole("empty", register.name, sentence, 0)


def _found(check: Check, day: date) -> list[Hole]:
    rows = check.rows(day).order_by("pk")
    count = rows.count()
    if not count:
        return []
    return [Hole(check.code, check.register, str(check.sentence), count, list(rows[:MOST_SHOWN]))]


def _leaves_without_manager(day: date) -> QuerySet[Any]:
    held = CategoryAssignment.objects.on(day).filter(manager__is_active=True).values("category")
    return Category.objects.leaves().exclude(lineage__overlap=ArraySubquery(held))


def _leaves_without_account(day: date) -> QuerySet[Any]:
    closes = Q(account__closed_date__lte=day + timedelta(days=SOON_DAYS))
    return Category.objects.leaves().filter(Q(account=None) | closes)


def _departments_without(role: Role) -> Callable[[date], QuerySet[Any]]:
    def rows(day: date) -> QuerySet[Any]:
        held = Membership.objects.on(day).filter(role=role, department=OuterRef("pk"), user__is_active=True)
        return Department.objects.open(day).filter(~Exists(held))

    return rows


def _departments_without_place(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(
        ~Exists(DeliveryPlace.objects.open(day).filter(department=OuterRef("pk")))
    )


def _departments_without_activity(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(activity__closed_date__lte=day + timedelta(days=SOON_DAYS))


def _items_without_price(day: date) -> QuerySet[Any]:
    priced = Price.objects.on(day).filter(item=OuterRef("pk"), supplier__blocked_reason="")
    return Item.objects.orderable_on(day).filter(~Exists(priced))


def _agreements_without_end(day: date) -> QuerySet[Any]:
    return Agreement.objects.filter(valid_during__upper_inf=True, until_further_notice=False)


def _agreements_without_ceiling(day: date) -> QuerySet[Any]:
    return Agreement.objects.valid_on(day).filter(ceiling_amount__lte=F("committed_amount"))


def _suppliers_without_address(day: date) -> QuerySet[Any]:
    return Supplier.objects.filter(order_email="")


def _posts_of_leavers(day: date) -> QuerySet[Any]:
    return (
        CategoryAssignment.objects.on(day)
        .filter(manager__is_active=False)
        .select_related("category", "manager")
    )


def _lines_with_closed_account(day: date) -> QuerySet[Any]:
    return RequisitionLine.objects.undecided().filter(account__closed_date__lte=day)


def _lines_with_closed_code(day: date) -> QuerySet[Any]:
    closed = Q(requisition__activity__closed_date__lte=day) | Q(requisition__project__closed_date__lte=day)
    return RequisitionLine.objects.undecided().filter(closed)


def _lines_to_closed_place(day: date) -> QuerySet[Any]:
    """Lines that are not ordered yet; a place that closed with a merged department is that of the other one."""
    gone = Q(requisition__delivery_place__closed_date__lte=day) & ~Q(
        requisition__delivery_place__department__merged_into__isnull=False,
        requisition__delivery_place__closed_date=F("requisition__delivery_place__department__closed_date"),
    )
    return RequisitionLine.objects.filter(gone, status__in=[*UNDECIDED, LineStatus.APPROVED])


def _lines_with_leavers(day: date) -> QuerySet[Any]:
    return RequisitionLine.objects.undecided().filter(responsible__is_active=False)


def _baskets_with_leavers(day: date) -> QuerySet[Any]:
    lines = RequisitionLine.objects.filter(requisition=OuterRef("pk"))
    return Requisition.objects.filter(Exists(lines), submitted_at=None, requester__is_active=False)


def _attests_with_leavers(day: date) -> QuerySet[Any]:
    return BudgetAttest.objects.filter(status=AttestStatus.PENDING, responsible__is_active=False)


def _days_that_stop_orders(day: date) -> QuerySet[Any]:
    """The closed days ahead, when nothing is ordered for long."""
    morning = timezone.make_aware(datetime.combine(day, time()))
    following = OrderTimes.read().next_after(morning, Calendar.read()).date()
    closed = ClosedDay.objects.filter(day__range=(day, following))
    return closed if following > day + timedelta(days=LONGEST_WAIT) else closed.none()


def _thresholds_that_end(day: date) -> QuerySet[Any]:
    """Those that nothing follows."""
    last = day + timedelta(days=SOON_DAYS)
    later = Threshold.objects.filter(
        Q(valid_during__endswith__gt=last) | Q(valid_during__upper_inf=True),
        kind=OuterRef("kind"),
        valid_during__fully_gt=OuterRef("valid_during"),
    ).annotate(same=Coalesce("category", 0))
    return Threshold.objects.filter(
        ~Exists(later.filter(same=Coalesce(OuterRef("category"), 0))), valid_during__endswith__lte=last
    )


def _refused(model: type[PlannedChange]) -> Callable[[date], QuerySet[Any]]:
    """Plans whose day came and that could not be carried out."""
    return lambda day: model._default_manager.filter(status=PlanStatus.REFUSED)


def _departures_to_leavers(day: date) -> QuerySet[Any]:
    return Departure.objects.to_come().filter(successor__is_active=False)


def _open_in_closed_administration(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(administration__closed_date__lte=day)


def _nobody_is(role: Role) -> Callable[[date], QuerySet[Any]]:
    """The people, all of them, when none has the role; nobody otherwise."""

    def rows(day: date) -> QuerySet[Any]:
        has = Membership.objects.on(day).filter(role=role, user__is_active=True)
        return User.objects.filter(~Exists(has), is_active=True)

    return rows


CHECKS = (
    Check("no_head", "roles", gettext_lazy("Ingen är inköpschef."), _nobody_is(Role.HEAD_OF_PROCUREMENT)),
    Check("no_controller", "roles", gettext_lazy("Ingen är ekonom."), _nobody_is(Role.CONTROLLER)),
    Check(
        "no_administrator",
        "roles",
        gettext_lazy("Ingen är systemadministratör."),
        _nobody_is(Role.ADMINISTRATOR),
    ),
    Check(
        "department_without_requester",
        "roles",
        gettext_lazy("Enheten har ingen som får beställa."),
        _departments_without(Role.REQUESTER),
    ),
    Check(
        "department_without_budget_holder",
        "roles",
        gettext_lazy("Enheten har ingen budgetansvarig."),
        _departments_without(Role.BUDGET_HOLDER),
    ),
    Check(
        "department_without_delivery_place",
        "delivery_places",
        gettext_lazy("Enheten har ingen leveransplats."),
        _departments_without_place,
    ),
    Check(
        "department_without_activity",
        "departments",
        gettext_lazy("Enhetens verksamhet är stängd eller stängs inom 30 dagar."),
        _departments_without_activity,
    ),
    Check(
        "department_in_closed_administration",
        "departments",
        gettext_lazy("Enheten är öppen men hör till en förvaltning som är stängd."),
        _open_in_closed_administration,
    ),
    Check(
        "department_change_refused",
        "department_changes",
        gettext_lazy("Den planerade ändringen gick inte att genomföra."),
        _refused(DepartmentChange),
    ),
    Check(
        "administration_change_refused",
        "administration_changes",
        gettext_lazy("Den planerade ändringen gick inte att genomföra."),
        _refused(AdministrationChange),
    ),
    Check(
        "departure_refused",
        "departures",
        gettext_lazy("Personen skulle ha slutat, men det gick inte att genomföra."),
        _refused(Departure),
    ),
    Check(
        "departure_to_leaver",
        "departures",
        gettext_lazy("Den som skulle ta över har själv slutat."),
        _departures_to_leavers,
    ),
    Check(
        "category_without_manager",
        "posts",
        gettext_lazy("Ingen ansvarar för kategorin."),
        _leaves_without_manager,
    ),
    Check("post_of_leaver", "posts", gettext_lazy("Den ansvariga har slutat."), _posts_of_leavers),
    Check(
        "category_without_account",
        "categories",
        gettext_lazy("Kategorin har inget konto, eller ett som är stängt eller stängs inom 30 dagar."),
        _leaves_without_account,
    ),
    Check(
        "supplier_without_address",
        "suppliers",
        gettext_lazy("Leverantören har ingen adress för beställningar."),
        _suppliers_without_address,
    ),
    Check(
        "agreement_without_end",
        "agreements",
        gettext_lazy("Avtalet har ingen sista dag."),
        _agreements_without_end,
    ),
    Check(
        "agreement_without_ceiling",
        "agreements",
        gettext_lazy("Avtalet har inget kvar under taket."),
        _agreements_without_ceiling,
    ),
    Check(
        "threshold_ends",
        "thresholds",
        gettext_lazy("Gränsen har slutat gälla eller gör det inom 30 dagar, och ingen ny är inlagd."),
        _thresholds_that_end,
    ),
    Check(
        "closed_for_long",
        "closed_days",
        gettext_lazy("Ingenting beställs på mer än tio dagar."),
        _days_that_stop_orders,
    ),
    Check(
        "item_without_price",
        "prices",
        gettext_lazy("Artikeln går att beställa men har inget pris i dag."),
        _items_without_price,
    ),
    Check(
        "line_with_closed_account",
        "accounting_codes",
        gettext_lazy("Raden väntar men är bokad på ett konto som är stängt."),
        _lines_with_closed_account,
    ),
    Check(
        "line_with_closed_code",
        "accounting_codes",
        gettext_lazy("Raden väntar men är bokad på en verksamhet eller ett projekt som är stängt."),
        _lines_with_closed_code,
    ),
    Check(
        "line_to_closed_place",
        "delivery_places",
        gettext_lazy("Raden ska till en leveransplats som inte används längre."),
        _lines_to_closed_place,
    ),
    Check(
        "line_with_leaver",
        "people",
        gettext_lazy("Raden väntar på någon som har slutat."),
        _lines_with_leavers,
    ),
    Check(
        "basket_with_leaver",
        "people",
        gettext_lazy("Korgen ligger kvar hos någon som har slutat."),
        _baskets_with_leavers,
    ),
    Check(
        "attest_with_leaver",
        "people",
        gettext_lazy("Attesten väntar på någon som har slutat."),
        _attests_with_leavers,
    ),
)

NEEDED = tuple(
    REGISTERS[name]
    for name in (
        "authorities",
        "administrations",
        "accounting_codes",
        "departments",
        "delivery_places",
        "people",
        "roles",
        "categories",
        "posts",
        "suppliers",
        "agreements",
        "items",
        "prices",
    )
)
"""Registers without which nobody can order."""
