"""
Which days a baseline counts: its twelve months, until a later one of its item, or of an item that replaces it, begins.

The same days come of it in whatever order initiatives are confirmed and frozen again.
"""

# The first day of the next counted baseline that speaks of an item: its own, or that of what replaces it.
NEXT_BEGINS = """
(SELECT min(lower(later.counts_during)) FROM reporting_baseline later
 WHERE later.is_counted AND lower(later.counts_during) > lower({0}.counts_during)
   AND (later.item_id = {0}.item_id OR later.evidence->'replaces' @> to_jsonb({0}.item_id)))
"""

# What a version that counts no longer had ended goes on: to the end of its twelve months, or until the next one begins.
GIVE_BACK_SQL = f"""
UPDATE reporting_baseline b
SET counts_during = daterange(lower(b.counts_during), least(
        (lower(b.counts_during) + make_interval(months => %(months)s))::date, {NEXT_BEGINS.format("b")}))
FROM reporting_baseline gone
WHERE gone.initiative_id = %(initiative)s AND gone.superseded_at = %(at)s AND gone.confirmed_at IS NOT NULL
  AND gone.method <> 'none' AND (b.item_id = gone.item_id OR gone.evidence->'replaces' @> to_jsonb(b.item_id))
  AND b.is_counted AND upper(b.counts_during) = lower(gone.counts_during)
"""  # noqa: S608, all parts are constants

# A confirmed baseline ends the earlier ones of its item, and of items that it replaces, on its own first day.
END_EARLIER_SQL = """
UPDATE reporting_baseline b SET counts_during = daterange(lower(b.counts_during), lower(n.counts_during))
FROM reporting_baseline n
WHERE n.initiative_id = %(initiative)s AND n.confirmed_at IS NULL AND n.superseded_at IS NULL AND n.method <> 'none'
  AND (b.item_id = n.item_id OR n.evidence->'replaces' @> to_jsonb(b.item_id)) AND b.is_counted
  AND lower(b.counts_during) < lower(n.counts_during) AND upper(b.counts_during) > lower(n.counts_during)
"""

# A baseline that is confirmed after a later one ends where that one begins.
CONFIRM_SQL = f"""
UPDATE reporting_baseline n
SET confirmed_by_id = %(by)s, confirmed_at = %(at)s,
    counts_during = daterange(lower(n.counts_during), least(upper(n.counts_during), {NEXT_BEGINS.format("n")}))
WHERE n.initiative_id = %(initiative)s AND n.confirmed_at IS NULL AND n.superseded_at IS NULL
"""  # noqa: S608, all parts are constants
