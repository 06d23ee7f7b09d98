"""How much is tried: an ordinary run tries a part that takes seconds, ``make test-long`` all of it."""

import os

LONG = "LONG" in os.environ
