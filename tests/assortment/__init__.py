"""Tests of assortment."""
