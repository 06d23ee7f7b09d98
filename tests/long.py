"""How much is tried: an ordinary run tries a part that takes seconds, ``make test-long`` all of it."""

import os

import pytest

LONG = "LONG" in os.environ

takes_long = pytest.mark.skipif(not LONG, reason="asked by make test-long")
"""One test of each kind of fault is asked always; its sisters, which take twenty seconds each, at length."""
