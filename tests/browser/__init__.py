"""Journeys and pages in a real browser, on the demo region, with real processes."""
