"""
Who may do what, when: every operation × every role × every state, drawn from the permissions themselves.

``people.py`` supposes somebody of each role, ``things.py`` something in each state, ``acts.py`` names each operation with the
permission that it requires, and ``page.py`` asks and draws docs/permissions.md. Nothing of it reads the database.
"""
