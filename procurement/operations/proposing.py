"""Propose a supplier with a need: what is said of it, and who is told when the need is submitted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from audit import trail
from core.addresses import address_of
from core.errors import InvalidInput
from core.organisation_numbers import normalised
from notices.operations.telling import News, tell
from organizations.models import Delegation, Membership, Role, User
from procurement.events import Event
from procurement.models import Answer, RequisitionLine, SupplierProposal
from procurement.supplier_notices import PROPOSED


class OrganisationNumberUnknown(InvalidInput):
    """An organisation number is Swedish, with its check digit, or begins with another country's code."""

    code = "organisation_number_unknown"
    sentence = _(
        "Kontrollera organisationsnumret. Det har tio siffror, som 556016-0680, eller börjar med landets kod, som DE811907980."
    )


class ProposalLacks(InvalidInput):
    """Whoever examines a supplier needs to know which it is, and why it was chosen."""

    code = "supplier_proposal_lacks"
    sentence = _("Skriv vad leverantören heter och varför just den föreslås.")


class NobodyCanExamine(InvalidInput):
    """Nobody is left who could examine the supplier without examining her own proposal."""

    code = "nobody_can_examine"
    sentence = _("Ingen annan än du kan pröva en ny leverantör. Be en kollega att föreslå den.")


@dataclass(frozen=True, slots=True)
class ProposedSupplier:
    """What whoever asks for something says of a supplier that she suggests."""

    name: str
    org_number: str
    reason: str
    has_interest: bool
    contact: str = ""


def propose(details: ProposedSupplier, *, by: User, at: datetime) -> SupplierProposal:
    """
    Keep what is said of a supplier; one that is in the register already is suggested as it stands there. Used inside an operation.

    :raises InvalidInput: the number is none, the name or the reason is missing, or nobody else could examine it.
    """
    name, reason = details.name.strip(), details.reason.strip()
    if not name or not reason:
        raise ProposalLacks
    try:
        org_number = normalised(details.org_number)
    except ValueError as error:
        raise OrganisationNumberUnknown from error
    supplier = _registered_supplier(name, org_number)
    if supplier is None and not _examiners(by, at=at).exists():
        raise NobodyCanExamine
    return SupplierProposal.objects.create(
        name=supplier.name if supplier else name,
        org_number=supplier.org_number if supplier else org_number,
        contact=details.contact.strip(),
        reason=reason,
        has_interest=details.has_interest,
        supplier=supplier,
        proposed_by=by,
        proposed_at=at,
    )


def _registered_supplier(name: str, org_number: str) -> Supplier | None:
    """The supplier of the register that is meant: by its number, or else by its name."""
    ordered_from = Supplier.objects.filter(awaits_examination=False)
    by_number = ordered_from.numbered(Value(org_number)).first()
    return by_number or ordered_from.filter(name__iexact=name).order_by("pk").first()


def _examiners(proposer: User, *, at: datetime) -> QuerySet[Membership]:
    """The heads of procurement who may examine what the person proposes."""
    day = timezone.localdate(at)
    delegates = Delegation.objects.in_force(day).filter(delegator=proposer).values("delegate")
    heads = Membership.objects.on(day).filter(role=Role.HEAD_OF_PROCUREMENT, user__is_active=True)
    return heads.exclude(user=proposer).exclude(user__in=delegates)


def tell_of_proposals(lines: Collection[RequisitionLine], *, by: User, at: datetime) -> None:
    """
    Record what is proposed with lines that are submitted, and tell the heads of procurement what is to be examined.

    Used inside the operation that submits them. Nothing is asked where nothing is proposed.
    """
    proposed = {line.supplier_proposal_id: line for line in lines if line.supplier_proposal_id}
    if not proposed:
        return
    proposals = list(SupplierProposal.objects.filter(pk__in=proposed).in_order())
    trail.record_entries(
        trail.entry(
            Event.SUPPLIER_PROPOSED,
            subject=proposed[each.pk],
            by=by,
            at=at,
            supplier=each.name,
            org_number=each.org_number,
            interest=(Answer.YES if each.has_interest else Answer.NO).value,
            reason=each.reason,
        )
        for each in proposals
    )
    waiting = [each for each in proposals if each.supplier_id is None]
    if not waiting:
        return
    heads = list(_examiners(by, at=at).order_by("user").values_list("user", flat=True))
    news = [
        News(
            head,
            PROPOSED,
            address_of(each),
            {"proposal": each.pk, "name": each.name, "who": by.full_name},
        )
        for each in waiting
        for head in heads
    ]
    tell(news, by=by, at=at)
