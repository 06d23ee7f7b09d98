"""Forms of procurement: the shape of input. What may be done is decided by the operations."""
