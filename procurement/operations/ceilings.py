"""
Commit and release value under agreements' ceilings (takvolym): the parts that decisions share.

The agreement's row is locked, in primary key order, before it is asked what is left; the database's own check
stands behind. Item ceilings are locked after agreements. Used inside an operation's transaction.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, AgreementSupplier, CallOffMethod
from catalog.models import ItemCeiling
from core.bulk import update_rows
from core.compiled import compiled_once
from core.errors import DomainError, WrongState
from core.money import ZERO, line_amount
from procurement.gates import Facts, Room, Terms, gate
from procurement.models import RequisitionLine
from procurement.operations.awards import Awards

COMMITTED_FIELDS = ["committed_amount", "committed_at"]

NOTHING = Decimal(0)

Place = tuple[int, int]
"""An agreement and one of its suppliers."""

Part = tuple[RequisitionLine, Decimal, tuple[Decimal, Decimal]]
"""A line, by how much less it commits in kronor, and how many of its order units it has committed and is to commit."""


class CeilingIsUsed(WrongState):
    """What was released under a ceiling has been used for something else, so it cannot come after all."""

    code = "ceiling_is_used"
    sentence = _(
        "Det som inte skulle komma har släppts under taket för %(agreement)s, och taket är upptaget av annat nu."
    )


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """A line that is to be approved, on what terms, and what is true of them."""

    line: RequisitionLine
    terms: Terms
    facts: Facts


def commit(
    approvals: Sequence[PendingApproval], *, at: datetime, awards: Awards | None = None
) -> dict[int, DomainError]:
    """
    Commit what passes the gate and fits, line by line in the order given.

    :param awards: similar purchases of what is bought under no agreement, locked; each line that passes is one of them.

    :returns: the refusal for each line, by its id, that does not fit or may not be ordered; those are not committed.
    """
    agreements = _locked_agreements({each.terms.agreement.pk for each in approvals if each.terms.agreement})
    ceilings = _locked_item_ceilings(
        set(agreements), {each.terms.item.pk for each in approvals if each.terms.item}
    )
    refusals: dict[int, DomainError] = {}
    touched_agreements: dict[int, Agreement] = {}
    touched_ceilings: dict[int, ItemCeiling] = {}
    shares: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for each in approvals:
        terms = each.terms
        agreement = agreements.get(terms.agreement.pk) if terms.agreement else None
        ceiling = ceilings.get((agreement.pk, terms.item.pk)) if agreement and terms.item else None
        units = each.line.units_of(terms.item)
        room = Room(agreement, ceiling, units) if agreement else None
        award = awards.award_of(each.line, terms) if awards else None
        reasons = gate(replace(terms, agreement=agreement), replace(each.facts, room=room, award=award))
        if reasons:
            refusals[each.line.pk] = reasons[0]
            continue
        if awards:
            awards.count(each.line, terms)
        if agreement is not None:
            agreement.committed_amount += terms.amount
            agreement.committed_at = at
            shares[agreement.pk, terms.supplier.pk] += terms.amount
            touched_agreements[agreement.pk] = agreement
        if ceiling is not None:
            ceiling.committed_quantity += ceiling.counted(terms.quantity, units)
            touched_ceilings[ceiling.pk] = ceiling
    update_rows(list(touched_agreements.values()), COMMITTED_FIELDS)
    update_rows(list(touched_ceilings.values()), ["committed_quantity"])
    _count_shares(shares, agreements)
    return refusals


def release(lines: Sequence[RequisitionLine], *, at: datetime) -> None:
    """Give back what approved lines have committed still, all of it."""
    _give_back(
        [
            (
                line,
                (line.approved_amount or ZERO) - line.released_amount,
                ((line.approved_quantity or NOTHING) - line.released_quantity, NOTHING),
            )
            for line in lines
        ],
        at=at,
    )


def release_what_will_not_come(
    lines: Sequence[RequisitionLine], closed: Mapping[int, Decimal], *, at: datetime
) -> None:
    """
    Let ordered lines commit what has come and what can come, and no more.

    Sets ``released_quantity`` and ``released_amount``, unsaved. What was released and can come after all is committed
    again.

    :param closed: what will not come in all, by line id.
    :raises CeilingIsUsed: it does not fit under the ceiling any longer.
    """
    changes = []
    for line in lines:
        closed_quantity, price = closed.get(line.pk, NOTHING), line.approved_unit_price or ZERO
        committed = line_amount(price, (line.approved_quantity or NOTHING) - closed_quantity)
        amount = (line.approved_amount or ZERO) - committed
        if (closed_quantity, amount) != (line.released_quantity, line.released_amount):
            approved = line.approved_quantity or NOTHING
            quantities = (approved - line.released_quantity, approved - closed_quantity)
            changes.append((line, amount - line.released_amount, quantities))
            line.released_quantity, line.released_amount = closed_quantity, amount
    _give_back(changes, at=at)


def _give_back(parts: Sequence[Part], *, at: datetime) -> None:
    """Lower what is committed, of each line by an amount and from one quantity to another; what is more is committed again."""
    parts = [part for part in parts if part[0].approved_agreement_id]
    agreements = _locked_agreements({line.approved_agreement_id or 0 for line, _amount, _held in parts})
    ceilings = _locked_item_ceilings(
        set(agreements),
        {line.approved_item_id for line, _amount, _held in parts if line.approved_item_id},
    )
    shares: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for line, amount, quantities in parts:
        agreement = agreements[line.approved_agreement_id or 0]
        if amount < -agreement.remaining_amount:
            raise CeilingIsUsed(agreement=agreement.number)
        agreement.committed_amount -= amount
        agreement.committed_at = at
        shares[agreement.pk, line.approved_supplier_id or 0] -= amount
        if ceiling := ceilings.get((agreement.pk, line.approved_item_id or 0)):
            units = line.approved_units_per_order_unit or ceiling.units_per_order_unit
            before, after = (ceiling.counted(quantity, units) for quantity in quantities)
            if after - before > ceiling.remaining_quantity:
                raise CeilingIsUsed(agreement=agreement.number)
            ceiling.committed_quantity += after - before
    update_rows(list(agreements.values()), COMMITTED_FIELDS)
    update_rows(list(ceilings.values()), ["committed_quantity"])
    _count_shares(shares, agreements)


def lower(differences: Mapping[Place, Decimal], *, at: datetime) -> None:
    """Give back what approved lines turned out to cost less, by agreement and supplier."""
    agreements = _locked_agreements({agreement for agreement, _supplier in differences})
    for (agreement_id, _supplier), difference in differences.items():
        agreements[agreement_id].committed_amount -= difference
        agreements[agreement_id].committed_at = at
    update_rows(list(agreements.values()), COMMITTED_FIELDS)
    _count_shares({place: -difference for place, difference in differences.items()}, agreements)


def _count_shares(changes: Mapping[Place, Decimal], agreements: Mapping[int, Agreement]) -> None:
    """Keep what is committed from each supplier, of locked agreements that divide by shares: two queries, or none."""
    divided = {
        pk
        for pk, agreement in agreements.items()
        if agreement.call_off_method == CallOffMethod.DISTRIBUTION_KEY
    }
    if not divided.intersection(agreement for agreement, _supplier in changes):
        return
    places = [
        place
        for place in AgreementSupplier.objects.filter(agreement__in=divided).order_by("pk")
        if changes.get((place.agreement_id, place.supplier_id))
    ]
    for place in places:
        place.committed_amount += changes[place.agreement_id, place.supplier_id]
    update_rows(places, ["committed_amount"])


def _locked_agreements(ids: set[int]) -> dict[int, Agreement]:
    return {agreement.pk: agreement for agreement in _lock_agreements(list(ids))} if ids else {}


def _locked_item_ceilings(agreement_ids: set[int], item_ids: set[int]) -> dict[tuple[int, int], ItemCeiling]:
    if not agreement_ids or not item_ids:
        return {}
    rows = _lock_item_ceilings(list(agreement_ids), list(item_ids))
    return {(row.agreement_id, row.item_id): row for row in rows}


@compiled_once
def _lock_agreements(ids: list[int]) -> QuerySet[Agreement]:
    return Agreement.objects.locked().filter(pk__among=ids)


@compiled_once
def _lock_item_ceilings(agreements: list[int], items: list[int]) -> QuerySet[ItemCeiling]:
    return (
        ItemCeiling.objects.select_for_update(no_key=True)
        .filter(agreement__among=agreements, item__among=items)
        .order_by("pk")
    )
