"""Pages ask the clock; here it is always the cast's morning."""

import pytest

from tests.cast import NOW


@pytest.fixture
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock at the moment that the cast's world is made."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
