"""
The gate: may this be bought on these terms that day, and if not, why (pure: facts in, refusals out).

What was true when it was checked is checked again when it matters (DESIGN, rule 9): the same gate is asked when a line
is submitted, approved, adjusted, substituted, revised, ordered and sent. ``procurement/market.py`` reads the facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Supplier
from catalog.models import Item, ItemCeiling, Price
from catalog.permissions import can_be_ordered
from catalog.replacements import Replacement
from core import units
from core.errors import DomainError, InvalidInput, Names
from core.money import Kronor
from core.units import is_whole
from organizations.models import AccountingCode, DeliveryPlace, Department
from procurement.call_off import NOTHING_KNOWN, CallOff, call_off
from procurement.direct_award import Award, direct_award


class SupplierBlocked(DomainError):
    """The supplier gets no new orders."""

    code = "supplier_blocked"
    sentence = _(
        "%(supplier)s är spärrad för nya beställningar: %(reason)s. Välj en artikel från en annan leverantör."
    )


class SupplierNotExamined(DomainError):
    """A supplier that was proposed with a need is examined and accepted before the first order (DOMAIN 6.3, LOU 13 ch.)."""

    code = "supplier_not_examined"
    sentence = _(
        "%(supplier)s är föreslagen, och inte godkänd i leverantörsprövningen. Be inköpschefen att pröva leverantören, eller"
        " välj en annan."
    )


class AgreementNotValid(DomainError):
    """The agreement has ended or not begun."""

    code = "agreement_not_valid"
    sentence = _(
        "Avtalet %(agreement)s gäller inte i dag. Ersätt med en artikel på ett avtal som gäller, eller be den som har"
        " beställt att ändra raden."
    )


class AgreementNotForYou(DomainError):
    """The administration that orders may not call off under the agreement."""

    code = "agreement_not_for_you"
    sentence = _(
        "Avtalet %(agreement)s får inte användas av enhetens förvaltning. Ersätt med en artikel på ett avtal som"
        " förvaltningen får använda, eller be den som har beställt att ändra raden."
    )


class PriceNotInForce(DomainError):
    """The supplier has no price for the item that day, under this agreement or outside agreements."""

    code = "price_not_in_force"
    sentence = _(
        "%(item)s har inget pris hos %(supplier)s i dag. Ersätt artikeln, eller be den som har beställt att ändra raden."
    )


class PriceRose(DomainError):
    """The price is higher than the one that was approved."""

    code = "price_rose"
    sentence = _(
        "Priset på %(item)s har stigit från %(before)s till %(after)s. Godkänn raden igen om det nya priset är rätt."
    )


class PriceNotAccepted(DomainError):
    """The price is higher than the requester was shown, and she has not said yes to it."""

    code = "price_not_accepted"
    sentence = _(
        "Priset på %(item)s har stigit från %(before)s till %(after)s. Den som har beställt är tillfrågad, och raden väntar"
        " på svaret."
    )


class PriceFell(DomainError):
    """Why an order is made anew, at a lower price."""

    code = "price_fell"
    sentence = _("Priset har sjunkit.")


class BelowMinimumQuantity(InvalidInput):
    """The supplier does not deliver so few."""

    code = "below_minimum_quantity"
    sentence = _("%(item)s säljs i minst %(minimum)s %(unit)s.")


class UnitNotDivisible(InvalidInput):
    """Quantity must be a whole number for this unit."""

    code = "unit_not_divisible"
    sentence = _("Ange ett heltal. Enheten %(unit)s går inte att dela.")


class PackChanged(DomainError):
    """The item is sold in another pack than the one that was asked for."""

    code = "pack_changed"
    sentence = _(
        "Förpackningen för %(item)s har ändrats från ”%(before)s” till ”%(after)s”. Beställ artikeln på nytt, så att"
        " antal och pris stämmer."
    )


class AccountMissing(InvalidInput):
    """A line has no account: booking fails closed (DOMAIN 3.8)."""

    code = "account_missing"
    sentence = _("Ange konto. %(line)s har inget konto från sin kategori.")


class CodeClosed(InvalidInput):
    """A code of the coding string is closed."""

    code = "code_closed"
    sentence = _(
        "%(code)s är stängd och går inte att bokföra på. Välj en annan kod. På en rad som redan är skickad går bara"
        " konto att byta."
    )


class AnsvarClosed(DomainError):
    """Another department that would pay is closed; what one's own has under way goes on."""

    code = "ansvar_closed"
    sentence = _(
        "Ansvar %(code)s är stängt och går inte att belasta. Be den som har beställt att ta tillbaka raden och beställa den"
        " på nytt på ett annat ansvar."
    )


