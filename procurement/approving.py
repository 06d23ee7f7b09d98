"""The terms that a line is approved on, and what is true of it then: what the gate is asked about (pure)."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, CallOffMethod, Supplier
from catalog.pricing import PriceLists
from categories.models import Category
from core.errors import InvalidInput
from core.money import ZERO, Kronor, line_amount, to_unit_price
from organizations.models import AccountingCode, Department
from procurement.call_off import CallOff
from procurement.gates import Coding, Facts, PriceNotAccepted, Terms, is_open
from procurement.models import RequisitionLine
from procurement.quantities import check_amount


class SupplierMissing(InvalidInput):
    """A need in free text has no supplier until somebody chooses one."""

    code = "supplier_missing"
    sentence = _("Välj leverantör för %(line)s innan raden godkänns.")


class AgreementOfAnotherSupplier(InvalidInput):
    """The chosen agreement is with another supplier."""

    code = "agreement_of_another_supplier"
    sentence = _("Avtalet %(agreement)s är tecknat med en annan leverantör.")


class AgreementOfAnotherCategory(InvalidInput):
    """The chosen agreement covers other things than the line asks for."""

    code = "agreement_of_another_category"
    sentence = _(
        "Avtalet %(agreement)s gäller %(category)s. Välj ett avtal i radens kategori, eller flytta raden dit först."
    )


def terms_asked(
    line: RequisitionLine, prices: PriceLists, *, quantity: Decimal, named_price: Decimal | None = None
) -> Terms:
    """
    The terms that a line was asked for on, at the price that they have now.

    A price that has risen is taken only as far as whoever approves has named it; the gate refuses the rest. What a
    smaller quantity costs more because it does not reach a quantity break is no rise.

    :param named_price: what whoever approves has seen that one unit costs.
    :raises SupplierMissing: it is in free text, so somebody must complete it first.
    :raises PriceNotAccepted: the price has risen above what the requester was shown or has said yes to.
    """
    if line.supplier is None:
        raise SupplierMissing(line=line.description)
    terms = (line.item_id, line.agreement_id, line.supplier_id)
    price = prices.of(*terms, quantity=quantity, unit=line.unit)
    of_asked = prices.of(*terms, quantity=line.quantity, unit=line.unit)
    most = max(line.unit_price, named_price or ZERO)
    if of_asked is not None and line.item is not None and of_asked.unit_price > line.shown_unit_price:
        raise PriceNotAccepted(
            item=line.item.names, before=Kronor(line.shown_unit_price), after=Kronor(of_asked.unit_price)
        )
    if price is None or of_asked is None:
        unit_price = line.unit_price
    elif of_asked.unit_price <= most:
        unit_price = price.unit_price
    else:
        unit_price = min(price.unit_price, most)
    return Terms(
        item=line.item,
        quantity=quantity,
        unit=line.unit,
        unit_price=unit_price,
        amount=line_amount(unit_price, quantity),
        agreement=line.agreement,
        supplier=line.supplier,
        units_per_order_unit=line.units_per_order_unit,
    )


def terms_completed(
    line: RequisitionLine, *, supplier: Supplier, unit_price: Decimal | None, agreement: Agreement | None
) -> Terms:
    """
    The terms of a need in free text, as whoever decides it completes them; its estimate when no price is given.

    :raises AmountOutOfRange: the price is below zero or absurdly large.
    """
    if agreement is not None:
        _check_agreement(agreement, supplier=supplier, category=line.category)
    price = line.unit_price if unit_price is None else to_unit_price(unit_price)
    return Terms(
        item=None,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=price,
        amount=check_amount(price, line.quantity),
        agreement=agreement,
        supplier=supplier,
    )


def _check_agreement(agreement: Agreement, *, supplier: Supplier, category: Category | None) -> None:
    """
    See to it that a need is bought under an agreement for what it is: of its category, one above it or below it.

    Under one that demands a renewed competition the gate asks who has won.

    :raises AgreementOfAnotherSupplier: it is with somebody else.
    :raises AgreementOfAnotherCategory: it covers other things, or nobody has said what the need is.
    """
    is_competed_for = agreement.call_off_method == CallOffMethod.MINI_COMPETITION
    if agreement.supplier_id != supplier.pk and not is_competed_for:
        raise AgreementOfAnotherSupplier(agreement=agreement.number)
    if not covers(agreement, category):
        raise AgreementOfAnotherCategory(agreement=agreement.number, category=str(agreement.category))


def covers(agreement: Agreement, category: Category | None) -> bool:
    """Whether an agreement is for a category: of it, of one above it or of one below it."""
    return category is not None and (
        agreement.category_id in category.lineage or category.pk in agreement.category.lineage
    )


def account_of(line: RequisitionLine, *, day: date) -> AccountingCode | None:
    """The account that a waiting line would be booked on: one that follows the category is the category's now."""
    if not line.is_account_chosen and not is_open(line.account, day) and line.category is not None:
        return line.category.account
    return line.account


def payer_of(line: RequisitionLine) -> Department | None:
    """Another department than the one that orders, which pays the line."""
    is_own = line.charged_department_id == line.requisition.department_id
    return None if is_own else line.charged_department


def facts_of(
    line: RequisitionLine, terms: Terms, prices: PriceLists, *, day: date, call_off: CallOff
) -> Facts:
    """What is true of a line that is to be approved."""
    account, requisition = account_of(line, day=day), line.requisition
    return Facts(
        day=day,
        department_id=requisition.department_id,
        price=prices.of(
            terms.item.pk if terms.item else None,
            terms.agreement.pk if terms.agreement else None,
            terms.supplier.pk,
            quantity=terms.quantity,
            unit=terms.unit,
        ),
        coding=Coding(
            line=line.description,
            account=account,
            others=(requisition.activity, requisition.project),
            payer=payer_of(line),
        ),
        place=line.delivery_place,
        administration_id=requisition.department.administration_id,
        call_off=call_off,
    )
