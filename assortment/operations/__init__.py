"""Assortment's public verbs."""
