"""Items that stand for each other: whatever replaces one, or is replaced by it, by however many steps."""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection

FAMILIES_SQL = """
WITH RECURSIVE family (item, member) AS (
    SELECT item, item FROM unnest(%s::bigint[]) AS item
    UNION
    SELECT family.item, CASE WHEN s.from_item_id = family.member THEN s.to_item_id ELSE s.from_item_id END
    FROM family JOIN catalog_substitution s ON family.member IN (s.from_item_id, s.to_item_id)
)
SELECT item, member FROM family
"""


def families_of(items: Collection[int]) -> dict[int, frozenset[int]]:
    """
    The items that have been said to replace each of these, or to be replaced by it, itself among them: one query.

    Also what has been said for other days: a limit on a need is not passed by asking for it under its former number.
    """
    if not items:
        return {}
    members: dict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(FAMILIES_SQL, [sorted(set(items))])
        for item, member in cursor.fetchall():
            members[item].add(member)
    return {item: frozenset(family) for item, family in members.items()}
