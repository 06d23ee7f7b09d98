"""
What is bought on the accounts of a ledger, as it has been decided until now.

Of several decisions that speak of an account, the one of the fewest accounts holds, then that of the source itself; of those about the same
accounts the latest.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection

from spend.models import Meaning

PURCHASES: Final = (Meaning.CATEGORY.value, Meaning.PURCHASE.value)
"""Rows on such accounts were bought."""

DECIDED = """
decided AS (
    SELECT * FROM (
        SELECT DISTINCT ON (source, first_account, last_account) id, source, first_account, last_account, meaning, category_id
        FROM spend_accountmeaning
        WHERE source IN ('', %(source)s)
        ORDER BY source, first_account, last_account, id DESC
    ) AS latest WHERE meaning <> 'undecided'
)
"""
"""SQL of the decisions that hold for a source."""

MEANT = f"""
{DECIDED}, meant AS (
    SELECT DISTINCT ON (booked.account) booked.account, decided.id AS decision_id, decided.meaning, category.id AS category_id,
           category.lineage
    FROM (SELECT DISTINCT account FROM cost) AS booked
    JOIN decided ON booked.account = decided.first_account
        OR length(booked.account) = length(decided.first_account) AND booked.account ~ '^[0-9]+$'
            AND decided.first_account <> decided.last_account
            AND booked.account COLLATE "C" BETWEEN decided.first_account AND decided.last_account
    LEFT JOIN LATERAL (
        WITH RECURSIVE way AS (
            SELECT *, 0 AS step FROM categories_category WHERE id = decided.category_id
            UNION ALL
            SELECT following.*, step + 1 FROM way
            JOIN categories_category AS following ON following.id = way.merged_into_id AND way.closed_date <= %(ends)s
        )
        SELECT id, lineage FROM way ORDER BY step DESC LIMIT 1
    ) AS category ON true
    ORDER BY booked.account,
             CASE WHEN decided.first_account = decided.last_account THEN 0
                  ELSE decided.last_account::bigint - decided.first_account::bigint END,
             decided.source = '', decided.id DESC
)
"""
"""
SQL of what each account of ``cost`` means; an account of which nothing is decided is not there.

What was bought in a category that had been merged by the last day of the period is bought in the one that goes on.
"""


@dataclass(frozen=True, slots=True)
class AccountMeans:
    """What an account means: the decision, and the category with its place in the tree."""

    decision: int
    meaning: Meaning
    category: int | None
    lineage: tuple[int, ...] = ()

    @property
    def is_purchase(self) -> bool:
        """Whether rows on it were bought."""
        return self.meaning.value in PURCHASES


def meanings_of(source: str, accounts: Iterable[str], *, ends: date = date.max) -> Mapping[str, AccountMeans]:
    """
    What each of some accounts of a source means, in one query; those of which nothing is decided are left out.

    :param ends: the last day of the period; mergers of categories after it do not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH cost AS (SELECT unnest(%(accounts)s::text[]) AS account), {MEANT}"
            "SELECT account, decision_id, meaning, category_id, lineage FROM meant",
            {"source": source, "accounts": list(accounts), "ends": ends},
        )
        return {
            account: AccountMeans(decision, Meaning(meaning), category, tuple(lineage or ()))
            for account, decision, meaning, category, lineage in cursor.fetchall()
        }


def excluded_rows(source: str) -> Callable[[Mapping[str, str | None]], bool]:
    """
    Tell which rows of a source are not taken in: those on accounts that are left out, such as wages.

    What is decided is read once, and each account asked of once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {DECIDED} SELECT EXISTS (SELECT FROM decided WHERE meaning = 'left_out')",
            {"source": source},
        )
        (is_any,) = cursor.fetchone()
    by_account: dict[str, bool] = {}

    def is_left_out(values: Mapping[str, str | None]) -> bool:
        account = values.get("account") or ""
        if account not in by_account:
            means = meanings_of(source, [account]).get(account)
            by_account[account] = means is not None and means.meaning is Meaning.LEFT_OUT
        return by_account[account]

    return is_left_out if is_any else _nothing


def _nothing(_values: Mapping[str, str | None]) -> bool:
    return False
