"""What can be done in spend."""
