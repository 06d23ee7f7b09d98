"""/readyz hears the clock and the workers, and tells when one of them stops."""

import json
from functools import partial

import pytest

from devservers.processes import commands
from tests.faults.program import Program, wait_until
from tests.long import LONG

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def test_stopped_worker_and_clock_are_told(program: Program) -> None:
    program.environment["WORKERS"] = "1"
    parts = [name for name in commands() if name != "web"]
    program.start("web", *parts)
    browser = program.browser()

    def told() -> dict[str, str]:
        _status, text = browser.request("/readyz")
        return {name: word for name, word in json.loads(text).items() if name in ("clock", "workers")}

    def is_told(words: dict[str, str]) -> bool:
        return told() == words

    well = {"clock": "ok", "workers": "ok"}
    wait_until(lambda: told() == well)
    for part in parts if LONG else ("worker-mail", "beat"):
        program.kill(part)
        stopped = well | {"clock" if part == "beat" else "workers": "stopped"}
        wait_until(partial(is_told, stopped))
        assert browser.status("/healthz") == 200
        program.start(part)
        wait_until(lambda: told() == well)
    program.stop_valkey()
    assert told() == {"clock": "not known", "workers": "not known"}
    assert browser.status("/readyz") == 503
