"""Choose the account of lines: in a basket, and of one that waits to be decided."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import update_rows
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from organizations.models import AccountingCode, Dimension, User
from procurement import permissions
from procurement.events import Event
from procurement.models import Requisition, RequisitionLine
from procurement.operations.baskets import locked_basket
from procurement.operations.locks import lock_requisitions


class NotAnAccount(InvalidInput):
    """The code is a verksamhet or a projekt."""

    code = "not_an_account"
    sentence = _("%(code)s är inget konto.")


class AccountClosed(InvalidInput):
    """The konto is no longer in use."""

    code = "account_closed"
    sentence = _("Konto %(code)s är avslutat. Välj ett annat.")


class LineNotInBasket(InvalidInput):
    """One of the lines is somewhere else, or no longer there."""

    code = "line_not_in_basket"
    sentence = _("En av raderna ligger inte i korgen längre. Gå igenom kontona igen.")


@operation
def set_accounts(
    *, basket: Requisition, accounts: Mapping[int, AccountingCode | None], by: User, at: datetime
) -> Requisition:
    """
    Book lines on accounts of their own; none is the category's. One for the whole basket gives way to them.

    :param accounts: by the lines' ids; a line that is not named stays on the account that it has.
    :raises DomainError: the basket is not hers or is submitted; a line is not in it; a code is no open konto.
    """
    basket = locked_basket(basket, by=by, at=at)
    day = timezone.localdate(at)
    for account in {account for account in accounts.values() if account is not None}:
        check_account(account, day=day)
    lines = list(basket.lines.order_by("pk"))
    if not accounts.keys() <= {line.pk for line in lines}:
        raise LineNotInBasket
    for line in lines:
        account_id = line.account_id or basket.account_id
        if line.pk in accounts:
            chosen = accounts[line.pk]
            account_id = chosen.pk if chosen else None
        line.account_id = account_id
    update_rows(lines, ["account"])
    basket.account = None
    basket.save(update_fields=["account"])
    return basket


@operation
def rebook(
    *, line: RequisitionLine, account: AccountingCode | None, by: User, at: datetime
) -> RequisitionLine:
    """
    Book a line that waits on another account, such as when the one that was chosen has been closed.

    :param account: none is the category's.
    :raises NotPermitted: she neither answers for the line nor asked for it.
    :raises LineIsDecided: it is decided already.
    :raises InvalidInput: the code is no open account.
    """
    lock_requisitions([line.requisition_id])
    related = ("requisition__department", "category__account", "account", "responsible")
    line = RequisitionLine.objects.select_related(*related).get(pk=line.pk)
    require(permissions.can_rebook(by, line, at=at))
    is_own = line.requisition.requester_id == by.pk
    capacity = None if is_own else permissions.capacity_for(by, line, at=at)
    before = line.account
    chosen = account or (line.category.account if line.category else None)
    if chosen is not None:
        check_account(chosen, day=timezone.localdate(at))
    line.account, line.is_account_chosen = chosen, account is not None
    update_rows([line], ["account", "is_account_chosen"])
    trail.record(
        Event.LINE_REBOOKED,
        subject=line,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of if capacity else None,
        before=str(before or ""),
        account=str(chosen or ""),
    )
    return line


def check_account(account: AccountingCode, *, day: date) -> None:
    """
    See to it that the code is a konto that may be used that day.

    :raises NotAnAccount: it is of another dimension.
    :raises AccountClosed: it is closed.
    """
    if account.dimension != Dimension.ACCOUNT:
        raise NotAnAccount(code=str(account))
    if account.closed_date is not None and account.closed_date <= day:
        raise AccountClosed(code=account.code)
