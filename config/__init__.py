"""
The wiring of Rauk: settings, URLs, API router, Celery, servers, and the command that runs it all.

No word of the business belongs here. May import every app; no app imports it.
"""

import gc

# What a start loads stays, and a page makes tens of thousands of objects that nothing holds when it has left: Python looks
# for rings among them less often than it would by itself. A start takes a fifth less.
gc.set_threshold(50_000, 20, 20)
