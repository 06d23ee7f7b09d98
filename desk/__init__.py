"""
Desk: pages of those who decide, attest and answer for categories.

Today, queue, decisions, budget approvals, purchase orders, agreements, categories and the trail, with their forms.
Writes nothing itself: every act is an operation of a lower app. May import reporting and what stands below it, never
shop.
"""
