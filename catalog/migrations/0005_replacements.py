"""What replaces an item on a day, also by way of others: asked in one place by every door and by savings."""

from django.db import migrations

WAYS = """
CREATE FUNCTION catalog_ways(replaced bigint, day date)
RETURNS TABLE (to_item_id bigint, factor numeric, base_factor numeric, equivalence text, note text, steps integer)
LANGUAGE sql STABLE ROWS 4 AS $$
-- Every step is valid and approved that day; the way is as good as its weakest step. No way has more than eight.
WITH RECURSIVE way (item_id, factor, weakness, note, steps, said) AS (
    SELECT replaced, 1::numeric, 1, '', 0, '{}'::bigint[]
    UNION ALL
    SELECT step.to_item_id, way.factor * step.factor,
           greatest(way.weakness, array_position('{full,with_condition,crisis_only}', step.equivalence::text)),
           concat_ws(' ', nullif(way.note, ''), nullif(step.note, '')), way.steps + 1, way.said || step.id
    FROM way
    JOIN catalog_substitution step ON step.from_item_id = way.item_id AND step.valid_during @> day
    WHERE way.steps < 8 AND (step.approved_at IS NOT NULL OR NOT coalesce((
        SELECT policy.needs_clinical_approval
        FROM catalog_item item
        JOIN categories_category own ON own.id = item.category_id
        JOIN categories_categorypolicy policy ON policy.category_id = ANY (own.lineage) AND policy.valid_during @> day
        WHERE item.id = way.item_id
        ORDER BY array_position(own.lineage, policy.category_id) DESC
        LIMIT 1
    ), false))
)
SELECT DISTINCT ON (way.item_id) way.item_id, way.factor,
       way.factor * new.units_per_order_unit / old.units_per_order_unit,
       ('{full,with_condition,crisis_only}'::text[])[way.weakness], way.note, way.steps
FROM way JOIN catalog_item new ON new.id = way.item_id JOIN catalog_item old ON old.id = replaced
WHERE way.steps > 0
ORDER BY way.item_id, way.weakness, way.steps, way.said DESC
$$;
CREATE FUNCTION catalog_replacements(replaced bigint, day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
-- The best first: those for a crisis last; what stays before what leaves, the equivalent before what has a condition.
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'factor', way.factor::text, 'base_factor', way.base_factor::text, 'equivalence', way.equivalence, 'note', way.note,
    'is_offered', way.equivalence <> 'crisis_only'
        AND (new.status = 'standard' OR new.status = 'phasing_out' AND new.last_order_date >= day),
    'to_item', jsonb_build_object(
        'pk', new.id, 'number', new.number, 'name', new.name, 'name_en', new.name_en, 'size', new.size,
        'status', new.status, 'base_unit', new.base_unit, 'order_unit', new.order_unit,
        'units_per_order_unit', new.units_per_order_unit::text, 'picture', new.picture
    )
) ORDER BY way.equivalence = 'crisis_only', new.status <> 'standard', way.equivalence <> 'full', way.steps, new.id DESC), '[]')
FROM catalog_ways(replaced, day) way JOIN catalog_item new ON new.id = way.to_item_id
$$;
"""
NO_WAYS = "DROP FUNCTION catalog_replacements(bigint, date); DROP FUNCTION catalog_ways(bigint, date);"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_life_cycle")]
    operations = [migrations.RunSQL(WAYS, NO_WAYS)]
