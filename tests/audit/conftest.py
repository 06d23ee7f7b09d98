"""Where the heads of a test's trail are kept."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def kept_heads(settings: Settings, tmp_path: Path) -> Path:
    """A file of heads of the test's own."""
    settings.TRAIL_HEADS = str(tmp_path / "heads" / "trail.txt")
    return Path(settings.TRAIL_HEADS)
