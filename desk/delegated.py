"""
What the board is told of: decisions taken on its delegation, and those taken in another's place (DOMAIN 3.3).

A purchase without an agreement is the board's decision, taken on its delegation. A decision or an attest in another
person's place is listed whatever it is, since the board is told on whose delegation it was taken. The department and the
administration are those of the moment of the decision, whatever has been moved or renamed since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from core.clock import start_of
from core.money import line_amount
from organizations.models import Administration, FormerDepartment
from procurement.models import BudgetAttest, DecisionKind, DecisionNature, DecisionRule, LineDecision
from procurement.names import name_of
from procurement.permissions import AttestRule
from procurement.states import AttestStatus

PURCHASES = (DecisionKind.APPROVED, DecisionKind.ADJUSTED, DecisionKind.SUBSTITUTED)
LINE, ATTEST = "line", "attest"


class Which(models.TextChoices):
    """Which of them are asked for; in the address."""

    ALL = "", _("Alla")
    DELEGATION = "delegationsbeslut", _("Delegationsbeslut")
    IN_PLACE = "at-annan", _("Beslut åt en annan person")


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are reported, of one administration or all, and which decisions."""

    first: date
    last: date
    administration: Administration | None = None
    which: str = Which.ALL


@dataclass(frozen=True, slots=True)
class Delegated:
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
    if period.which != Which.DELEGATION:
        parts.append(_attests(period))
    return parts[0].union(*parts[1:], all=True).order_by("moment", "row", "pk")


def _line_decisions(period: Period) -> "models.QuerySet[Any, Any]":
    wanted = {
        Which.DELEGATION: Q(nature=DecisionNature.DELEGATION),
        Which.IN_PLACE: Q(rule=DecisionRule.DELEGATE),
    }.get(Which(period.which), Q(nature=DecisionNature.DELEGATION) | Q(rule=DecisionRule.DELEGATE))
    found = LineDecision.objects.filter(wanted, kind__in=PURCHASES, **_days("at", period))
    if period.administration is not None:
        found = _as_it_was(found, *OF_LINE).filter(administration_then=period.administration.pk)
    return _as_rows(found.exclude(rule=DecisionRule.TERMS), "at", LINE)


def _attests(period: Period) -> "models.QuerySet[Any, Any]":
    found: models.QuerySet[Any] = BudgetAttest.objects.filter(
        on_behalf_of__isnull=False, **_days("decided_at", period)
    )
    if period.administration is not None:
        found = _as_it_was(found, *OF_ATTEST).filter(administration_then=period.administration.pk)
    return _as_rows(found, "decided_at", ATTEST)


OF_LINE = ("line__requisition__department", "at")
OF_ATTEST = ("department", "decided_at")
"""Whose decision it is, and when it was taken."""


def _as_it_was(found: "models.QuerySet[Any]", department: str, moment: str) -> "models.QuerySet[Any]":
    """With the names of the department and its administration, and which administration that was, at the moment."""
    former = FormerDepartment.objects.of(department, at=moment)
    rows: models.QuerySet[Any] = found.annotate(
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


def _as_rows(found: "models.QuerySet[Any]", moment: str, row: str) -> "models.QuerySet[Any, Any]":
    marked = found.annotate(moment=models.F(moment), row=Value(row, output_field=CharField()))
    rows: models.QuerySet[Any, Any] = marked.order_by().values("moment", "row", "pk")
    return rows


def read(rows: Sequence[dict[str, Any]]) -> Iterator[Delegated]:
    """What the rows say, in their order: two statements whatever the number."""
    lines = _by_id(
        _as_it_was(
            LineDecision.objects.select_related("by", "on_behalf_of", "item", "line__requisition"), *OF_LINE
        ).annotate(
            is_undone=Exists(
                LineDecision.objects.filter(
                    line=OuterRef("line"), kind=DecisionKind.UNDONE, pk__gt=OuterRef("pk")
                )
            )
        ),
        [row["pk"] for row in rows if row["row"] == LINE],
    )
    attests = _by_id(
        _as_it_was(
            BudgetAttest.objects.select_related("decided_by", "on_behalf_of", "requisition"), *OF_ATTEST
        ),
        [row["pk"] for row in rows if row["row"] == ATTEST],
    )
    for row in rows:
        yield _of_line(lines[row["pk"]]) if row["row"] == LINE else _of_attest(attests[row["pk"]])


def _by_id(found: "models.QuerySet[Any]", ids: Sequence[int]) -> dict[int, Any]:
    return {each.pk: each for each in found.filter(pk__in=ids)} if ids else {}


def _of_line(decision: Any) -> Delegated:
    requisition = decision.line.requisition
    return Delegated(
        at=decision.at,
        number=requisition.number,
        url=reverse("desk:line", args=[decision.line_id]),
        what=name_of(decision.line) if decision.item_id is None else str(decision.item),
        administration=decision.administration_name,
        department=decision.department_name,
        amount=line_amount(decision.unit_price, decision.quantity),
        person=decision.by.full_name,
        title=decision.by.title,
        right=str(DecisionRule(decision.rule).label),
        in_place_of=decision.on_behalf_of.full_name if decision.on_behalf_of else "",
        nature=str(DecisionNature(decision.nature).label),
        is_undone=decision.is_undone,
    )


def _of_attest(attest: Any) -> Delegated:
    is_refused = attest.status == AttestStatus.REFUSED
    return Delegated(
        at=attest.decided_at,
        number=attest.requisition.number,
        url=reverse("shop:requisition", args=[attest.requisition.number]),
        what=_("Nekad attest") if is_refused else _("Attest"),
        administration=attest.administration_name,
        department=attest.department_name,
        amount=attest.amount,
        person=attest.decided_by.full_name,
        title=attest.decided_by.title,
        right=str(AttestRule.DELEGATE.label),
        in_place_of=attest.on_behalf_of.full_name,
        nature=str(DecisionNature.EXECUTION.label),
        is_undone=attest.status == AttestStatus.SUPERSEDED,
    )
