"""History's public verbs."""
