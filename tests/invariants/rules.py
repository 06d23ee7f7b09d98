"""Rules kept as SQL: each block selects the rows that break it."""

import re
from collections.abc import Container
from pathlib import Path

from django.db import connection

HERE = Path(__file__).parent
OURS = HERE / "rules.sql"
HANDED_IN = HERE.parents[2] / "shared" / "faults" / "rules.sql"
"""Rules of whoever examines the program, beside the checkout; absent on most machines."""

MOVED = {
    "categories_agreement": "agreements_agreement",
    "categories_supplier": "agreements_supplier",
    "reporting_purchasehistoryline": "history_purchasehistoryline",
    "reporting_purchaseimport": "history_purchaseimport",
    "reporting_importrefusal": "history_importrefusal",
}
"""Tables by the names that those rules know them by."""

OPENING = """
CREATE TEMP TABLE fault_offset ON COMMIT DROP AS
SELECT approved_agreement_id AS agreement_id, -sum(released_amount) AS amount
FROM procurement_requisitionline WHERE released_amount > 0 GROUP BY 1;
CREATE TEMP TABLE fault_item_offset ON COMMIT DROP AS
SELECT c.id AS item_ceiling_id, -sum(l.released_quantity) AS quantity FROM catalog_itemceiling c
JOIN procurement_requisitionline l ON l.approved_agreement_id = c.agreement_id AND l.approved_item_id = c.item_id
WHERE l.released_quantity > 0 GROUP BY 1;
"""
"""They count a closed line whole; what will not come of it is deducted beside what was committed before the first line."""


def broken(path: Path, *, apart_from: Container[str] = ()) -> dict[str, list[tuple[object, ...]]]:
    """
    The rules that something breaks, with what breaks them.

    :param apart_from: rules that are not asked, by the word that their sentence begins with.
    """
    found = {}
    with connection.cursor() as cursor:
        for rule, statement in rules(path).items():
            if rule.split()[0] in apart_from:
                continue
            cursor.execute(statement)
            if rows := cursor.fetchall():
                found[rule] = rows[:5]
    return found


def rules(path: Path) -> dict[str, str]:
    """The statements of a file by their sentence, with the tables' present names."""
    blocks = (block.partition("\n") for block in re.split(r"(?m)^-- rule: ", path.read_text())[1:])
    names = re.compile("|".join(rf"\b{name}\b" for name in MOVED))
    return {
        rule: names.sub(lambda name: MOVED[name[0]], statement.strip().rstrip(";"))
        for rule, _newline, statement in blocks
    }
