"""Which parts of an order are attested, by whom and why."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.money import ZERO
from organizations.models import Department, User
from organizations.permissions import roles_on
from procurement.attesters import attester_for
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.parts import Part
from procurement.states import CLOSED, PAST_ATTESTS, AttestStatus


class NobodyCanAttest(DomainError):
    """No budget holder and no head of procurement but the requester."""

    code = "nobody_can_attest"
    sentence = _(
        "Beställningen behöver attest, men ingen annan än den som har beställt kan ge den. Hör av dig till inköp."
    )


@dataclass(frozen=True, slots=True)
class PlannedAttest:
    """Who attests a part, and why: a sum passes the requester's own limit, or the department's frame does not suffice."""

    part: Part
    department: Department
    responsible: User
    amount: Decimal
    judged_amount: Decimal
    """All that the order asks of the department."""
    limit: Decimal | None
    earlier_amount: Decimal = ZERO
    over_frame_amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """For how much a requester orders without an attest; None for any amount."""

    ordering: Decimal | None
    """For the department that orders: judged on the whole order."""
    charged: Mapping[int, Decimal | None]
    """For each department that pays: judged on what it pays. Another's money is its budget holder's from the first krona."""

    @property
    def is_finite(self) -> bool:
        """Whether some sum is above them."""
        return self.ordering is not None or any(limit is not None for limit in self.charged.values())

    def of(self, department: int) -> Decimal | None:
        """The lower of the two."""
        finite = [limit for limit in (self.ordering, self.charged[department]) if limit is not None]
        return min(finite, default=None)

    def is_passed(self, department: int, *, whole: Decimal, charged: Decimal) -> bool:
        """Whether the order, or what the department pays of it, is above them."""
        limit = self.charged[department]
        return (self.ordering is not None and whole > self.ordering) or (
            limit is not None and charged > limit
        )


def own_limits(requisition: Requisition, departments: Collection[int], *, day: date) -> OwnLimits:
    """The requester's limits for what her order charges."""
    limits = roles_on(requisition.requester, day).orders_for
    return OwnLimits(
        ordering=limits.get(requisition.department_id, ZERO),
        charged={pk: limits.get(pk, ZERO) for pk in departments},
    )


def plan_attests(
    requisition: Requisition,
    amounts: Mapping[Part, Decimal],
    limits: OwnLimits,
    *,
    deciders: Collection[int],
    day: date,
    earlier_amount: Decimal = ZERO,
    over_frame: Mapping[Part, Decimal],
) -> list[PlannedAttest]:
    """
    Who must attest each part of an order, if anybody.

    The order is judged together with what was asked for of the same things in the week before, and all that it asks of a
    department together, however it is parted. Routed to whom ``attester_for`` finds, never refused.

    :param deciders: who decides the requisition's lines.
    :param over_frame: by how much the frames of parts do not suffice, where that is attested.
    :raises NobodyCanAttest: nobody but the requester is left.
    """
    charged: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for part, amount in amounts.items():
        charged[part.department] += amount
    whole = sum(charged.values(), ZERO) + earlier_amount
    parts = [
        part
        for part, amount in amounts.items()
        if amount
        and (
            over_frame.get(part)
            or limits.is_passed(
                part.department, whole=whole, charged=charged[part.department] + earlier_amount
            )
        )
    ]
    departments = _departments(requisition, {part.department for part in parts})
    attester_by_department: dict[int, User] = {}
    for pk, department in departments.items():
        attester = attester_for(
            department, charged[pk], requester=requisition.requester_id, deciders=deciders, day=day
        )
        if attester is None:
            raise NobodyCanAttest
        attester_by_department[pk] = attester
    return [
        PlannedAttest(
            part=part,
            department=departments[part.department],
            responsible=attester_by_department[part.department],
            amount=amounts[part],
            judged_amount=charged[part.department],
            limit=limits.of(part.department),
            earlier_amount=earlier_amount,
            over_frame_amount=over_frame.get(part, ZERO),
        )
        for part in parts
    ]


def _departments(requisition: Requisition, ids: Collection[int]) -> dict[int, Department]:
    """The departments by their ids; the one that the order charges where nothing else is said is at hand."""
    others = set(ids) - {requisition.charged_department_id}
    departments = Department.objects.in_bulk(others) if others else {}
    if requisition.charged_department_id in ids:
        departments[requisition.charged_department_id] = requisition.charged_department
    return departments


def attest_of(line: RequisitionLine, attests: Iterable[BudgetAttest]) -> BudgetAttest | None:
    """
    The one of a requisition's attests that counts for a line; None where it needs none.

    What was refused ended what was asked for then, and holds up nothing that waits since.
    """
    candidates = [each for each in attests if each.part == line.part and each.status not in PAST_ATTESTS]
    if line.status not in CLOSED:
        candidates = [each for each in candidates if each.status != AttestStatus.REFUSED]
    return max(candidates, key=lambda each: each.pk, default=None)


def charged_in(amounts: Mapping[Part, Decimal], part: Part) -> Decimal:
    """All that is asked of the part's department."""
    return sum((amount for each, amount in amounts.items() if each.department == part.department), ZERO)


def amounts_of(shares: Iterable[tuple[Part, Decimal]]) -> dict[Part, Decimal]:
    """What is asked for in each part."""
    amounts: dict[Part, Decimal] = defaultdict(lambda: ZERO)
    for part, amount in shares:
        amounts[part] += amount
    return dict(amounts)
