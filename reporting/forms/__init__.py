"""Forms of reporting: the shape of what people fill in; what can be true is decided by the operations."""
