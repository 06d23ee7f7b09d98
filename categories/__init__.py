"""
Categories: responsibility.

Words: *Category* (kategori, a tree), *CategoryAssignment* (manager and deputy for a period: kategoriansvarig and
ersättare), *CategoryPolicy* (standing approval and response time). May import organizations, audit, core.
"""