class PlaceIsGone(DomainError):
    """What is not ordered yet would be delivered to a place that is no longer used."""

    code = "place_is_gone"
    sentence = _(
        "Leveransplatsen %(place)s används inte längre. Be den som har beställt att ta tillbaka raden och beställa den på"
        " nytt till en annan plats."
    )


class CeilingReached(DomainError):
    """The line does not fit under the agreement's ceiling (HFD 2022:4)."""

    code = "ceiling_reached"
    sentence = _("Raden får inte plats under taket för %(agreement)s. %(remaining)s är kvar.")


class ItemCeilingReached(DomainError):
    """The line does not fit under the agreement's ceiling for the item."""

    code = "item_ceiling_reached"
    sentence = _("Raden får inte plats under taket för artikeln i %(agreement)s. %(remaining)s är kvar.")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms one line is, or would be, approved; each object as it is now."""

    item: Item | None
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    agreement: Agreement | None
    supplier: Supplier
    units_per_order_unit: Decimal | None = None
    """How many base units an order unit held when it was asked for; None when that is not asked again."""
    replacement: Replacement | None = None
    """What is said of it, where it is another item than was asked for."""


@dataclass(frozen=True, slots=True)
class Coding:
    """What a line is booked on."""

    line: str
    account: AccountingCode | None
    is_account_due: bool = True
    """A need that has no category yet may wait for its account."""
    others: Sequence[AccountingCode | None] = ()
    payer: Department | None = None
    """Who pays, where it is another department than the one that orders."""


@dataclass(frozen=True, slots=True)
class Room:
    """What is left under the ceilings of a locked agreement."""

    agreement: Agreement
    ceiling: ItemCeiling | None = None
    units_per_order_unit: Decimal = Decimal(1)
    """Base units in an order unit of what is asked for: what the item's ceiling counts."""

    def fitting(self, ceiling: ItemCeiling) -> int:
        """How many whole order units still fit under the item's ceiling."""
        return int(ceiling.remaining_quantity * ceiling.units_per_order_unit // self.units_per_order_unit)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true that day of what the terms speak of."""

    day: date
    department_id: int
    """Who orders."""
    coding: Coding
    price: Price | None = None
    """The price that day of so many from the supplier under the agreement; None when there is none."""
    ordered_quantity: Decimal | None = None
    """How many of the item leave in the same order; None when the line stands by itself."""
    place: DeliveryPlace | None = None
    """Where it is to be delivered, with its department; None when that is asked otherwise."""
    room: Room | None = None
    """What is left under the ceilings; None when the line has its part of them already, or needs none."""
    administration_id: int | None = None
    """Whose department orders; None when that is not asked."""
    award: Award | None = None
    """Of what is bought under no agreement; None when that was judged before."""
    call_off: CallOff = NOTHING_KNOWN
    """What the agreement's way of calling off asks of it."""


def gate(terms: Terms | None, facts: Facts) -> list[DomainError]:
    """
    Say why the terms do not hold that day, the gravest reason first; empty when they do.

    A price that has fallen is no reason: whoever orders takes it. One that has risen is.

    :param terms: None for a need in free text that nobody has found a supplier for; its coding alone is asked.
    """
    reasons: list[DomainError | None] = []
    if terms is not None:
        reasons += [
            *_item_refusals(terms, facts),
            _supplier_refusal(terms),
            _agreement_refusal(terms, facts),
            call_off(terms.agreement, terms.supplier.name, facts.call_off),
            *_price_refusals(terms, facts),
        ]
    reasons += [*_coding_refusals(facts.coding, facts.day), _place_refusal(facts.place, facts.day)]
    if terms is not None:
        reasons += [_room_refusal(terms, facts.room), _award_refusal(terms, facts)]
    return [reason for reason in reasons if reason is not None]


def _item_refusals(terms: Terms, facts: Facts) -> list[DomainError | None]:
    item = terms.item
    if item is None:
        return []
    verdict = can_be_ordered(item, day=facts.day, department_id=facts.department_id)
    return [verdict.refusal, _pack_refusal(item, terms, facts.price)]


def _pack_refusal(item: Item, terms: Terms, price: Price | None) -> DomainError | None:
    """The pack that was asked for is the one that is sold, and comes in whole ones."""
    if is_whole(terms.unit) and terms.quantity != terms.quantity.to_integral_value():
        return UnitNotDivisible(unit=unit_names(terms.unit))
    requested_count = terms.units_per_order_unit
    unit, count = price.pack_of(item) if price else (item.order_unit, item.units_per_order_unit)
    if requested_count is None or (terms.unit, requested_count) == (unit, count):
        return None
    return PackChanged(
        item=item.names,
        before=_pack(terms.unit, requested_count, item.base_unit),
        after=_pack(unit, count, item.base_unit),
    )


def _pack(order_unit: str, count: Decimal, base_unit: str) -> Names:
    """What one order unit is, in both languages."""
    return Names(*(units.pack(order_unit, count, base_unit, language=each) for each in ("sv", "en")))


def unit_names(unit: str, quantity: Decimal | int = 1) -> Names:
    """A unit in both languages, for so many in English."""
    return Names(unit, units.unit_word(unit, quantity, language="en"))


def _supplier_refusal(terms: Terms) -> DomainError | None:
    supplier = terms.supplier
    if supplier.is_blocked:
        return SupplierBlocked(supplier=supplier.name, reason=supplier.blocked_reason.rstrip(". "))
    return SupplierNotExamined(supplier=supplier.name) if supplier.awaits_examination else None


def _agreement_refusal(terms: Terms, facts: Facts) -> DomainError | None:
    """It is active, within its period, and open to the administration that orders."""
    agreement = terms.agreement
    if agreement is None:
        return None
    if not agreement.is_orderable_on(facts.day):
        return AgreementNotValid(agreement=agreement.number)
    if facts.administration_id is not None and not agreement.is_open_to(facts.administration_id):
        return AgreementNotForYou(agreement=agreement.number)
    return None


def _price_refusals(terms: Terms, facts: Facts) -> list[DomainError | None]:
    """An item has a price in force, no higher than the terms say, and enough of it is ordered."""
    item, price = terms.item, facts.price
    if item is None:
        return []
    if price is None:
        return [PriceNotInForce(item=item.names, supplier=terms.supplier.name)]
    rose, too_few = None, None
    if price.unit_price > terms.unit_price:
        rose = PriceRose(item=item.names, before=Kronor(terms.unit_price), after=Kronor(price.unit_price))
    quantity = terms.quantity if facts.ordered_quantity is None else facts.ordered_quantity
    if quantity < price.minimum_quantity:
        too_few = BelowMinimumQuantity(
            item=item.names,
            minimum=price.minimum_quantity,
            unit=unit_names(price.pack_of(item)[0], price.minimum_quantity),
        )
    return [rose, too_few]


def _coding_refusals(coding: Coding, day: date) -> list[DomainError | None]:
    is_missing = coding.account is None and coding.is_account_due
    missing = AccountMissing(line=coding.line) if is_missing else None
    closed = [
        CodeClosed(code=str(code))
        for code in (coding.account, *coding.others)
        if code is not None and not is_open(code, day)
    ]
    return [missing, *closed, _payer_refusal(coding.payer, day)]


def _payer_refusal(payer: Department | None, day: date) -> DomainError | None:
    """It is open, or goes on as part of another."""
    if payer is None or payer.is_open_on(day) or payer.merged_into_id is not None:
        return None
    return AnsvarClosed(code=payer.cost_center)


def _place_refusal(place: DeliveryPlace | None, day: date) -> DomainError | None:
    return None if place is None or place.receives_on(day) else PlaceIsGone(place=place.name)


def is_open(code: AccountingCode | None, day: date) -> bool:
    """Whether there is a code, and it can be booked on that day."""
    return code is not None and (code.closed_date is None or code.closed_date > day)


def _room_refusal(terms: Terms, room: Room | None) -> DomainError | None:
    if room is None:
        return None
    agreement, ceiling = room.agreement, room.ceiling
    if terms.amount > agreement.remaining_amount:
        return CeilingReached(
            agreement=agreement.number,
            remaining=Kronor(agreement.remaining_amount),
            fits=_quantity_left(terms, room),
        )
    if ceiling is None:
        return None
    remaining = ceiling.remaining_quantity
    if ceiling.counted(terms.quantity, room.units_per_order_unit) > remaining:
        return ItemCeilingReached(agreement=agreement.number, remaining=remaining, fits=room.fitting(ceiling))
    return None


def _award_refusal(terms: Terms, facts: Facts) -> DomainError | None:
    if facts.award is None or terms.agreement is not None:
        return None
    return direct_award(facts.award, terms.amount, line=facts.coding.line)


def _quantity_left(terms: Terms, room: Room) -> int:
    """How many whole order units still fit."""
    remaining = room.agreement.remaining_amount
    by_amount = int(remaining // terms.unit_price) if terms.unit_price else int(terms.quantity)
    if room.ceiling is None:
        return by_amount
    return min(by_amount, room.fitting(room.ceiling))
