"""Draw the category tree from who stands under whom."""

from django.db import connection


def settle_tree() -> None:
    """
    Write ``lineage`` and ``tree_code`` of every category anew, inside the operation that placed some of them.

    A category that the top does not lead to, since it stands under itself, gets an empty lineage.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE)


_SETTLE = """
WITH RECURSIVE tree AS (
    SELECT id, ARRAY[id]::bigint[] AS lineage, code::text AS tree_code
    FROM categories_category WHERE parent_id IS NULL
    UNION ALL
    SELECT child.id, tree.lineage || child.id, tree.tree_code || '.' || child.code
    FROM categories_category AS child JOIN tree ON child.parent_id = tree.id
), settled AS (
    SELECT c.id, coalesce(tree.lineage, '{}') AS lineage, coalesce(tree.tree_code, c.code) AS tree_code
    FROM categories_category AS c LEFT JOIN tree ON tree.id = c.id
)
UPDATE categories_category AS c SET lineage = settled.lineage, tree_code = settled.tree_code
FROM settled
WHERE c.id = settled.id AND (c.lineage, c.tree_code) IS DISTINCT FROM (settled.lineage, settled.tree_code::varchar)
"""
