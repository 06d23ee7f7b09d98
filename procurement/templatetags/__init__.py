"""Template filters of procurement."""
