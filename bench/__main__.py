"""Run the benches and write bench/RESULTS.md."""

import multiprocessing
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench import driver, pages, results
from bench.own import ROOT, own_servers
from bench.web import served
from devservers.servers import Servers

SECONDS = float(os.environ.get("BENCH_SECONDS", "12"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
WAYS = {
    "plain SQL": "bench.plain_sql",
    "bare Django views": "bench.bare_http",
    "operations in process": "bench.in_process",
    "API over HTTP": "bench.http_api",
}


@dataclass(frozen=True)
class Measured:
    """One way, with so many clients: chains a second (median of the rounds), and the time of a chain in ms."""

    way: str
    agreement: str
    clients: int
    rate: float
    p50: float
    p95: float


def main() -> None:
    """Start servers of its own, measure each way with one and eight clients, and write down what came out."""
    own_servers("bench")
    seats = _build()
    with served("config.wsgi", "PORT"), served("bench.bare_wsgi", "BARE_PORT"):
        measured = [
            _measure(way, module, seats[agreement], agreement, clients)
            for clients, agreement in ((1, "own"), (8, "own"), (8, "shared"))
            for way, module in WAYS.items()
        ]
    decided = _decisions(seats["own"][0])
    measured_pages = {"the demo": _pages_of("demo", volume=False)}
    if os.environ.get("BENCH_VOLUME"):
        measured_pages["a million items (`manage.py load_volume`)"] = _pages_of("volume", volume=True)
    for section in (_report(measured), decided, _pages_report(measured_pages)):
        results.write_section(section)
        print(section)


def _build() -> dict[str, list[object]]:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from bench import world  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    seats = world.build()
    connections.close_all()
    return {agreement: list(those) for agreement, those in seats.items()}


def _decisions(seat: object) -> str:
    from bench import decisions  # noqa: PLC0415, Django is set up by now

    return decisions.report(decisions.measure(seat))  # type: ignore[arg-type]


def _measure(way: str, module: str, seats: list[object], agreement: str, clients: int) -> Measured:
    rates, times = [], []
    for _round in range(ROUNDS):
        rate, took = _round_of(module, seats, clients)
        rates.append(rate)
        times.extend(took)
    cuts = statistics.quantiles(times, n=20)
    return Measured(
        way, agreement, clients, statistics.median(rates), 1000 * statistics.median(times), 1000 * cuts[18]
    )


def _round_of(module: str, seats: list[object], clients: int) -> tuple[float, list[float]]:
    context = multiprocessing.get_context("spawn")
    go = context.Event()
    with context.Pool(clients, initializer=driver.prepare, initargs=(go,)) as pool:
        results = [
            pool.apply_async(driver.drive, (module, seats[number], SECONDS)) for number in range(clients)
        ]
        time.sleep(3)
        go.set()
        took = [result.get(timeout=SECONDS + 40) for result in results]
    return sum(len(each) / sum(each) for each in took if each), [one for each in took for one in each]


def _pages_of(name: str, *, volume: bool) -> list[pages.Page]:
    """Measure the pages on the demo region in a directory of its own, with the volume upon it when asked for."""
    environment = {**os.environ, "RAUK_VAR": str(ROOT / "var" / f"bench-{name}")}
    shutil.rmtree(environment["RAUK_VAR"], ignore_errors=True)
    manage = [sys.executable, "manage.py"]
    Servers(Path(environment["RAUK_VAR"])).join()
    for command in ("migrate", "load_demo", *(["load_volume"] if volume else [])):
        subprocess.run([*manage, command, "-v0"], cwd=ROOT, env=environment, check=True)
    result = subprocess.run(
        [sys.executable, "-m", "bench.pages"], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    )
    return pages.pages_of(result.stdout.decode())


def _pages_report(measured: dict[str, list[pages.Page]]) -> str:
    parts = [f"\n## On {name}\n\n{pages.table(rows)}" for name, rows in measured.items()]
    return f"""
# The pages, measured

Each page is asked in one process through all middleware and templates, {pages.TIMES} times after the first, medians; the plain page is
a table of the same rows made by Django and nothing else. Without `BENCH_VOLUME=1` only the demo is measured.
{"".join(parts)}"""


def _report(measured: list[Measured]) -> str:
    rates = {(each.clients, each.agreement): each.rate for each in measured if each.way == "plain SQL"}
    bare = {(each.clients, each.agreement): each.rate for each in measured if each.way == "bare Django views"}
    rows = "\n".join(
        f"| {each.way} | {each.agreement} | {each.clients} | {each.rate:.1f} | {each.p50:.0f} | {each.p95:.0f} |"
        f" {each.rate / rates[each.clients, each.agreement]:.3f} | {each.rate / bare[each.clients, each.agreement]:.2f} |"
        for each in measured
    )
    return f"""# The chain, measured

One chain is a requisition of 5 lines that is submitted, approved, ordered and received. `make bench` makes this file.
Every way writes to the same PostgreSQL, durable, in the same run, each client with a department, requester, manager and
receiver of its own; clients commit under one shared agreement's ceiling, or each under its own. The bare views write the rows with Django's ORM and do
nothing else: no rule, lock, sign-in or middleware. They and the API are served by gunicorn with two workers. Python
{platform.python_version()}, {os.cpu_count()} cores, which also run PostgreSQL and the clients; {ROUNDS} rounds of
{SECONDS:.0f} s, the median of their rates.

| way | agreement | clients | chains a second | p50 ms | p95 ms | ratio to plain SQL | ratio to bare views |
|---|---|--:|--:|--:|--:|--:|--:|
{rows}
"""


if __name__ == "__main__":
    main()
