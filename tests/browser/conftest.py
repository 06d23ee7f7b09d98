"""A Chromium, and people who use it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.browser.person import Person
from tests.faults.conftest import program, region
from tests.faults.program import WORKERS, Program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.path(), args=list(chromium.OPTIONS))
        yield launched
        launched.close()


__all__ = ["program", "region"]


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Program:
    """The demo region with web, workers and clock."""
    program: Program = request.getfixturevalue("program")
    program.start("web", *WORKERS, "beat")
    return program


@pytest.fixture
def people(running: Program, browser: Browser) -> Iterator["People"]:
    """Let people of the demo region log in, each in a browser of her own."""
    found = People(running, browser)
    yield found
    for person in found.known.values():
        person.context.close()


class People:
    """Those who have logged in so far."""

    def __init__(self, program: Program, browser: Browser) -> None:
        self.program = program
        self.browser = browser
        self.known: dict[str, Person] = {}

    def __call__(self, email: str, *, width: int = 1280, without_script: bool = False) -> Person:
        """Give a person, logged in."""
        key = f"{email} {width} {without_script}"
        if key not in self.known:
            address = f"http://127.0.0.1:{self.program.port}"
            person = Person(self.browser, address, width=width, without_script=without_script)
            person.log_in(f"{email}@gotland.example")
            self.known[key] = person
        return self.known[key]
