"""Lists of the registers, measured: the page in its usual order, and in the order of the column that takes longest."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

TIMES = 5
GROWING = ("items", "prices", "people", "roles", "departments", "suppliers", "purchases")


@dataclass(frozen=True)
class MeasuredList:
    """A register: its rows, ms of the page in its usual order, and of the one that takes longest, with its column."""

    name: str
    rows: int
    usual: float
    slowest: float
    column: str


def measure_lists() -> list[MeasuredList]:
    """Ask for each list through all that a page passes, sorted by each column that it shows, both ways and far down."""
    from core.bulk import analyze_tables  # noqa: PLC0415, the settings decide where the servers are
    from registers.listing import Selection  # noqa: PLC0415
    from registers.register import REGISTERS  # noqa: PLC0415
    from registers.views.lists import columns_of  # noqa: PLC0415

    analyze_tables()
    ask = _client()
    measured = []
    for name in GROWING:
        register = REGISTERS[name]
        selection = Selection(register)
        first, others = columns_of(register)
        columns = [first, *others] if selection.is_countable else [selection.usual]
        default_time = _milliseconds(ask, f"/register/{name}/")
        times = {
            (column.name, sign): max(
                _milliseconds(ask, f"/register/{name}/?ordning={sign}{column.name}{further}")
                for further in ("", f"&efter={_middle_id(register.model)}")
            )
            for column in columns
            for sign in ("", "-")
        }
        slowest = max(times, key=lambda each: times[each])
        rows = register.model._default_manager.count()
        measured.append(MeasuredList(name, rows, default_time, times[slowest], "".join(reversed(slowest))))
    return measured


def _middle_id(model: type) -> int:
    """A row far down, whatever the order."""
    ids = model._default_manager.order_by("pk").values_list("pk", flat=True)  # type: ignore[attr-defined]
    middle: int = ids[ids.count() // 2]
    return middle


def _client() -> Callable[[str], object]:
    """Sign in as somebody who sees every register."""
    from django.conf import settings  # noqa: PLC0415
    from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from organizations.models import Membership, Role, User  # noqa: PLC0415

    settings.ALLOWED_HOSTS = ["testserver"]
    person = User.objects.create_user("bench@region.example", first_name="Berit", last_name="Bänk")
    for role in (Role.ADMINISTRATOR, Role.CONTROLLER):
        Membership.objects.create(user=person, role=role, valid_during=DateRange(None, None))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def ask(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return ask


def _milliseconds(ask: Callable[[str], object], address: str) -> float:
    """The median of some times after the first."""
    ask(address)
    times = []
    for _time in range(TIMES):
        start = time.perf_counter()
        ask(address)
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def report(measured: Iterable[MeasuredList]) -> str:
    """Write what came out as a table."""
    rows = "\n".join(
        f"| {each.name} | {each.rows} | {each.usual:.0f} | {each.column} | {each.slowest:.0f} | {each.slowest / each.usual:.1f} |"
        for each in measured
    )
    return f"""# Lists of the registers, measured

The page of each register at the size of a region, in its usual order and in that of the column that takes longest, first
page or far down, upwards or downwards (`-`), in one process through all middleware. `make bench-imports` writes this part.

| register | rows | usual order ms | slowest column | ms | ratio |
|---|--:|--:|---|--:|--:|
{rows}
"""
