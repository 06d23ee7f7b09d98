"""A Chromium, and people who use it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import chromium
from tests.browser.person import Person
from tests.faults.conftest import copied, program, region
from tests.faults.program import ALL_IN_ONE, Program


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """
    One browser for all tests here.

    Playwright keeps a loop of its own that Django would mistake for async; no test elsewhere may have it beside it.
    """
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=chromium.path(), args=list(chromium.OPTIONS))
        yield launched
        launched.close()


__all__ = ["program", "region"]


@pytest.fixture(scope="module")
def running(region: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo region with its web server, for the tests of a module that need nothing to happen behind the pages."""
    with copied(region, tmp_path_factory.mktemp("running")) as program:
        program.start("web")
        yield program


@pytest.fixture
def whole(program: Program) -> Program:
    """A demo region of the test's own with web, workers and clock."""
    program.start("web", ALL_IN_ONE, "beat")
    return program


@pytest.fixture
def people(running: Program, browser: Browser) -> Iterator["People"]:
    """Let people of the demo region log in, each in a browser of her own."""
    with logged_in(running, browser) as people:
        yield people


@pytest.fixture
def people_of_the_whole(whole: Program, browser: Browser) -> Iterator["People"]:
    """The same where workers and clock are there too."""
    with logged_in(whole, browser) as people:
        yield people


@contextmanager
def logged_in(program: Program, browser: Browser) -> Iterator["People"]:
    """Close everybody's browser afterwards."""
    people = People(program, browser)
    try:
        yield people
    finally:
        for person in people.known.values():
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
            expect(person.page).not_to_have_url(re.compile("/logga-in/"))
            self.known[key] = person
        return self.known[key]
