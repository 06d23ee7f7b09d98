"""What must hold of every plan for a day to come, and of what plans are about."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.wakeups import wake
from office.foreseeing import Step, clashes
from office.operations.telling import tell_of_plans
from office.permissions import can_see_registers
from office.plans import note_of_plan
from organizations.models import PlannedChange, User
from organizations.states import PlanStatus
from registers.columns import Column
from registers.register import Register, Rule


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
        "Skriv ett nytt namn, var det ska höra hemma eller vad det går upp i. Det som går upp i något annat får inget"
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


class ClashesWithAnother(InvalidInput):
    """Plans are held against each other before their day."""

    code = "plan_clashes"
    sentence = _(
        "Det går inte ihop med en annan planerad ändring: det som ändras har gått upp i något annat den dagen, eller så"
        " tar de över efter varandra. Välj en annan dag, eller ta tillbaka den andra."
    )


class IsChangedAfterwards(InvalidInput):
    """Nothing closes before something that is planned for it."""

    code = "closes_before_a_plan"
    sentence = _(
        "Det finns en planerad ändring som gäller efter den dagen. Ta tillbaka den, eller stäng senare."
    )


SENTENCES = {
    "plan_is_kept": PlanIsKept,
    "department_change_of_something": NothingToChange,
    "administration_change_of_one_thing": NothingToChange,
    "category_change_of_something": NothingToChange,
    "department_change_into_another": IntoItself,
    "administration_change_into_another": IntoItself,
    "category_change_into_another": IntoItself,
    "departure_succeeded_by_another": IntoItself,
    "departure_planned_once": LeavesAlready,
}
TAKEN_BACK = Q(status=PlanStatus.TAKEN_BACK)
BY_A_PERSON = Rule(
    Q(status__in=[PlanStatus.PLANNED, PlanStatus.TAKEN_BACK]), OnlyTheClockCarriesOut, "status"
)


def goes_together(model: type[PlannedChange], what: str, into: str = "into") -> Callable[[date], Q]:
    """The plan neither makes another impossible, nor is made impossible by one."""

    def holds(day: date) -> Q:
        plans: Any = model._default_manager
        rows = plans.to_come().values_list("pk", "from_date", what, into)
        return ~Q(pk__in=clashes(Step(*row) for row in rows.order_by("pk")))

    return holds


def nothing_planned_after(model: type[PlannedChange], *names: str) -> Q:
    """What closes is not named by a plan for that day or a later one; where another goes on in its place, that one is."""
    condition = Q()
    for name in names:
        condition |= Q(**{name: OuterRef("pk")})
    plans: Any = model._default_manager
    later = plans.to_come().filter(condition, from_date__gte=OuterRef("closed_date"))
    return Q(closed_date=None) | Q(merged_into__isnull=False) | ~Q(Exists(later))


def not_in_the_past(day: date) -> Q:
    """Nothing changes backwards in time."""
    return TAKEN_BACK | Q(from_date__gte=day)


def is_open(path: str) -> Q:
    """What a plan names is open on the plan's day, or it names nothing there."""
    never_closes = Q(**{path: None}) | Q(**{f"{path}__closed_date": None})
    return TAKEN_BACK | never_closes | Q(**{f"{path}__closed_date__gt": F("from_date")})


def tell_and_wake(by: User | None, at: datetime) -> None:
    """Tell those concerned, and have done at once what is due today."""
    tell_of_plans(by=by, at=at)
    wake("office.carry_out_plans")


STATUS = Column("status", _("Läge"), note=_("Återtagen när det inte blir av."))


def register_of_plans(
    *,
    model: type[PlannedChange],
    columns: Sequence[Column],
    rules: Sequence[Rule],
    what: str,
    into: str = "into",
    day: str = "from_date",
    **particulars: Any,
) -> Register:
    """
    Declare a register of plans.

    :param rules: what is asked of each plan by itself.
    :param what: the field with what the plan is about; ``into`` is the one with what goes on in its place.
    :param day: the column with the plan's day.
    """
    clashes_not = Rule(goes_together(model, what, into), ClashesWithAnother, day)
    return Register(
        model=model,
        columns=[*columns, STATUS],
        may_see=can_see_registers,
        rules=[BY_A_PERSON, *rules, clashes_not],
        sentences=SENTENCES,
        settle=tell_and_wake,
        notes=note_of_plan,
        is_kept=True,
        **particulars,
    )
