"""
Hand in the ledger of the last months, as the accounting system would: invoices of what was received here, what was bought in shops, and
what was booked without an order. Then let finance say what most accounts mean and who most suppliers are.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Sum

from agreements.models import Supplier
from categories.models import Category
from demo.data import day_at
from demo.data.ledger import LedgerAccount, ledger_accounts, ledger_rows
from demo.data.offsets import month_start
from demo.history import outside_lines
from demo.operations.files import Row
from demo.operations.region import Registers, hand_in
from demo.operations.results import CONTROLLER
from reporting.models import DeliveredLine
from spend.models import BookedCost, Meaning
from spend.operations.matches import match_supplier
from spend.operations.meanings import decide_meaning

SOURCE = "ekonomisystemet"
MONTHS = 4
"""So many months before this one are booked."""
INVOICED_AFTER = timedelta(days=6)
WAITING = {"550000-0020"}
"""Suppliers that finance has not said anything of yet, though their number is ours; some without a number wait too."""
NONE_OF_OURS = {"färjelinjen"}


def hand_in_ledger(registers: Registers, *, today: date, at: datetime) -> None:
    """Hand in the rows until yesterday, and decide about them."""
    hand_in("booked_costs", _rows(today), source=SOURCE, at=at)
    controller = registers.users[CONTROLLER]
    categories = {category.code: category for category in Category.objects.all()}
    for row in ledger_accounts():
        if row.meaning != Meaning.UNDECIDED:
            decide_meaning(
                source="",
                first_account=row.account,
                meaning=Meaning(row.meaning),
                category=categories.get(row.category),
                by=controller,
                at=at,
            )
    ours = {supplier.org_number: supplier for supplier in Supplier.objects.all()}
    for key in BookedCost.objects.order_by("supplier_key").values_list("supplier_key", flat=True).distinct():
        if key in NONE_OF_OURS or (key in ours and key not in WAITING):
            match_supplier(source=SOURCE, key=key, supplier=ours.get(key), by=controller, at=at)


def _rows(today: date) -> Iterator[Row]:
    """Every row until yesterday, each a voucher of its own."""
    since = month_start(today, -MONTHS)
    account_by_number = {row.account: row for row in ledger_accounts()}
    rows = [*_received_rows(), *_shop_rows(today), *_no_order_rows(today)]
    booked = [row for row in rows if since <= row[0] < today]
    for number, (day, account, row) in enumerate(booked, start=1):
        yield {
            "number": f"L{number}",
            "voucher": f"L {number}",
            "booked_date": day,
            "account": account,
            "account_name": account_by_number[account].name if account in account_by_number else "",
            **row,
        }


def _received_rows() -> Iterator[tuple[date, str, Row]]:
    """The invoices of what was received here, a row for each day, account, department and supplier."""
    account = "receipt_line__allocation__line__account__code"
    sums = (
        DeliveredLine.objects.filter(receipt_line__isnull=False, currency="SEK")
        .values(
            "delivered_date", account, "cost_center", "category_code", "supplier_org_number", "supplier_name"
        )
        .annotate(total=Sum("amount"))
        .order_by("delivered_date", "cost_center", "supplier_org_number", account, "category_code")
    )
    for each in sums:
        yield (
            each["delivered_date"] + INVOICED_AFTER,
            each[account] or _account_of(each["category_code"]).account,
            {
                "cost_center": each["cost_center"],
                "supplier_number": each["supplier_org_number"],
                "supplier_name": each["supplier_name"],
                "text": "Faktura med order",
                "amount": each["total"],
            },
        )


def _shop_rows(today: date) -> Iterator[tuple[date, str, Row]]:
    for line in outside_lines(today):
        purchase = line.purchase
        yield (
            line.delivered_date,
            _account_of(purchase.category).account,
            {
                "cost_center": purchase.cost_center,
                "supplier_number": "",
                "supplier_name": purchase.supplier,
                "text": purchase.description,
                "amount": line.amount,
            },
        )


def _no_order_rows(today: date) -> Iterator[tuple[date, str, Row]]:
    for row in ledger_rows():
        day = day_at(row.first, today)
        while day < today:
            yield (
                day,
                row.account,
                {
                    "cost_center": row.cost_center,
                    "supplier_number": row.org_number,
                    "supplier_name": row.supplier,
                    "text": row.text,
                    "amount": row.amount,
                },
            )
            day += timedelta(days=row.every_days)


def _account_of(category: str) -> LedgerAccount:
    """The account that things of a category are booked on: the first of its top category."""
    return next(row for row in ledger_accounts() if row.category and category.startswith(row.category))
