"""The chain through the bare views: four requests to a gunicorn of the same kind, on a kept-alive connection."""

import http.client
import json
import os
from collections.abc import Callable
from typing import Any

from bench.http_api import TIMEOUT_SECONDS
from bench.seat import Seat


def client(seat: Seat) -> Callable[[], None]:
    """Give a function that writes one chain's rows."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ["BARE_PORT"]), timeout=TIMEOUT_SECONDS
    )

    def post(path: str, facts: dict[str, Any]) -> None:
        connection.request("POST", f"/{path}", json.dumps(facts), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (path, answer.status, text[:300])
        facts |= json.loads(text)

    def chain() -> None:
        facts = {**vars(seat)}
        for path in ("submit", "approve", "order", "receive"):
            post(path, facts)

    return chain
