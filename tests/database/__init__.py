"""The databases that tests work in."""
