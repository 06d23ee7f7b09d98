"""
What was received during some days, by the coding string that it is booked on: the basis of an accrual (periodisering).

Rauk has no invoices: whoever closes the month says from which day deliveries are not invoiced. What went back counts off. The
coding is that of the line now, as finance may have booked it anew; amounts are SEK without VAT, as the accrual is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from core.money import ZERO
from organizations.models import Authority
from reporting.sie import CodedName, Dim, Transaction, Voucher

ACCRUALS_SQL = """
SELECT account.code, account.name, department.cost_center, department.name,
       coalesce(activity.code, ''), coalesce(activity.name, ''), coalesce(project.code, ''), coalesce(project.name, ''),
       count(*), sum(received.amount)
FROM procurement_receiptline received
JOIN procurement_allocation allocation ON allocation.id = received.allocation_id
JOIN procurement_requisitionline line ON line.id = allocation.line_id
JOIN procurement_requisition requisition ON requisition.id = line.requisition_id
JOIN organizations_department department
    ON department.id = coalesce(line.charged_department_id, requisition.charged_department_id)
JOIN organizations_administration administration ON administration.id = department.administration_id
LEFT JOIN organizations_accountingcode account ON account.id = coalesce(line.account_id, requisition.account_id)
LEFT JOIN organizations_accountingcode activity ON activity.id = requisition.activity_id
LEFT JOIN organizations_accountingcode project ON project.id = requisition.project_id
WHERE received.delivered_date BETWEEN %(starts)s AND %(ends)s AND administration.authority_id = %(authority)s
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
HAVING sum(received.amount) <> 0
ORDER BY 1, 3, 5, 7
"""


@dataclass(frozen=True, slots=True)
class Accrued:
    """What was received on one coding string; without an account it cannot be booked."""

    account: CodedName | None
    cost_center: CodedName
    activity: CodedName | None
    project: CodedName | None
    count: int
    amount: Decimal

    @property
    def objects(self) -> tuple[tuple[Dim, CodedName], ...]:
        """The objects of the coding string, in the order of their dimensions."""
        pairs = (
            (Dim.COST_CENTER, self.cost_center),
            (Dim.PROJECT, self.project),
            (Dim.ACTIVITY, self.activity),
        )
        return tuple((dim, each) for dim, each in pairs if each is not None)


@dataclass(frozen=True, slots=True)
class Accrual:
    """What was received in an authority from one day through another, and what of it can be booked."""

    authority: Authority
    starts: date
    ends: date
    every: Sequence[Accrued]

    @property
    def rows(self) -> list[Accrued]:
        """What has an account."""
        return [row for row in self.every if row.account is not None]

    @property
    def without_account(self) -> list[Accrued]:
        """What has none, and is named instead of booked."""
        return [row for row in self.every if row.account is None]

    @property
    def amount(self) -> Decimal:
        """The sum of what is booked."""
        return sum((row.amount for row in self.rows), ZERO)

    def vouchers(self, credit: str, *, is_reversed: bool) -> list[Voucher]:
        """The accrual on the last day, against an account of accrued costs; and its reversal the day after, when wanted."""
        debit = [
            Transaction(row.account, row.amount, row.objects) for row in self.rows if row.account is not None
        ]
        against = Transaction(CodedName(credit, _("Upplupna kostnader")), -self.amount)
        days = {"starts": self.starts.isoformat(), "ends": self.ends.isoformat()}
        vouchers = [
            Voucher(
                self.ends, _("Mottaget men inte fakturerat %(starts)s–%(ends)s") % days, (*debit, against)
            )
        ]
        if is_reversed:
            turned = tuple(Transaction(row.account, -row.amount, row.objects) for row in vouchers[0].rows)
            after = self.ends + timedelta(days=1)
            vouchers.append(Voucher(after, _("Återföring av mottaget %(starts)s–%(ends)s") % days, turned))
        return vouchers


def accrual(authority: Authority, *, starts: date, ends: date) -> Accrual:
    """Sum up what was received, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(ACCRUALS_SQL, {"authority": authority.pk, "starts": starts, "ends": ends})
        rows = [
            Accrued(
                CodedName(account, account_name) if account else None,
                CodedName(center, center_name),
                CodedName(activity, activity_name) if activity else None,
                CodedName(project, project_name) if project else None,
                count,
                amount,
            )
            for account, account_name, center, center_name, activity, activity_name, project, project_name, count, amount in cursor
        ]
    return Accrual(authority, starts, ends, rows)
