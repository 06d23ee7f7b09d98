"""What is planned for a day to come: departments and administrations that change, and people who leave."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.wakeups import wake
from office.operations.telling import tell_of_plans
from office.permissions import can_see_registers, is_administrator, keeps_accounts
from office.plans import note_of_plan
from office.registers import previews
from organizations.models import AdministrationChange, DepartmentChange, Departure, User
from organizations.states import PlanStatus
from registers.columns import Column
from registers.kinds import Day, Reference
from registers.register import Group, Register, Rule


class PlanIsInThePast(InvalidInput):
    """What has been bought keeps the organisation of its own day, so nothing changes backwards in time."""

    code = "plan_is_in_the_past"
    sentence = _(
        "Ändringen kan gälla från i dag eller senare. Det som redan har köpts behåller sin organisation."
    )


class LeftBeforeYesterday(InvalidInput):
    """What she has done since her last day stands, so her account is not closed backwards in time."""

    code = "departure_is_in_the_past"
    sentence = _("Sista dagen kan vara tidigast i går. Då stängs kontot genast.")


class OnlyTheClockCarriesOut(InvalidInput):
    """A person plans, and takes back; what becomes of it is written when it is tried."""

    code = "plan_status_is_the_clocks"
    sentence = _("Välj Planerad eller Återtagen. Programmet skriver själv när ändringen är genomförd.")


class PlanIsKept(InvalidInput):
    """What has been carried out, or people were told of, is not written over."""

    code = "plan_is_kept"
    sentence = _("Ändringen är redan genomförd, eller de som berörs har fått besked, så den finns kvar.")


class NothingToChange(InvalidInput):
    """A plan says one thing that is to change: a merger, or a name and an administration."""

    code = "plan_of_nothing"
    sentence = _(
        "Skriv ett nytt namn, en ny förvaltning eller vad enheten går upp i. Det som går upp i något annat får inget"
        " nytt namn."
    )


class IsClosedOnThatDay(InvalidInput):
    """What has closed by then is not changed, and nothing goes there."""

    code = "plan_of_closed"
    sentence = _("Den är stängd den dagen.")


class PersonIsGone(InvalidInput):
    """A closed account neither leaves nor takes over."""

    code = "departure_of_closed_account"
    sentence = _("Personen har inget öppet konto.")


class IntoItself(InvalidInput):
    """Nothing goes on as itself."""

    code = "plan_into_itself"
    sentence = _("Välj någon annan.")


class LeavesAlready(InvalidInput):
    """A person leaves once."""

    code = "departure_planned_already"
    sentence = _("Det är redan planerat att personen slutar. Ändra dagen i den raden.")


SENTENCES = {
    "plan_is_kept": PlanIsKept,
    "department_change_of_something": NothingToChange,
    "administration_change_of_one_thing": NothingToChange,
    "department_change_into_another": IntoItself,
    "administration_change_into_another": IntoItself,
    "departure_succeeded_by_another": IntoItself,
    "departure_planned_once": LeavesAlready,
}
TAKEN_BACK = Q(status=PlanStatus.TAKEN_BACK)
BY_A_PERSON = Rule(
    Q(status__in=[PlanStatus.PLANNED, PlanStatus.TAKEN_BACK]), OnlyTheClockCarriesOut, "status"
)


def _not_in_the_past(day: date) -> Q:
    return TAKEN_BACK | Q(from_date__gte=day)


def _open(path: str) -> Q:
    """What a plan names is open on the plan's day, or it names nothing there."""
    is_open = Q(**{path: None}) | Q(**{f"{path}__closed_date": None})
    return TAKEN_BACK | is_open | Q(**{f"{path}__closed_date__gt": F("from_date")})


@dataclass(frozen=True, slots=True)
class DayBefore(Day):
    """The last day, where the model keeps the first day after it."""

    def current(self, path: str) -> Combinable:
        """The day before what the register holds."""
        return Coalesce(Cast(F(path) - Value(1), TextField()), Value("", output_field=TextField()))

    def stored(self, text: str) -> str:
        """The day after."""
        return f"(nullif({text}, '')::date + 1)"


def _settle(by: User | None, at: datetime) -> None:
    """Tell those concerned, and have done at once what is due today."""
    tell_of_plans(by=by, at=at)
    wake("office.carry_out_plans")


STATUS = Column("status", _("Läge"), note=_("Återtagen när det inte blir av."))

DEPARTMENT_CHANGES = Register(
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
        STATUS,
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    rules=[
        BY_A_PERSON,
        Rule(_not_in_the_past, PlanIsInThePast, "from_date"),
        Rule(_open("department"), IsClosedOnThatDay, "cost_center"),
        Rule(_open("administration"), IsClosedOnThatDay, "administration"),
        Rule(_open("into"), IsClosedOnThatDay, "into"),
    ],
    sentences=SENTENCES,
    settle=_settle,
    preview=previews.of_department_plan,
    notes=note_of_plan,
    is_kept=True,
    searched=["cost_center", "name"],
    filtered=["status", "cost_center"],
)

ADMINISTRATION_CHANGES = Register(
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
        STATUS,
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    rules=[
        BY_A_PERSON,
        Rule(_not_in_the_past, PlanIsInThePast, "from_date"),
        Rule(_open("administration"), IsClosedOnThatDay, "code"),
        Rule(_open("into"), IsClosedOnThatDay, "into"),
    ],
    sentences=SENTENCES,
    settle=_settle,
    preview=previews.of_administration_plan,
    notes=note_of_plan,
    is_kept=True,
    searched=["code", "name"],
    filtered=["status"],
)


def _others(by: User, day: date) -> Q:
    """Nobody plans her own leaving, or moves it."""
    return ~Q(person=by)


DEPARTURES = Register(
    name="departures",
    group=Group.PEOPLE,
    title=_("Personer som slutar"),
    one=_("person som slutar"),
    model=Departure,
    columns=[
        Column("email", _("E-postadress"), field="person", kind=Reference(by="email"), is_key=True),
        Column("last_date", _("Sista dag"), field="from_date", kind=DayBefore(), is_key=True),
        Column("successor", _("Tar över"), kind=Reference(by="email"), is_required=True),
        STATUS,
    ],
    may_see=can_see_registers,
    may_change=keeps_accounts,
    reach=_others,
    rules=[
        BY_A_PERSON,
        Rule(_not_in_the_past, LeftBeforeYesterday, "last_date"),
        Rule(TAKEN_BACK | Q(person__is_active=True), PersonIsGone, "email"),
        Rule(TAKEN_BACK | Q(successor__is_active=True), PersonIsGone, "successor"),
    ],
    sentences=SENTENCES,
    settle=_settle,
    preview=previews.of_departure,
    notes=note_of_plan,
    is_kept=True,
    searched=["email"],
    filtered=["status"],
)
