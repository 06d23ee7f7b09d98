"""
The wiring of Rauk: settings, URLs, API router, Celery, servers, and the command that runs it all.

No word of the business belongs here. May import every app; no app imports it.
"""
