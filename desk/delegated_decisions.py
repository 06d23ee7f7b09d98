"""
What the board is told of: decisions taken on its delegation, and those taken in another's place (DOMAIN 3.3).

A purchase without an agreement is the board's decision, taken on its delegation. A decision or an attest in another
person's place is listed whatever it is, since the board is told on whose delegation it was taken. The department, the administration
and the people are as they were at the moment of the decision, whatever has been moved, renamed or given another title since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import start_of
from core.money import line_amount
from organizations.models import Administration, FormerDepartment, FormerPerson
from procurement.models import BudgetAttest, DecisionKind, DecisionNature, DecisionRule, LineDecision
from procurement.names import name_of
from procurement.permissions import AttestRule
from procurement.states import AttestStatus

PURCHASES = (DecisionKind.APPROVED, DecisionKind.ADJUSTED, DecisionKind.SUBSTITUTED)
LINE, ATTEST = "line", "attest"


class DecisionKindFilter(models.TextChoices):
    """Which of them are asked for; in the address."""

    ALL = "", gettext_lazy("Alla")
    DELEGATION = "delegationsbeslut", gettext_lazy("Delegationsbeslut")
    IN_PLACE = "at-annan", gettext_lazy("Beslut åt en annan person")


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are reported, of one administration or all, and which decisions."""

    first: date
    last: date
    administration: Administration | None = None
    which: str = DecisionKindFilter.ALL


@dataclass(frozen=True, slots=True)
class DelegatedDecision:
    """One decision as the board reads it."""

    at: datetime
    number: str
    url: str
    what: str
    administration: str
    department: str
    amount: Decimal
    person: str
    title: str
    right: str
    in_place_of: str
    nature: str
    is_undone: bool


def decisions_of(period: Period) -> "models.QuerySet[Any, Any]":
    """The decisions of a period, oldest first: rows with the moment, the kind of row and its id."""
    parts = [_line_decisions(period)]
    if period.which != DecisionKindFilter.DELEGATION:
        parts.append(_attests(period))
    return parts[0].union(*parts[1:], all=True).order_by("moment", "row", "pk")


def _line_decisions(period: Period) -> "models.QuerySet[Any, Any]":
    condition = {
        DecisionKindFilter.DELEGATION: Q(nature=DecisionNature.DELEGATION),
        DecisionKindFilter.IN_PLACE: Q(rule=DecisionRule.DELEGATE),
    }.get(
        DecisionKindFilter(period.which), Q(nature=DecisionNature.DELEGATION) | Q(rule=DecisionRule.DELEGATE)
    )
    decisions = LineDecision.objects.filter(condition, kind__in=PURCHASES, **_days("at", period))
    if period.administration is not None:
        decisions = _with_former_department(decisions, LINE).filter(
            administration_then=period.administration.pk
        )
    return _as_rows(decisions.exclude(rule=DecisionRule.TERMS), "at", LINE)


def _attests(period: Period) -> "models.QuerySet[Any, Any]":
    attests: models.QuerySet[Any] = BudgetAttest.objects.filter(
        on_behalf_of__isnull=False, **_days("decided_at", period)
    )
    if period.administration is not None:
        attests = _with_former_department(attests, ATTEST).filter(
            administration_then=period.administration.pk
        )
    return _as_rows(attests, "decided_at", ATTEST)


@dataclass(frozen=True, slots=True)
class Fields:
    """Where a kind of row has what is told of it as it was then."""

    department: str
    moment: str
    person: str


FIELDS = {
    LINE: Fields(department="line__requisition__department", moment="at", person="by"),
    ATTEST: Fields(department="department", moment="decided_at", person="decided_by"),
}


def _with_former_people(queryset: "models.QuerySet[Any]", row: str) -> "models.QuerySet[Any]":
    """With whose decision it is, who took it and in whose place, as they were at the moment."""
    fields = FIELDS[row]
    decider = FormerPerson.objects.of(fields.person, at=fields.moment)
    other = FormerPerson.objects.of("on_behalf_of", at=fields.moment)
    rows: models.QuerySet[Any] = _with_former_department(queryset, row).annotate(
        person_name=Coalesce(Subquery(decider.values("name")[:1]), _name_of(fields.person)),
        person_title=Coalesce(Subquery(decider.values("title")[:1]), F(f"{fields.person}__title")),
        in_place_of_name=Coalesce(Subquery(other.values("name")[:1]), _name_of("on_behalf_of")),
    )
    return rows


