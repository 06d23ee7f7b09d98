"""Pages of registers."""
