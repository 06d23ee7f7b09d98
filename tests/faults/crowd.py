"""A region at work: people who order, decide and receive at the same time, each in a session of her own."""

import json
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from uuid import uuid4

from demo.operations.region import PASSWORD
from tests.faults.people import orderers
from tests.faults.program import Browser, Program

MANAGERS_AND_THEIR_ITEMS = """
SELECT u.email, (
    SELECT i.number FROM catalog_item i
    JOIN catalog_price p ON p.item_id = i.id AND p.valid_during @> current_date AND p.minimum_quantity <= 1
    JOIN agreements_agreement a ON a.id = p.agreement_id AND a.open_to = '{}'
    JOIN categories_category c ON c.id = i.category_id
    WHERE i.status = 'standard' AND c.lineage @> ARRAY[k.id] AND p.unit_price < 500
    ORDER BY a.ceiling_amount - a.committed_amount DESC, i.number LIMIT 1)
FROM organizations_user u
JOIN categories_categoryassignment g ON g.manager_id = u.id AND g.valid_during @> current_date
JOIN categories_category k ON k.id = g.category_id
WHERE u.password NOT LIKE '!%'
AND NOT EXISTS (SELECT FROM organizations_absence w WHERE w.user_id = u.id AND w.during @> current_date)
ORDER BY u.email, k.id
"""
ROUND = 25
"""How many lines somebody looks at before she decides."""


@dataclass
class Worker:
    """One person with her browser, what she was answered, and how long each answer took."""

    browser: Browser
    work: Callable[["Worker"], bool]
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    took: list[tuple[float, float]] = field(default_factory=list)
    """When each answer came and how long it took, in seconds."""

    def get(self, path: str) -> Any:
        """What the API says."""
        status, text = self._timed(path.split("?")[0], lambda: self.browser.request(path))
        return json.loads(text) if status == 200 else {}

    def post(self, path: str, **content: object) -> tuple[int, Any]:
        """Do something through the API."""
        return self._timed(path, lambda: self.browser.post(path, **content))

    def _timed(self, path: str, ask: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        start = time.monotonic()
        status, content = ask()
        ended = time.monotonic()
        self.took.append((ended, ended - start))
        self.answers[re.sub(r"\d+", "N", path.removeprefix("/api/v1")), status] += 1
        return status, content

    def keep_on(self, until: threading.Event) -> None:
        """Work, and rest a little when there is nothing to do."""
        while not until.is_set():
            if not self.work(self):
                until.wait(0.2)


def decide(who: Worker) -> bool:
    """Approve what waits."""
    lines = who.get(f"/api/v1/lines/?awaiting_me=true&page_size={ROUND}").get("results", [])
    if lines:
        who.post("/api/v1/lines/approve/", lines=[line["id"] for line in lines])
    return bool(lines)


def receive(who: Worker) -> bool:
    """Receive the first of what is on its way."""
    deliveries = who.get("/api/v1/deliveries/?page_size=5").get("results", [])
    if deliveries:
        rows = [each for each in deliveries if each["department"] == deliveries[0]["department"]]
        entries = [{"allocation": each["id"], "quantity": each["quantity"]} for each in rows]
        department = rows[0]["department"]["code"]
        who.post("/api/v1/receipts/", key=str(uuid4()), department=department, entries=entries)
    return bool(deliveries)


@dataclass
class Crowd:
    """Everybody who is at work."""

    workers: list[Worker]

    @property
    def answers(self) -> Counter[tuple[str, int]]:
        """What all were answered: path, with N for each number, and status."""
        return sum((each.answers for each in self.workers), Counter())

    def p95_by_part(self, parts: int) -> list[float]:
        """The 95th percentile of the answers' seconds in each of the equal parts of the time."""
        took = sorted(pair for each in self.workers for pair in each.took)
        first, last = took[0][0], took[-1][0]
        lists: list[list[float]] = [[] for _ in range(parts)]
        for at, seconds in took:
            lists[min(int(parts * (at - first) / (last - first or 1)), parts - 1)].append(seconds)
        return [statistics.quantiles(each, n=20)[18] if len(each) > 1 else 0.0 for each in lists]

    def work_for(self, seconds: float) -> None:
        """Let all of them work at once."""
        over = threading.Event()
        threads = [threading.Thread(target=each.keep_on, args=[over]) for each in self.workers]
        for thread in threads:
            thread.start()
        over.wait(seconds)
        over.set()
        for thread in threads:
            thread.join(60)


def crowd(program: Program, *, ordering: int, deciding: int, receiving: int) -> Crowd:
    """Log people in: those who order ask for what the managers who decide answer for."""
    item_of = {email: item for email, item in program.query(MANAGERS_AND_THEIR_ITEMS) if item}
    managers = list(item_of)[:deciding]
    items = cycle(item_of[email] for email in managers)
    asking = orderers(program, ordering)
    workers = []
    for each in asking:
        each.item = next(items)
        worker = Worker(each.browser, lambda _who, each=each: each.order())  # type: ignore[misc]
        each.post = worker.post  # type: ignore[method-assign]
        workers.append(worker)
    for email in managers:
        workers.append(Worker(program.browser(), decide))
        workers[-1].browser.log_in(email, PASSWORD)
    workers += [Worker(each.browser, receive) for each in orderers(program, receiving)]
    return Crowd(workers)
