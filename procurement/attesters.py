"""Who attests a part of a requisition: the nearest person who may give the attest that day."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from categories.delegations import delegations_on
from categories.models import DEPUTY_DAYS, HEAD_DAYS
from core.clock import start_of
from organizations.models import Absence, DelegationScope, Department, Membership, Role, User
from procurement.escalation import ATTEST_DAYS, latest_day_for
from procurement.models import AttestStep, BudgetAttest, LineDecision, RequisitionLine


def attester_for(
    department: Department, amount: Decimal, *, requester: int, deciders: Collection[int], day: date
) -> User | None:
    """
    Find who attests this amount for a department.

    Its budget holder with the lowest sufficient limit, one who is at work before one who is away, and a substitute
    after her; then one of the same administration; then the head of procurement. Never the requester, somebody who
    acts for her by delegation, or a closed account; and one who decides lines of the order only when nobody else is left.

    :param requester: the id of whoever has ordered.
    :param deciders: who decides the requisition's lines.
    :returns: None when nobody is left.
    """
    candidate = _candidates(department, amount, requester=requester, deciders=deciders, day=day).first()
    return candidate.user if candidate else None


def attester_instead(attest: BudgetAttest, *, deciders: Collection[int], day: date) -> User | None:
    """
    Find who attests instead of somebody who may not, or is away: as for a new one; whoever let it wait comes last.

    :param attest: with its requisition and its department.
    :param deciders: who decides the requisition's lines.
    :returns: None when it stays: nobody else may, or she may and the others are away too.
    """
    candidates = _candidates(
        attest.department,
        attest.judged_amount,
        requester=attest.requisition.requester_id,
        deciders=deciders,
        day=day,
    )
    candidate = candidates.exclude(user=attest.escalated_from_id or 0).first() or candidates.first()
    if candidate is None or candidate.user_id == attest.responsible_id:
        return None
    if candidate.is_away and candidates.filter(user=attest.responsible_id, decides=False).exists():
        return None
    person: User = candidate.user
    return person


def next_attester(
    attest: BudgetAttest, step: AttestStep, *, deciders: Collection[int], day: date
) -> User | None:
    """
    Find who attests when the one who is asked has not: the next who may and is at work; the head in the end.

    :param attest: with its requisition and its department.
    :param deciders: who decides the requisition's lines.
    :returns: None when nobody else is there.
    """
    requester = attest.requisition.requester_id
    others = _candidates(
        attest.department, attest.judged_amount, requester=requester, deciders=deciders, day=day
    )
    others = others.exclude(user=attest.responsible_id).filter(is_away=False, decides=False)
    if step == AttestStep.HEAD:
        others = others.filter(role=Role.HEAD_OF_PROCUREMENT)
    candidate = others.first()
    return candidate.user if candidate else None


def _candidates(
    department: Department, amount: Decimal, *, requester: int, deciders: Collection[int], day: date
) -> "models.QuerySet[Any]":
    """Those who may attest the amount, the nearest first."""
    return (
        Membership.objects.on(day)
        .filter(
            (_same_administration(department.administration_id) & _sufficient(amount))
            | models.Q(role=Role.HEAD_OF_PROCUREMENT),
            user__is_active=True,
        )
        .exclude(user=requester)
        .exclude(user__in=delegations_on(day).filter(delegator=requester).values("delegate"))
        .annotate(
            distance=models.Case(
                models.When(department=department, then=0),
                models.When(role=Role.BUDGET_HOLDER, then=1),
                default=2,
            ),
            decides=models.Case(models.When(user__in=deciders, then=True), default=False),
            is_away=models.Exists(Absence.objects.on(day).filter(user=models.OuterRef("user"))),
        )
        .order_by(
            "decides",
            "is_away",
            "distance",
            "is_substitute",
            models.F("amount_limit").asc(nulls_last=True),
            "pk",
        )
        .select_related("user")
    )


def late_attests(day: date) -> dict[AttestStep, models.QuerySet[BudgetAttest]]:
    """Attests that have waited so long that they go on, by how far they go; those that have come there apart."""
    pending = BudgetAttest.objects.pending()

    def waited(days: int) -> models.Q:
        return models.Q(
            requested_at__lt=start_of(latest_day_for(ATTEST_DAYS + days, day=day) + timedelta(days=1))
        )

    return {
        AttestStep.HEAD: pending.filter(waited(HEAD_DAYS)).exclude(escalation=AttestStep.HEAD),
        AttestStep.ANOTHER: pending.filter(waited(DEPUTY_DAYS) & ~waited(HEAD_DAYS), escalation=""),
    }


def misplaced_attests(day: date) -> models.QuerySet[BudgetAttest]:
    """Attests that wait for somebody who may not give them that day, or is away and has let nobody do it for her."""
    administration = models.OuterRef("department__administration")
    rights = Membership.objects.on(day).filter(
        (_same_administration(administration) & _sufficient(models.OuterRef("judged_amount")))
        | models.Q(role=Role.HEAD_OF_PROCUREMENT),
        user=models.OuterRef("responsible"),
        user__is_active=True,
    )
    acts_for_requester = delegations_on(day).filter(
        delegator=models.OuterRef("requisition__requester"), delegate=models.OuterRef("responsible")
    )
    absent = Absence.objects.on(day)
    acting = (
        delegations_on(day)
        .carrying(DelegationScope.ATTESTS)
        .filter(delegator=models.OuterRef("responsible"))
        .exclude(delegate__in=absent.values("user"))
        .exclude(delegate=models.OuterRef("requisition__requester"))
    )
    is_away = models.Exists(absent.filter(user=models.OuterRef("responsible"))) & ~models.Exists(acting)
    decisions = LineDecision.objects.filter(line__requisition=models.OuterRef("requisition")).filter(
        models.Q(by=models.OuterRef("responsible")) | models.Q(on_behalf_of=models.OuterRef("responsible"))
    )
    to_decide = RequisitionLine.objects.undecided().filter(
        requisition=models.OuterRef("requisition"), responsible=models.OuterRef("responsible")
    )
    return BudgetAttest.objects.pending().filter(
        ~models.Exists(rights)
        | models.Exists(decisions)
        | models.Exists(to_decide)
        | models.Exists(acts_for_requester)
        | is_away
        | models.Q(responsible=models.F("requisition__requester"))
    )


def _same_administration(administration: int | models.OuterRef) -> models.Q:
    return models.Q(role=Role.BUDGET_HOLDER, department__administration=administration)


def _sufficient(amount: Decimal | models.OuterRef) -> models.Q:
    return models.Q(amount_limit=None) | models.Q(amount_limit__gte=amount)
