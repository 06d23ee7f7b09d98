"""
Copies of everything, and how everything comes back from one.

A backup is one ZIP file that any program can open: `database.dump` as PostgreSQL's own pg_dump writes it, the files that
are kept beside the database, and `manifest.json`, written last, with a digest of each and what the copy holds. It is
made and read as a stream; nothing is kept in memory.
"""
