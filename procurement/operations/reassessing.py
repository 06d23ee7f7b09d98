"""Attests follow what lines come to: asked for, asked for anew, closed. Called inside operations that have locked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.utils import timezone

from audit import trail
from core.bulk import insert_rows, update_rows
from core.money import ZERO
from core.states import move
from organizations.models import User
from procurement.attesting import (
    NobodyCanAttest,
    PlannedAttest,
    amounts_of,
    charged_in,
    own_limits,
    plan_attests,
)
from procurement.events import Event
from procurement.frames import frames_for, over_by_part, share_of
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.operations.deciding import NOBODY, InPlaceOf
from procurement.operations.frame_warnings import warn_of_frames
from procurement.operations.putting_away import put_away_for
from procurement.parts import Part
from procurement.recent_requests import earlier_of
from procurement.separation_of_duties import deciders_in
from procurement.splitting import thing_of, unseen_amount
from procurement.states import ATTEST_TRANSITIONS, UNDECIDED, AttestStatus, LineStatus

TO_BE_ORDERED = (*UNDECIDED, LineStatus.APPROVED)

ASSESSED_FIELDS = (
    "status",
    "item",
    "category",
    "amount",
    "approved_amount",
    "charged_department",
    "delivery_place",
    "needed_by_date",
    "service_start_date",
    "service_end_date",
    "submitted_at",
)
"""What attests follow of a line."""


def request_attests(
    requisition: Requisition,
    planned: Sequence[PlannedAttest],
    *,
    by: User | None,
    at: datetime,
    on_behalf_of: User | None = None,
) -> list[BudgetAttest]:
    """Ask for attests of parts of a requisition."""
    attests = [
        BudgetAttest(
            requisition=requisition,
            department=each.department,
            delivery_place_id=cast("int", each.part.place),
            needed_by_date=cast("date", each.part.day),
            amount=each.amount,
            judged_amount=each.judged_amount,
            limit=each.limit,
            earlier_amount=each.earlier_amount,
            over_frame_amount=each.over_frame_amount,
            responsible=each.responsible,
            requested_at=at,
        )
        for each in planned
    ]
    insert_rows(attests)
    trail.record_entries(
        trail.entry(
            Event.ATTEST_REQUESTED,
            subject=requisition,
            by=by,
            at=at,
            on_behalf_of=on_behalf_of,
            **_grounds(each),
        )
        for each in planned
    )
    return attests


def _grounds(planned: PlannedAttest) -> dict[str, str]:
    """What the trail tells of an attest that is asked for."""
    grounds = {
        "amount": str(planned.amount),
        "limit": "" if planned.limit is None else str(planned.limit),
        "over_frame": str(planned.over_frame_amount) if planned.over_frame_amount else "",
        "charged": str(planned.department.cost_center),
        "responsible": planned.responsible.full_name,
    }
    return {name: ground for name, ground in grounds.items() if ground}


def reassess_attests(
    requisitions: Iterable[Requisition],
    *,
    by: User | None,
    at: datetime,
    has_grown: bool = False,
    in_place_of: InPlaceOf = NOBODY,
) -> set[int]:
    """
    Let attests follow the amounts of their parts of the requisitions, up and down.

    A sum above what is attested or asked for is asked for anew. One that has shrunk stays within a given attest; an
    attest that waits is asked for the smaller sum, or is closed when none is needed or nothing is left. When it waits for
    more than was attested, and comes back within that, what was given stands again. What waits anew where an attest was
    refused, such as when a supplier does not deliver, is judged anew. Used inside an operation that has locked the
    requisitions. Two queries when nothing has to change.

    :param has_grown: whether a sum may have grown, so that a part without an attest may need one.
    :param in_place_of: on whose behalf the act was done, by the requisition's id.
    :returns: ids of the requisitions whose sum has grown and that nobody but the requester is left to attest; the act
        is refused for them, or the next approval is.
    """
    by_id = {requisition.pk: requisition for requisition in requisitions}
    if not by_id:
        return set()
    current: dict[int, list[BudgetAttest]] = defaultdict(list)
    for attest in BudgetAttest.objects.current().filter(requisition__in=by_id).order_by("pk"):
        current[attest.requisition_id].append(attest)
    touched = [
        pk
        for pk in sorted(by_id)
        if has_grown or any(attest.status == AttestStatus.PENDING for attest in current[pk])
    ]
    lines_of: dict[int, list[RequisitionLine]] = defaultdict(list)
    if touched:
        live = RequisitionLine.objects.live().filter(requisition__in=touched)
        for line in live.only("requisition", *ASSESSED_FIELDS):
            lines_of[line.requisition_id].append(line)
    pending = [each for pk in touched for each in current[pk] if each.status == AttestStatus.PENDING]
    unattestable = set()
    for pk in touched:
        try:
            _reassess(
                by_id[pk],
                lines_of[pk],
                current[pk],
                by=by,
                at=at,
                on_behalf_of=in_place_of.get(pk),
                has_grown=has_grown,
            )
        except NobodyCanAttest:
            unattestable.add(pk)
    put_away_for({each.responsible_id for each in pending if each.status != AttestStatus.PENDING}, at=at)
    return unattestable


def _reassess(
    requisition: Requisition,
    lines: Sequence[RequisitionLine],
    current: Sequence[BudgetAttest],
    *,
    by: User | None,
    at: datetime,
    on_behalf_of: User | None,
    has_grown: bool,
) -> None:
    shares = [share_of(requisition, line, line.effective_amount) for line in lines]
    amounts = amounts_of((share.part, share.amount) for share in shares)
    attest_of = {attest.part: attest for attest in current if attest.status != AttestStatus.REFUSED}
    settled = {attest.part for attest in current} - {
        *attest_of,
        *(line.part for line in lines if line.status in TO_BE_ORDERED),
    }
    changed = {
        part
        for part in {*amounts, *attest_of} - settled
        if _has_changed(attest_of.get(part), amounts.get(part, ZERO), charged=charged_in(amounts, part))
        and (has_grown or part in attest_of)
    }
    if not changed:
        return
    reusable_by_part = _reusable_attests(
        requisition, [attest_of[part] for part in changed if part in attest_of], amounts
    )
    day = timezone.localdate(at)
    things = [thing_of(line.item_id, line.category_id) for line in lines]
    asked_at = max((line.submitted_at for line in lines if line.submitted_at), default=at)
    frames = frames_for(shares, apart_from=requisition.pk, is_locked=True)
    planned = plan_attests(
        requisition,
        amounts,
        own_limits(requisition, {part.department for part in amounts}, day=day),
        deciders=deciders_in(requisition.pk),
        earlier_amount=unseen_amount(things, earlier_of(requisition, things, at=asked_at)) if lines else ZERO,
        over_frame=over_by_part(frames),
        day=day,
    )
    plan_by_part = {
        each.part: each for each in planned if each.part in changed and each.part not in reusable_by_part
    }
    past = [
        attest
        for part, attest in attest_of.items()
        if part in changed and (part in plan_by_part or attest.status == AttestStatus.PENDING)
    ]
    for attest in past:
        is_replaced = attest.part in plan_by_part
        to = AttestStatus.SUPERSEDED if is_replaced else AttestStatus.CLOSED
        move(attest, to=to, transitions=ATTEST_TRANSITIONS)
    update_rows(past, ["status"])
    for attest in reusable_by_part.values():
        move(attest, to=AttestStatus.ATTESTED, transitions=ATTEST_TRANSITIONS)
    update_rows(list(reusable_by_part.values()), ["status"])
    if plan_by_part:
        request_attests(requisition, list(plan_by_part.values()), by=by, at=at, on_behalf_of=on_behalf_of)
    if has_grown:
        warn_of_frames(requisition, frames, by=by, at=at)
    trail.record_entries(
        trail.entry(
            Event.ATTEST_STANDS,
            subject=requisition,
            by=by,
            at=at,
            on_behalf_of=on_behalf_of,
            amount=str(attest.amount),
            total=str(amounts[attest.part]),
        )
        for attest in reusable_by_part.values()
    )
    trail.record_entries(
        trail.entry(
            Event.ATTEST_CLOSED,
            subject=requisition,
            by=by,
            at=at,
            on_behalf_of=on_behalf_of,
            amount=str(attest.amount),
            total=str(amounts.get(attest.part, ZERO)),
        )
        for attest in past
        if attest.status == AttestStatus.CLOSED
    )


def _reusable_attests(
    requisition: Requisition, changed: Sequence[BudgetAttest], amounts: Mapping[Part, Decimal]
) -> dict[Part, BudgetAttest]:
    """
    What was attested before more was asked for, by part, where it suffices for what is asked for now: one query, or none.

    One that was refused since does not stand again.
    """
    waiting = {
        attest.part for attest in changed if attest.status == AttestStatus.PENDING and attest.part in amounts
    }
    attest_by_part: dict[Part, BudgetAttest] = {}
    if not waiting:
        return attest_by_part
    decided = BudgetAttest.objects.filter(requisition=requisition, decided_by__isnull=False)
    for attest in decided.order_by("pk"):
        part = attest.part
        is_enough = part in waiting and attest.amount >= amounts[part]
        if attest.status == AttestStatus.REFUSED:
            attest_by_part.pop(part, None)
        elif is_enough and attest.judged_amount >= charged_in(amounts, part):
            attest_by_part[part] = attest
    return attest_by_part


def with_refused_parts(lines: Sequence[RequisitionLine]) -> set[int]:
    """Ids of the requisitions of lines whose part was refused an attest: one query, or none."""
    parts = {(line.requisition_id, line.part) for line in lines}
    refused_attests = BudgetAttest.objects.filter(
        requisition__in={requisition for requisition, _part in parts}, status=AttestStatus.REFUSED
    )
    return {
        attest.requisition_id for attest in refused_attests if (attest.requisition_id, attest.part) in parts
    }


def _has_changed(attest: BudgetAttest | None, amount: Decimal, *, charged: Decimal) -> bool:
    """
    Whether what is asked for in a part is another sum than the one that is attested, or asked to be.

    :param charged: all that the order asks of the part's department.
    """
    if attest is None:
        return bool(amount)
    if attest.status == AttestStatus.PENDING:
        return bool(amount != attest.amount or charged > attest.judged_amount)
    return bool(attest.status == AttestStatus.ATTESTED and amount > attest.amount)
