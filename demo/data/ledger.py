"""What the accounting system has booked beside the system's own orders, and what its accounts mean."""

from dataclasses import dataclass
from decimal import Decimal

from demo.data.files import table


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """An account with what finance has said of it: ``undecided`` where it has said nothing yet."""

    account: str
    name: str
    meaning: str
    category: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What is booked again and again without an order: since when, and how often."""

    account: str
    cost_center: str
    org_number: str
    supplier: str
    text: str
    amount: Decimal
    first: str
    every_days: int


ledger_accounts = table("ledger_accounts.csv", LedgerAccount)
ledger_rows = table("ledger_rows.csv", LedgerRow)
