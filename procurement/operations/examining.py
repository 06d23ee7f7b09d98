"""Examine suppliers that were proposed with a need, before anything is ordered from them (leverantörsprövning)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from agreements.models.suppliers import ONE_ADDRESS
from audit import trail
from core.addresses import address_of
from core.bulk import insert_rows
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from notices.operations.telling import News, tell
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import (
    Answer,
    Check,
    ExaminationOutcome,
    ExaminedCheck,
    RequisitionLine,
    SupplierExamination,
    SupplierProposal,
)
from procurement.states import UNDECIDED, LineStatus
from procurement.supplier_notices import EXAMINED


class ChecksMissing(InvalidInput):
    """Everything on the list is answered, each once."""

    code = "examination_checks_missing"
    sentence = _("Svara på varje fråga i prövningen.")


class CheckNotExplained(InvalidInput):
    """What is not simply so is explained."""

    code = "examination_check_not_explained"
    sentence = _("Förklara svaret på ”%(check)s”.")


class InterestNotJudged(InvalidInput):
    """An interest that was declared is judged in words, whatever the answer."""

    code = "examination_interest_not_judged"
    sentence = _("%(name)s har uppgett ett intresse i företaget. Skriv hur du bedömer det.")


class AcceptedDespiteNo(InvalidInput):
    """A supplier for which something does not hold is not accepted."""

    code = "examination_accepted_despite_no"
    sentence = _("Leverantören kan inte godkännas när svaret är nej på ”%(check)s”.")


class RefusedWithoutReason(InvalidInput):
    """Whoever proposed the supplier is told why it was refused."""

    code = "examination_refused_without_reason"
    sentence = _("Skriv varför leverantören inte godkänns.")


class OrderAddressMissing(InvalidInput):
    """A new supplier gets its orders at one address."""

    code = "examination_order_address_missing"
    sentence = _("Skriv den e-postadress dit beställningarna ska gå.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing on the list."""

    check: Check
    answer: Answer
    note: str = ""


@operation
def examine(
    *,
    proposal: SupplierProposal,
    findings: Sequence[Finding],
    outcome: ExaminationOutcome,
    reason: str,
    order_email: str,
    by: User,
    at: datetime,
) -> SupplierProposal:
    """
    Examine a proposed supplier once and for all: accept it into the register, or refuse it, also where it stands there.

    :param reason: why it is refused, or what is to be remembered.
    :param order_email: where its orders go; not asked of one that has come into the register meanwhile.
    :raises NotPermitted: she is no head of procurement, or proposed it herself.
    :raises WrongState: it is examined already, or needs no examination.
    :raises InvalidInput: something is not answered or explained, or the outcome does not follow from the answers.
    """
    SupplierProposal.objects.locked().get(pk=proposal.pk)
    proposal = SupplierProposal.objects.for_display().get(pk=proposal.pk)  # with what another wrote meanwhile
    require(permissions.can_examine(by, proposal, at=at))
    is_accepted, reason = outcome == ExaminationOutcome.ACCEPTED, reason.strip()
    _check_findings(findings, proposal, is_accepted=is_accepted)
    if not is_accepted and not reason:
        raise RefusedWithoutReason
    supplier = _enter(proposal, order_email.strip()) if is_accepted else None
    if supplier is None:
        _stop(proposal)
    examination = SupplierExamination.objects.create(
        proposal=proposal,
        outcome=outcome,
        reason=reason,
        supplier=supplier,
        examined_by=by,
        examined_at=at,
    )
    insert_rows(
        [
            ExaminedCheck(
                examination=examination, check_code=each.check, answer=each.answer, note=each.note.strip()
            )
            for each in findings
        ]
    )
    lines = list(proposal.lines.exclude(status=LineStatus.SUPERSEDED).order_by("pk"))
    trail.record_many(
        Event.SUPPLIER_ACCEPTED if is_accepted else Event.SUPPLIER_REFUSED,
        subjects=[*lines, *([supplier] if supplier else [])],
        by=by,
        at=at,
        supplier=proposal.name,
        org_number=proposal.org_number,
        comment=reason,
    )
    _tell(proposal, examination, lines, by=by, at=at)
    return proposal


def _check_findings(findings: Sequence[Finding], proposal: SupplierProposal, *, is_accepted: bool) -> None:
    """
    See to it that the list is answered, and that the outcome follows from the answers.

    :raises InvalidInput: it is not.
    """
    if sorted(each.check for each in findings) != sorted(Check):
        raise ChecksMissing
    for each in findings:
        is_explained = bool(each.note.strip())
        if each.answer != Answer.YES and not is_explained:
            raise CheckNotExplained(check=each.check.label)
        if each.check == Check.INTEREST and proposal.has_interest and not is_explained:
            raise InterestNotJudged(name=proposal.proposed_by.full_name)
        if each.answer == Answer.NO and is_accepted:
            raise AcceptedDespiteNo(check=each.check.label)


def _enter(proposal: SupplierProposal, order_email: str) -> Supplier:
    """
    Put an accepted supplier in the register, and let it be ordered from; it may have come there meanwhile.

    :raises OrderAddressMissing: it is new, and has no address.
    """
    supplier = Supplier.objects.select_for_update(no_key=True).numbered(Value(proposal.org_number)).first()
    if supplier is None:
        if not re.fullmatch(ONE_ADDRESS, order_email):
            raise OrderAddressMissing
        supplier, _is_new = Supplier.objects.get_or_create(
            org_number=proposal.org_number, defaults={"name": proposal.name, "order_email": order_email}
        )
    supplier.awaits_examination = False
    supplier.save(update_fields=["awaits_examination"])
    return supplier


def _stop(proposal: SupplierProposal) -> None:
    """Let nothing more be ordered from a refused supplier that stands in the register."""
    Supplier.objects.numbered(Value(proposal.org_number)).update(awaits_examination=True)


def _tell(
    proposal: SupplierProposal,
    examination: SupplierExamination,
    lines: Sequence[RequisitionLine],
    *,
    by: User,
    at: datetime,
) -> None:
    """Tell whoever proposed it, and those who answer for lines that wait for a supplier."""
    facts = {
        "name": proposal.name,
        "who": by.full_name,
        "is_accepted": examination.is_accepted,
        "reason": examination.reason,
    }
    places = {
        line.responsible_id: address_of(line)
        for line in lines
        if line.status in UNDECIDED and line.responsible_id
    }
    places[proposal.proposed_by_id] = address_of(proposal)
    tell([News(person, EXAMINED, place, facts) for person, place in places.items()], by=by, at=at)
