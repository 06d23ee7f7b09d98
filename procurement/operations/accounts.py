"""Choose what lines are booked on: in a basket, and of one that waits to be decided."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import update_rows
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import AccountingCode, Dimension, User
from procurement import permissions
from procurement.events import Event
from procurement.gates import CodeClosed, is_open
from procurement.models import Requisition, RequisitionLine
from procurement.operations.baskets import locked_basket
from procurement.operations.locks import lock_requisitions
from procurement.states import LineStatus

ORDERED = (LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED, LineStatus.RECEIVED)


class NotAnAccount(InvalidInput):
    """The code is a verksamhet or a projekt."""

    code = "not_an_account"
    sentence = _("%(code)s är inget konto.")


class AccountClosed(InvalidInput):
    """The konto is no longer in use."""

    code = "account_closed"
    sentence = _("Konto %(code)s är avslutat. Välj ett annat.")


class WrongDimension(InvalidInput):
    """The code is of another dimension than the one it is given for."""

    code = "wrong_dimension"
    sentence = _("%(code)s är fel slags kod. Välj en kod för %(dimension)s.")


class PartlyOrdered(WrongState):
    """What is ordered stays booked as it was ordered."""

    code = "partly_ordered"
    sentence = _(
        "En del av beställningen är redan skickad till leverantör, så verksamhet och projekt ligger fast. Återta raden och beställ den på nytt."
    )


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


class Unchanged(Enum):
    """What is not named stays as it is."""

    KEPT = "kept"


KEPT = Unchanged.KEPT


@operation
def rebook(
    *,
    line: RequisitionLine,
    account: AccountingCode | Unchanged | None = KEPT,
    activity: AccountingCode | Unchanged = KEPT,
    project: AccountingCode | Unchanged | None = KEPT,
    by: User,
    at: datetime,
) -> RequisitionLine:
    """
    Book a line that waits otherwise, such as when a code that was chosen has been closed.

    The account is the line's own. Activity and project are its whole requisition's, so they can be changed until
    something of it is ordered.

    :param account: none is the category's.
    :param project: none takes the project away.
    :raises NotPermitted: she neither answers for the line nor asked for it.
    :raises LineIsDecided: it is decided already.
    :raises PartlyOrdered: activity or project is to be changed, and something of the requisition is ordered.
    :raises InvalidInput: a code is of another dimension, or closed.
    """
    lock_requisitions([line.requisition_id])
    related = (
        "requisition__department",
        "requisition__activity",
        "requisition__project",
        "category__account",
        "account",
        "responsible",
    )
    line = RequisitionLine.objects.select_related(*related).get(pk=line.pk)
    require(permissions.can_rebook(by, line, at=at))
    is_own = line.requisition.requester_id == by.pk
    capacity = None if is_own else permissions.capacity_for(by, line, at=at)
    day = timezone.localdate(at)
    details: dict[str, str] = {}
    if account is not KEPT:
        details |= _book_line(line, account, day=day)
    if activity is not KEPT or project is not KEPT:
        details |= _book_requisition(line.requisition, activity, project, day=day)
    trail.record(
        Event.LINE_REBOOKED,
        subject=line,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of if capacity else None,
        **details,
    )
    return line


def _book_line(line: RequisitionLine, account: AccountingCode | None, *, day: date) -> dict[str, str]:
    """Give the line another account; returns what the trail tells."""
    before = line.account
    chosen = account or (line.category.account if line.category else None)
    if chosen is not None:
        check_account(chosen, day=day)
    line.account, line.is_account_chosen = chosen, account is not None
    update_rows([line], ["account", "is_account_chosen"])
    return {"before": str(before or ""), "account": str(chosen or "")}


def _book_requisition(
    requisition: Requisition,
    activity: AccountingCode | Unchanged,
    project: AccountingCode | Unchanged | None,
    *,
    day: date,
) -> dict[str, str]:
    """Give the requisition another activity or project; returns what the trail tells."""
    if requisition.lines.filter(status__in=ORDERED).exists():
        raise PartlyOrdered
    details: dict[str, str] = {}
    if not isinstance(activity, Unchanged):
        _check_code(activity, Dimension.ACTIVITY, day=day)
        details |= {"activity_before": str(requisition.activity), "activity": str(activity)}
        requisition.activity = activity
    if not isinstance(project, Unchanged):
        if project is not None:
            _check_code(project, Dimension.PROJECT, day=day)
        details |= {"project_before": str(requisition.project or ""), "project": str(project or "")}
        requisition.project = project
    requisition.save(update_fields=["activity", "project"])
    return details


def _check_code(code: AccountingCode, dimension: Dimension, *, day: date) -> None:
    if code.dimension != dimension:
        raise WrongDimension(code=str(code), dimension=dimension.label)
    if not is_open(code, day):
        raise CodeClosed(code=str(code))


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
