"""SCIM 2.0, as a directory speaks it."""
