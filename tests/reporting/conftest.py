"""What the tests of reporting's pages share."""

import pytest

from reporting import tasks


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Messages that would have gone to the workers."""
    messages: list[tuple[str, int]] = []
    monkeypatch.setattr(
        tasks.compute_savings,
        "wake",
        lambda **ids: messages.append((str(tasks.compute_savings.name), ids["run_id"])),
    )
    return messages
