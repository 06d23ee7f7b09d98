"""
Follow-up of purchases that are made, as questions: split orders, suppliers that return, sums just under a limit, approvals
on days and at hours when the region is closed.

A question is computed from the rows each time and is no accusation: there is most often a good explanation, and the answer
that says so is what is kept (ADR 0059). A module for each kind, its rule first and then its one statement; what an act was
held against when it was done is in ``splitting.py`` and ``direct_award.py``.
"""
