"""
An entry as one line of text, which is what is sealed and what is handed out to be held against the seals.

PostgreSQL writes it: a JSON array of every column in order, ``jsonb``'s own spelling, which is the same for the same values
in every version since 9.4. The expression stands here and not in the database, whose owner could change it there.
"""

LINE = (
    "jsonb_build_array(entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), entry.event,"
    " entry.by_id, entry.by_name, entry.on_behalf_of_name, entry.rule, entry.subject_type, entry.subject_id,"
    " entry.subject_label, entry.details)::text"
)
"""SQL for the line of ``entry``."""

COLUMNS = (
    "id",
    "at",
    "event",
    "by_id",
    "by_name",
    "on_behalf_of_name",
    "rule",
    "subject_type",
    "subject_id",
    "subject_label",
    "details",
)
"""What stands in the line, in order; all that an entry has, which a test holds."""

DIGEST = f"sha256(convert_to({LINE}, 'UTF8'))"
