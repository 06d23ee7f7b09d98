"""
Audit: the trail that only grows.

One table, one function: ``audit.trail.record()``. Who did what, on whose behalf, by which rule, when.
Codes and their sentences belong to the app that writes them. Imports core only.
"""
