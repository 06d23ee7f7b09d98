"""What the office can do beside writing in registers."""
