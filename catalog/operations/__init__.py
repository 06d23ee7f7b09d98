"""What can be done in catalog."""
