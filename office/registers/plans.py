"""What is planned for a day to come: departments and administrations that change, and people who leave."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from office.permissions import is_administrator, keeps_accounts
from office.registers import previews
from office.registers.planning import (
    TAKEN_BACK,
    IsClosedOnThatDay,
    LeftBeforeYesterday,
    PersonIsGone,
    PlanIsInThePast,
    is_open,
    not_in_the_past,
    register_of_plans,
)
from organizations.models import AdministrationChange, DepartmentChange, Departure, User
from registers.columns import Column
from registers.kinds import Day, Reference
from registers.register import Group, Rule


@dataclass(frozen=True, slots=True)
class DayBefore(Day):
    """The last day, where the model keeps the first day after it."""

    def current(self, path: str) -> Combinable:
        """The day before what the register holds."""
        return Coalesce(Cast(F(path) - Value(1), TextField()), Value("", output_field=TextField()))

    def stored(self, text: str) -> str:
        """The day after."""
        return f"(nullif({text}, '')::date + 1)"


DEPARTMENT_CHANGES = register_of_plans(
    name="department_changes",
    title=_("Planerade ändringar av enheter"),
    one=_("planerad ändring"),
    model=DepartmentChange,
    columns=[
        Column(
            "cost_center",
            _("Ansvar"),
            others=("Kostnadsställe",),
            field="department",
            kind=Reference(by="cost_center"),
            is_key=True,
        ),
        Column("from_date", _("Från och med"), is_key=True),
        Column("name", _("Nytt namn")),
        Column("administration", _("Ny förvaltning"), kind=Reference(by="code")),
        Column(
            "into",
            _("Går upp i"),
            kind=Reference(by="cost_center"),
            note=_("Tomt när den fortsätter för sig själv."),
        ),
    ],
    may_change=is_administrator,
    rules=[
        Rule(not_in_the_past, PlanIsInThePast, "from_date"),
        Rule(is_open("department"), IsClosedOnThatDay, "cost_center"),
        Rule(is_open("administration"), IsClosedOnThatDay, "administration"),
        Rule(is_open("into"), IsClosedOnThatDay, "into"),
    ],
    what="department",
    preview=previews.of_department_plan,
    searched=["cost_center", "name"],
    filtered=["status", "cost_center"],
)

ADMINISTRATION_CHANGES = register_of_plans(
    name="administration_changes",
    title=_("Planerade ändringar av förvaltningar"),
    one=_("planerad ändring"),
    model=AdministrationChange,
    columns=[
        Column("code", _("Kod"), field="administration", kind=Reference(by="code"), is_key=True),
        Column("from_date", _("Från och med"), is_key=True),
        Column("name", _("Nytt namn")),
        Column(
            "into",
            _("Går upp i"),
            kind=Reference(by="code"),
            note=_("Tomt när den fortsätter för sig själv."),
        ),
    ],
    may_change=is_administrator,
    rules=[
        Rule(not_in_the_past, PlanIsInThePast, "from_date"),
        Rule(is_open("administration"), IsClosedOnThatDay, "code"),
        Rule(is_open("into"), IsClosedOnThatDay, "into"),
    ],
    what="administration",
    preview=previews.of_administration_plan,
    searched=["code", "name"],
    filtered=["status"],
)


def _others(by: User, day: date) -> Q:
    """Nobody plans her own leaving, or moves it."""
    return ~Q(person=by)


DEPARTURES = register_of_plans(
    name="departures",
    group=Group.PEOPLE,
    title=_("Personer som slutar"),
    one=_("person som slutar"),
    model=Departure,
    columns=[
        Column("email", _("E-postadress"), field="person", kind=Reference(by="email"), is_key=True),
        Column("last_date", _("Sista dag"), field="from_date", kind=DayBefore(), is_key=True),
        Column("successor", _("Tar över"), kind=Reference(by="email"), is_required=True),
    ],
    may_change=keeps_accounts,
    reach=_others,
    rules=[
        Rule(not_in_the_past, LeftBeforeYesterday, "last_date"),
        Rule(TAKEN_BACK | Q(person__is_active=True), PersonIsGone, "email"),
        Rule(TAKEN_BACK | Q(successor__is_active=True), PersonIsGone, "successor"),
    ],
    what="person",
    into="successor",
    day="last_date",
    preview=previews.of_departure,
    searched=["email"],
    filtered=["status"],
)
