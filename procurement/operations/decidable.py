"""Which lines a person may decide: locked, read as they are now, and parted from those that she may not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from core.compiled import compiled_once
from core.errors import DomainError, NotPermitted
from core.verdicts import Verdict
from organizations.models import User
from procurement import permissions
from procurement.models import DecisionKind, LineDecision, LineMessage, RequisitionLine
from procurement.operations.locks import lock_requisitions
from procurement.permissions import Capacity
from procurement.separation_of_duties import ATTESTERS, attesters_on

PLACE = "delivery_place__department"


@dataclass(slots=True)
class Outcome:
    """What became of lines decided together: one bad line never holds up the others."""

    done: list[RequisitionLine] = field(default_factory=list)
    refused: list[tuple[RequisitionLine, DomainError]] = field(default_factory=list)

    def only(self) -> RequisitionLine:
        """
        Give the single line that was to be decided.

        :raises DomainError: it was refused.
        """
        if self.refused:
            raise self.refused[0][1]
        return self.done[0]


def decidable(
    lines: Sequence[RequisitionLine], *, by: User, at: datetime
) -> tuple[Outcome, list[tuple[RequisitionLine, Capacity]]]:
    """Lock the lines and part those that the person may decide from those she may not."""
    locked = locked_lines(lines)

    def permission(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
        return permissions.can_decide(by, line, attesters=attesters_on(line), at=at)

    return permitted_of(locked, permission, by=by, at=at)


def permitted_of(
    lines: Sequence[RequisitionLine],
    permission: Callable[..., Verdict],
    *,
    by: User,
    at: datetime,
) -> tuple[Outcome, list[tuple[RequisitionLine, Capacity]]]:
    """Part the locked lines that the person may act on, with her capacity, from those she may not."""
    outcome, permitted = Outcome(), []
    for line in lines:
        verdict = permission(by, line, at=at)
        capacity = permissions.capacity_for(by, line, at=at)
        if verdict.refusal is not None or capacity is None:
            outcome.refused.append((line, verdict.refusal or NotPermitted()))
        else:
            permitted.append((line, capacity))
    return outcome, permitted


def locked_lines(lines: Sequence[RequisitionLine]) -> list[RequisitionLine]:
    """Lock the requisitions in primary key order, then read the lines as they are now."""
    locked = lock_requisitions(list({line.requisition_id for line in lines}))
    requisitions = {requisition.pk: requisition for requisition in locked}
    fresh = _lines_to_decide([line.pk for line in lines])
    for line in fresh:
        line.requisition = requisitions[line.requisition_id]
    return fresh


@compiled_once
def _lines_to_decide(ids: list[int]) -> QuerySet[RequisitionLine]:
    related = (
        "item",
        "category__account",
        "account",
        "responsible",
        "agreement",
        "supplier",
        "charged_department",
        PLACE,
    )
    undone = LineDecision.objects.filter(line=OuterRef("pk"), kind=DecisionKind.UNDONE)
    answers = LineMessage.objects.filter(line=OuterRef("pk"), answers__isnull=False).order_by("-at", "-pk")
    lines = RequisitionLine.objects.filter(pk__among=ids).annotate(
        is_undone=Exists(undone), answered_at=Subquery(answers.values("at")[:1]), **ATTESTERS
    )
    return lines.select_related(*related).order_by("pk")
