"""The accounts of a ledger: what has been booked on each, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from core.money import ZERO
from spend.meanings import MEANT
from spend.models import AccountMeaning
from spend.selection import Selection

_ACCOUNTS = f"""
WITH cost AS MATERIALIZED (
    SELECT account, max(account_name) AS name, sum(amount) AS amount, count(*) AS rows
    FROM spend_bookedcost
    WHERE source = %(source)s AND currency = 'SEK' AND booked_date BETWEEN %(starts)s AND %(ends)s GROUP BY account
), {MEANT}
SELECT cost.account, name, amount, rows, decision_id, count(*) OVER (), count(*) FILTER (WHERE decision_id IS NULL) OVER ()
FROM cost LEFT JOIN meant USING (account)
ORDER BY decision_id IS NOT NULL, CASE WHEN decision_id IS NULL THEN -amount END, cost.account
LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class Account:
    """An account with the sum and the number of its rows in a period, and what was decided of it, if anything is."""

    number: str
    name: str
    amount: Decimal
    rows: int
    decision: AccountMeaning | None


@dataclass(frozen=True, slots=True)
class Accounts:
    """A page of accounts, how many there are, and of how many nothing is decided."""

    shown: Sequence[Account]
    count: int
    undecided: int


def accounts(chosen: Selection, *, limit: int, offset: int = 0) -> Accounts:
    """Those without a meaning first, the largest debit of them first; then by number: two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_ACCOUNTS, chosen.facts() | {"limit": limit, "offset": offset})
        rows = cursor.fetchall()
    decisions = AccountMeaning.objects.select_related("category", "decided_by").in_bulk(
        [row[4] for row in rows if row[4] is not None]
    )
    page_accounts = [
        Account(number, name, amount or ZERO, int(count), decisions.get(decision))
        for number, name, amount, count, decision, _all, _undecided in rows
    ]
    count, undecided = (rows[0][5], rows[0][6]) if rows else (0, 0)
    return Accounts(page_accounts, int(count), int(undecided))
