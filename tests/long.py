"""Whether there is time for everything: ``LONG=1``, which is what `make test-long` says."""

import os

LONG = bool(os.environ.get("LONG"))
