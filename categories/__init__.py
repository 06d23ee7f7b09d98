"""
Categories: responsibility.

Words: *Category* (kategori, a tree), *CategoryAssignment* (manager and deputy for a period:
kategoriansvarig and ersättare), *CategoryPolicy* (standing approval and response time), *Supplier*
(leverantör), *Agreement* (avtal) with its ceiling (takvolym). May import organizations, audit, core.
"""
