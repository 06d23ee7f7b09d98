"""Pages of spend."""
