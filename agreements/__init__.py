"""
Agreements: on what terms.

Words: *Supplier* (leverantör) and how orders reach it, *Agreement* (avtal) with its ceiling (takvolym), *runway* (how long
an agreement lasts, and when the next procurement must start). May import categories, organizations, audit, core.
"""
