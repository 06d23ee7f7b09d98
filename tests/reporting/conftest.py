"""What the tests of reporting's pages share."""

from collections.abc import Callable

import pytest

from reporting import tasks


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Messages that would have gone to the workers."""
    sent: list[tuple[str, int]] = []

    def note(name: str) -> Callable[..., None]:
        return lambda **ids: sent.append((name, next(iter(ids.values()))))

    for task in (tasks.run_import, tasks.compute_savings):
        monkeypatch.setattr(task, "wake", note(str(task.name)))
    return sent
