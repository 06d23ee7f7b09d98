"""
The catalogue of a big region, measured: each question through HTTP beside the same in plain SQL, and a price list that comes in.

``make bench-catalogue`` runs it on a server of its own, with a million items and three million prices that are made the first time
and kept in ``var/bench-catalogue``.
"""

import http.client
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import results
from bench.web import ROOT, served
from devservers.servers import Servers

ITEMS = os.environ.get("BENCH_ITEMS", "1000000")
TIMES = int(os.environ.get("BENCH_TIMES", "60"))
FACTOR, PAUSE = 2, 30
"""A page may take so many times as long as the plain statement, and so many ms more."""
MOST_SUGGESTING = 50
"""So many ms suggestions may take."""
ORDERER = "elin.bergvall@gotland.example"


@dataclass(frozen=True)
class Measured:
    """One kind of question: ms through HTTP, and in plain SQL, each the median and the 95th percentile."""

    name: str
    http: tuple[float, float]
    plain: tuple[float, float]

    @property
    def allowed(self) -> float:
        """The longest that the page may take, ms."""
        return FACTOR * self.plain[1] + PAUSE


def main() -> None:
    """Start a server of its own, load what is not loaded, ask, and write what came out."""
    os.environ.update(
        RAUK_VAR=str(ROOT / "var" / "bench-catalogue"),
        DJANGO_SETTINGS_MODULE="config.settings",
        HASHED_STATIC="0",
        DEMO="1",
    )
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    Servers(Path(os.environ["RAUK_VAR"])).join()
    _load()
    from bench import price_list  # noqa: PLC0415, the settings decide where the servers are

    with served("config.wsgi", "PORT") as port:
        measured, suggesting = _ask(port)
    text = report(measured, suggesting, price_list.measure() if price_list.ROWS else None)
    results.write_section(text)
    print(text)


def _load() -> None:
    """Write the demo region and the volume upon it, unless they are there."""
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, check=True)
    import django  # noqa: PLC0415

    django.setup()
    from catalog.models import Item  # noqa: PLC0415

    if Item.objects.count() < int(ITEMS):
        subprocess.run([*manage, "load_demo", "-v0"], cwd=ROOT, check=True)
        size = ["--items", ITEMS, "--requisitions", "20000", "--history", "200000"]
        subprocess.run([*manage, "load_volume", *size], cwd=ROOT, check=True)


def _ask(port: int) -> tuple[list[Measured], tuple[float, float]]:
    from bench.questions import ask, beginnings, questions  # noqa: PLC0415

    page = _client(port)
    measured = []
    for name, all_of_them in questions(TIMES + 5).items():
        page_times, sql_times = [], []
        for place, question in enumerate(all_of_them):
            took, _page = timed(lambda address=question.address: page(address))  # type: ignore[misc]
            bare, _rows = timed(lambda this=question: ask(this))  # type: ignore[misc]
            if place >= 5:
                page_times.append(took)
                sql_times.append(bare)
        measured.append(Measured(name, _median_and_p95(page_times), _median_and_p95(sql_times)))
        print(measured[-1], file=sys.stderr)
    suggesting = [timed(lambda address=address: page(address))[0] for address in beginnings(TIMES + 5)]  # type: ignore[misc]
    return measured, _median_and_p95(suggesting[5:])


def _client(port: int) -> Callable[[str], bytes]:
    """Sign in as somebody who orders; give what asks for a page over a connection that stays open."""
    from django.test import Client  # noqa: PLC0415

    from organizations.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(User.objects.get(email=ORDERER), backend="django.contrib.auth.backends.ModelBackend")
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def page(address: str) -> bytes:
        connection.request("GET", address, headers={"Cookie": cookies})
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, (address, answer.status)
        return content

    return page


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Do it, and give the ms that it took and what it gave."""
    start = time.perf_counter()
    result = act()
    return 1000 * (time.perf_counter() - start), result


def _median_and_p95(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def report(measured: Sequence[Measured], suggesting: tuple[float, float], listed: Any) -> str:
    """Write what came out as tables."""
    rows = "\n".join(
        f"| {each.name} | {each.http[0]:.0f} | {each.http[1]:.0f} | {each.plain[0]:.1f} | {each.plain[1]:.1f} |"
        f" {each.allowed:.0f} | {'yes' if each.http[1] <= each.allowed else 'no'} |"
        for each in measured
    )
    text = f"""# The catalogue, measured

With {int(ITEMS):,} items, three prices each and three hundred agreements; {TIMES} different questions of each kind by one person,
through gunicorn with two workers, in turn with the same question in plain SQL: candidates by the same indexes, ranked, the best price
and its agreement, twenty rows. A page may take twice the plain statement's p95 and {PAUSE} ms. `make bench-catalogue` writes this part.
Python {platform.python_version()}, {os.cpu_count()} cores, a load of {os.getloadavg()[1]:.1f} meanwhile.

| question | page p50 ms | page p95 ms | plain p50 ms | plain p95 ms | allowed ms | within |
|---|--:|--:|--:|--:|--:|---|
{rows}
| suggestions while typing | {suggesting[0]:.0f} | {suggesting[1]:.0f} | | | {MOST_SUGGESTING} | {"yes" if suggesting[1] <= MOST_SUGGESTING else "no"} |
"""
    if listed is not None:
        text += f"""
A price list of {listed.rows:,} rows over them, all of which change a price, beside one COPY and one MERGE of as many:

| s to the difference | s to be shown | s to apply | rows a second | plain rows a second | ratio | MB more |
|--:|--:|--:|--:|--:|--:|--:|
| {listed.compared:.1f} | {listed.shown:.2f} | {listed.applied:.1f} | {listed.rows / (listed.plain / listed.ratio):.0f} | {listed.rows / listed.plain:.0f} | {listed.ratio:.2f} | {listed.memory:.0f} |
"""
    return text


if __name__ == "__main__":
    main()
