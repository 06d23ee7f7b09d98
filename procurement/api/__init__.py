"""The API of procurement: one action per operation, and lists of what the person may see."""
