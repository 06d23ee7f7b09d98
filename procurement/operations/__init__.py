"""
What can be done in procurement: the chain's public verbs.

Five beats each: lock, permit, change, record, tell. The root lock is always the requisition's row, in primary
key order when several; agreements come after, then orders.
"""
