"""The API's tests happen on the cast's day."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.cast import NOW


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the clock to the cast's day."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cache.clear()
