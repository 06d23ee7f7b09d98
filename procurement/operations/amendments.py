"""What a requester can amend after submitting: answer a question, change a line, take it back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attachments.detection import AcceptedFile
from audit import trail
from core.errors import DomainError, InvalidInput, WrongState
from core.money import Kronor, line_amount
from core.states import move
from core.transactions import operation
from core.verdicts import require
from core.working_days import add_working_days
from organizations.models import User
from procurement import permissions
from procurement.attesting import NobodyCanAttest
from procurement.calling_off import ask_of_winners
from procurement.events import Event
from procurement.gates import PriceNotAccepted, unit_names
from procurement.market import prices_on
from procurement.models import DecisionKind, Requisition, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.conversations import keep_answer
from procurement.operations.deciding import mark_undecided, save_approvals
from procurement.operations.price_questions import risen_price
from procurement.operations.putting_away import put_away_for
from procurement.operations.reassessing import reassess_attests
from procurement.operations.submitting import approve_by_policy, freeze_lines
from procurement.operations.telling import tell_of_answer, tell_of_price_answer
from procurement.operations.tying import tie_as_before
from procurement.planning import plan
from procurement.quantities import check_quantity
from procurement.states import LINE_TRANSITIONS, LineStatus


class PriceRoseAgain(DomainError):
    """The price is higher than the one that was seen."""

    code = "price_rose_again"
    sentence = _("Priset har stigit igen, till %(after)s. Läs in sidan på nytt och svara om det priset.")


class AnotherQuestion(WrongState):
    """An answer is to the question that was read; another has been asked since."""

    code = "another_question"
    sentence = _("En ny fråga har ställts sedan sidan visades. Läs den och svara igen.")


class AnswerMissing(InvalidInput):
    """The answer is empty."""

    code = "answer_missing"
    sentence = _("Skriv ett svar.")


class NothingChanged(InvalidInput):
    """A new version says something else than the one before."""

    code = "nothing_changed"
    sentence = _("Ändra antalet eller det som står om behovet, eller gå tillbaka till beställningen.")


class DearerWhenRevised(DomainError):
    """What she would get after the change costs more each than she was shown, so she is shown it first."""

    code = "dearer_when_revised"
    sentence = _(
        "Efter ändringen kostar %(line)s %(after)s per %(unit)s i stället för %(before)s. Spara igen om ni vill ha det ändå."
    )


@operation
def answer(
    *,
    line: RequisitionLine,
    text: str,
    by: User,
    at: datetime,
    files: Sequence[AcceptedFile] = (),
    question: int | None = None,
) -> RequisitionLine:
    """
    Answer the question about a line, which goes back to whoever asked.

    :param question: the id of the decision that asked, as she has read it; the latest where it is not named.
    :raises AnotherQuestion: another has been asked since.
    :raises NotPermitted: she neither ordered it nor orders for the department.
    :raises WrongState: no question is open.
    :raises AnswerMissing: the text is empty.
    """
    line = _locked_line(line)
    require(permissions.can_answer(by, line, at=at))
    if not text.strip():
        raise AnswerMissing
    decision = line.decisions.filter(kind=DecisionKind.RETURNED).order_by("-pk")[0]
    if question not in (None, decision.pk):
        raise AnotherQuestion
    keep_answer(decision, text.strip(), files, by=by, at=at)
    move(line, to=LineStatus.AWAITING, transitions=LINE_TRANSITIONS)
    line.promise(add_working_days(timezone.localdate(at), 1))
    line.save(update_fields=["status", "response_due_date"])
    trail.record(Event.LINE_ANSWERED, subject=line, by=by, at=at, text=text.strip())
    tell_of_answer(line, text.strip(), asked_by=decision.by_id, by=by, at=at)
    put_away_for([line.requisition.requester_id, by.pk], at=at)
    return line


@operation
def withdraw_line(*, line: RequisitionLine, by: User, at: datetime) -> RequisitionLine:
    """
    Take a line back before it is ordered; what it had committed is released, and an attest of nothing is closed.

    :raises NotPermitted: somebody else ordered it, who orders for the department still.
    :raises WrongState: it is ordered or closed.
    """
    line = _locked_line(line)
    require(permissions.can_withdraw(by, line, at=at))
    _close(line, to=LineStatus.WITHDRAWN, at=at)
    trail.record(Event.LINE_WITHDRAWN, subject=line, by=by, at=at)
    reassess_attests([line.requisition], by=by, at=at)
    put_away_for([line.responsible_id, by.pk], at=at)
    return line


@operation
def accept_price(*, line: RequisitionLine, unit_price: Decimal, by: User, at: datetime) -> RequisitionLine:
    """
    Say yes to a price that has risen; the line goes on waiting for its decision, at no more than that.

    :param unit_price: the price that she has seen.
    :raises NotPermitted: she does not order for the department, or decides the line herself.
    :raises NothingAsked: nothing is asked, or the price has fallen back.
    :raises PriceRoseAgain: it has risen above what she saw.
    """
    line = _locked_line(line)
    require(permissions.can_answer_about_price(by, line, at=at))
    day = timezone.localdate(at)
    ask_of_winners([line], day=day)
    price = risen_price(line, prices_on(day, [line.item_id]))
    if price is None:
        raise permissions.NothingAsked
    if price > unit_price:
        raise PriceRoseAgain(after=Kronor(price))
    before = line.shown_unit_price
    line.accepted_unit_price, line.accepted_by, line.accepted_at = price, by, at
    line.asked_unit_price = None
    if line.status == LineStatus.AWAITING:
        line.promise(add_working_days(day, 1))
    line.save(
        update_fields=[
            "accepted_unit_price",
            "accepted_by",
            "accepted_at",
            "asked_unit_price",
            "response_due_date",
        ]
    )
    trail.record(
        Event.PRICE_ACCEPTED,
        subject=line,
        by=by,
        at=at,
        unit_price=str(price),
        price_before=str(before),
    )
    tell_of_price_answer(line, is_accepted=True, by=by, at=at)
    put_away_for([line.requisition.requester_id, by.pk], at=at)
    return line


@operation
def decline_price(*, line: RequisitionLine, by: User, at: datetime) -> RequisitionLine:
    """
    Say no to a price that has risen: the line is taken back.

    :raises NotPermitted: she does not order for the department, or decides the line herself.
    :raises NothingAsked: nothing is asked.
    """
    line = _locked_line(line)
    require(permissions.can_answer_about_price(by, line, at=at))
    asked_price, before = line.asked_unit_price, line.shown_unit_price
    line.asked_unit_price = None
    line.save(update_fields=["asked_unit_price"])
    _close(line, to=LineStatus.WITHDRAWN, at=at)
    trail.record(
        Event.PRICE_DECLINED,
        subject=line,
        by=by,
        at=at,
        unit_price=str(asked_price),
        price_before=str(before),
    )
    reassess_attests([line.requisition], by=by, at=at)
    tell_of_price_answer(line, is_accepted=False, by=by, at=at)
    put_away_for([line.requisition.requester_id, line.responsible_id, by.pk], at=at)
    return line


@operation
def revise_line(
    *,
    line: RequisitionLine,
    quantity: Decimal,
    specification: str,
    by: User,
    at: datetime,
    unit_price: Decimal | None = None,
) -> RequisitionLine:
    """
    Change a line that is not ordered: a new version supersedes it and is routed and decided afresh.

    It passes the same gate as the first version did. An approval of the version before goes with it and what it had
    committed is released; what is decided of other lines stands, and so does an attest, unless the sum is larger.

    :param unit_price: the dearer price that she has seen and says yes to.
    :returns: the new version.
    :raises NotPermitted: somebody else ordered it.
    :raises WrongState: it is ordered, or closed.
    :raises NothingChanged: it says what it said before.
    :raises PriceNotAccepted: its price has risen, and she has not said yes to it.
    :raises DearerWhenRevised: so many cost more each than she was shown, or another supplier's offer does.
    :raises NobodyCanAttest: it takes the sum to where nobody but she may attest it.
    :raises DomainError: the quantity is absurd, or the line no longer passes the gate.
    """
    old = _locked_line(line)
    require(permissions.can_revise(by, old, at=at))
    quantity = check_quantity(quantity, old.unit)
    if (quantity, specification) == (old.quantity, old.specification):
        raise NothingChanged
    ask_of_winners([old], day=timezone.localdate(at))
    if old.item is not None and (risen := risen_price(old, prices_on(timezone.localdate(at), [old.item_id]))):
        raise PriceNotAccepted(item=old.item.names, before=Kronor(old.shown_unit_price), after=Kronor(risen))
    approver = old.decided_by if old.status == LineStatus.APPROVED else None
    _close(old, to=LineStatus.SUPERSEDED, at=at)
    new = RequisitionLine.objects.create(
        requisition=old.requisition,
        position=old.position,
        version=old.version + 1,
        replaces=old,
        kind=old.kind,
        item=old.item,
        description=old.description,
        specification=specification,
        service_place=old.service_place,
        service_start_date=old.service_start_date,
        service_end_date=old.service_end_date,
        suggested_supplier=old.suggested_supplier,
        supplier_proposal_id=old.supplier_proposal_id,
        quantity=quantity,
        unit=old.unit,
        units_per_order_unit=old.units_per_order_unit,
        unit_price=old.unit_price,
        is_price_estimated=old.is_price_estimated,
        amount=line_amount(old.unit_price, quantity),
        category=old.category,
        account=old.account if old.is_account_chosen else None,
        charged_department=old.charged_department,
        delivery_place=old.delivery_place,
        needed_by_date=old.needed_by_date,
    )
    planned = plan(old.requisition, [new], at=at, is_binding=True)
    before, after = old.shown_unit_price, planned.lines[0].unit_price
    if after > max(before, unit_price or before):
        raise DearerWhenRevised(
            line=old.description, unit=unit_names(old.unit), before=Kronor(before), after=Kronor(after)
        )
    freeze_lines(old.requisition, planned, at=at)
    tie_as_before(old, new)
    trail.record(
        Event.LINE_REVISED,
        subject=new,
        by=by,
        at=at,
        quantity=str(quantity),
        quantity_before=str(old.quantity),
        approved_before_by=approver.full_name if approver else "",
    )
    approve_by_policy(old.requisition, planned, at=at)
    if reassess_attests([old.requisition], by=by, at=at, has_grown=True):
        raise NobodyCanAttest
    put_away_for([old.responsible_id, by.pk], at=at)
    return new


def _locked_line(line: RequisitionLine) -> RequisitionLine:
    """Lock the requisition, then read the line as it is now."""
    requisition = (
        Requisition.objects.locked()
        .select_related("department", "charged_department", "requester", "account", "activity", "project")
        .get(pk=line.requisition_id)
    )
    related = ("item__category", "agreement", "category__account", "account", "responsible")
    fresh = requisition.lines.select_related(*related).get(pk=line.pk)
    fresh.requisition = requisition
    return fresh


def _close(line: RequisitionLine, *, to: LineStatus, at: datetime) -> None:
    """Close a line, releasing what it had committed."""
    if line.status == LineStatus.APPROVED:
        ceilings.release([line], at=at)
        mark_undecided(line, to=to)
    else:
        move(line, to=to, transitions=LINE_TRANSITIONS)
    save_approvals([line])