def _name_of(person: str) -> Case:
    """Her full name today; empty where there is nobody."""
    full = Concat(f"{person}__first_name", Value(" "), f"{person}__last_name")
    return Case(When(**{person: None}, then=Value("")), default=full)


def _with_former_department(queryset: "models.QuerySet[Any]", row: str) -> "models.QuerySet[Any]":
    """With the names of the department and its administration, and which administration that was, at the moment."""
    department = FIELDS[row].department
    former = FormerDepartment.objects.of(department, at=FIELDS[row].moment)
    rows: models.QuerySet[Any] = queryset.annotate(
        administration_then=Coalesce(
            Subquery(former.values("administration")[:1]),
            F(f"{department}__administration"),
            output_field=models.BigIntegerField(),
        ),
        administration_name=Coalesce(
            Subquery(former.values("administration_name")[:1]), F(f"{department}__administration__name")
        ),
        department_name=Coalesce(Subquery(former.values("name")[:1]), F(f"{department}__name")),
    )
    return rows


def _days(name: str, period: Period) -> dict[str, Any]:
    return {f"{name}__gte": start_of(period.first), f"{name}__lt": start_of(period.last + timedelta(days=1))}


def _as_rows(queryset: "models.QuerySet[Any]", moment: str, row: str) -> "models.QuerySet[Any, Any]":
    marked = queryset.annotate(moment=models.F(moment), row=Value(row, output_field=CharField()))
    rows: models.QuerySet[Any, Any] = marked.order_by().values("moment", "row", "pk")
    return rows


def decision_rows(rows: Sequence[dict[str, Any]]) -> Iterator[DelegatedDecision]:
    """What the rows say, in their order: two statements whatever the number."""
    lines = _by_id(
        _with_former_people(LineDecision.objects.select_related("item", "line__requisition"), LINE).annotate(
            is_undone=Exists(
                LineDecision.objects.filter(
                    line=OuterRef("line"), kind=DecisionKind.UNDONE, pk__gt=OuterRef("pk")
                )
            )
        ),
        [row["pk"] for row in rows if row["row"] == LINE],
    )
    attests = _by_id(
        _with_former_people(BudgetAttest.objects.select_related("requisition"), ATTEST),
        [row["pk"] for row in rows if row["row"] == ATTEST],
    )
    for row in rows:
        yield (
            _from_line_decision(lines[row["pk"]]) if row["row"] == LINE else _from_attest(attests[row["pk"]])
        )


def _by_id(queryset: "models.QuerySet[Any]", ids: Sequence[int]) -> dict[int, Any]:
    return {each.pk: each for each in queryset.filter(pk__in=ids)} if ids else {}


def _from_line_decision(decision: Any) -> DelegatedDecision:
    requisition = decision.line.requisition
    return DelegatedDecision(
        at=decision.at,
        number=requisition.number,
        url=reverse("desk:line", args=[decision.line_id]),
        what=name_of(decision.line) if decision.item_id is None else str(decision.item),
        administration=decision.administration_name,
        department=decision.department_name,
        amount=line_amount(decision.unit_price, decision.quantity),
        person=decision.person_name,
        title=decision.person_title,
        right=str(DecisionRule(decision.rule).label),
        in_place_of=decision.in_place_of_name,
        nature=str(DecisionNature(decision.nature).label),
        is_undone=decision.is_undone,
    )


def _from_attest(attest: Any) -> DelegatedDecision:
    is_refused = attest.status == AttestStatus.REFUSED
    return DelegatedDecision(
        at=attest.decided_at,
        number=attest.requisition.number,
        url=reverse("shop:requisition", args=[attest.requisition.number]),
        what=_("Nekad attest") if is_refused else _("Attest"),
        administration=attest.administration_name,
        department=attest.department_name,
        amount=attest.amount,
        person=attest.person_name,
        title=attest.person_title,
        right=str(AttestRule.DELEGATE.label),
        in_place_of=attest.in_place_of_name,
        nature=str(DecisionNature.EXECUTION.label),
        is_undone=attest.status == AttestStatus.SUPERSEDED,
    )
