"""What can be done in registers."""
