"""What the tests of history's pages share."""

import pytest

from history import tasks


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Messages that would have gone to the workers."""
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(
        tasks.run_import, "wake", lambda **ids: sent.append((str(tasks.run_import.name), ids["import_id"]))
    )
    return sent
