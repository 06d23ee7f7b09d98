"""Commands of the demo region."""
