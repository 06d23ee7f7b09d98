"""Pages of procurement."""
