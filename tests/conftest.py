"""What every test stands on: real servers, and whether there is a browser."""

import gc
import os
from collections.abc import Generator, Iterator
from dataclasses import replace
from importlib import import_module
from itertools import chain, islice
from math import inf

import pytest
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from config.local import var_dir
from core.working_days import Calendar, calendar
from devservers.environment import local_servers
from governance.citations import cited
from procurement.order_times import OrderTimes, order_times
from tests import cast as cast_module
from tests import chromium
from tests.database.copies import WITH_CAST, WITHOUT_CAST, copies

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
"""How long an example takes says how busy the machine is, not whether the code is right."""

TOGETHER = ("devservers",), ("demo",), ("hostile", "browser")
"""
Each of these prepares something that takes seconds, which one process does for all its tests.

The browser's use the region that the others have loaded by then.
"""
SPREAD = "faults"
"""Tests that start a program each, on a region that the first to need it has loaded for all processes."""


def start_servers() -> None:
    """Start the embedded servers, unless the environment names others; tests need no safety from power cuts."""
    servers = local_servers(os.environ, var_dir())
    if servers:
        replace(servers, durable=False).join()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Keep the servers for as long as the parallel processes need them."""
    if getattr(session.config.option, "numprocesses", None):
        start_servers()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the servers when the first test asks for the database; each parallel process has its own database."""
    start_servers()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_createdb: bool,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Give this process its two databases; a test that commits is undone by copying them again."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: copies.restore())
        copies.prepare(anew=django_db_createdb)
        MigrationLoader(
            None
        )  # one that is first read while a test stops the clock keeps that clock as a default
        with django_db_blocker.block():
            yield
        copies.drop()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage in what is imported and collected, now or later: all of it stays to the end."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        import_module(
            "provisioning.shapes"
        )  # reads its own source for each class, the longer the more is imported
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test with the cast works where the cast is."""
    asks_for_it = {"cast", "stage"} & set(getattr(item, "fixturenames", ()))
    copies.choose(WITH_CAST if asks_for_it else WITHOUT_CAST)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first, and skip what needs a browser when there is none."""
    items[:] = in_blocks(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    if chromium.path() is None:
        skip = pytest.mark.skip(reason=chromium.MISSING)
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line that the browser's tests did not run."""
    if chromium.path() is None:
        terminalreporter.write_line(chromium.MISSING)


def in_blocks(items: list[pytest.Item], count: int) -> list[pytest.Item]:
    """
    Divide the tests as `--dist worksteal` does, each block with other long tests at its head.

    Whoever is done with a block takes from the end of another, where the short ones are. The first loads the region at
    once, so that it is there when the others come to where they need it.
    """
    folders = {
        name: [item for item in items if item.path.parent.name == name]
        for name in (*chain(*TOGETHER), SPREAD)
    }
    heads = []
    for number in range(count):
        together = list(chain(*(folders[name] for name in chain(*TOGETHER[number::count]))))
        spread = folders[SPREAD][number::count]
        heads.append([*spread, *together] if number == 0 else [*together, *spread])
    short = iter([item for item in items if item.path.parent.name not in folders])
    ordered: list[pytest.Item] = []
    for number, head in enumerate(heads):
        size = (len(items) - len(ordered)) // (count - number)
        ordered += [*head, *islice(short, max(0, size - len(head)))]
    return ordered


@pytest.fixture
def cast(db: None) -> cast_module.Cast:
    """Give the test the region with its people."""
    return copies.cast()


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[cast_module.Cast]:
    """Give a module whose tests need a large world the region once; what each of them does is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield copies.cast()
        transaction.set_rollback(True)


@pytest.fixture
def planned_as_ever(db: None) -> None:
    """Let PostgreSQL weigh in which order to join, as it does everywhere but in tests (tests/settings.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL join_collapse_limit = 8; SET LOCAL from_collapse_limit = 8; DISCARD PLANS")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test begin where no order time is set and no day is closed, without asking the database."""
    for cache, empty in ((calendar, Calendar()), (order_times, OrderTimes()), (cited, {})):
        monkeypatch.setattr(cache, "kept", (inf, empty))


@pytest.fixture
def at_nine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of pages at the moment that the cast's world is made."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: cast_module.NOW)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Call a file by its parameter: what is packed holds the time, and every process must give a test the same name."""
    return argname if isinstance(val, bytes) else None
