"""The chain through the API: four requests to a real gunicorn, each with a key, on a kept-alive connection."""

import http.client
import json
import os
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from bench.seat import Seat

TIMEOUT_SECONDS = 60


def client(seat: Seat) -> Callable[[], None]:
    """Give a function that performs one chain."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=TIMEOUT_SECONDS)

    def post(path: str, key: str, body: dict[str, Any]) -> Any:
        headers = {
            "Authorization": f"Token {key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        connection.request("POST", f"/api/v1/{path}/", json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status in {200, 201}, (path, answer.status, text[:300])
        return json.loads(text)

    def chain() -> None:
        requisition = post(
            "requisitions",
            seat.requester_key,
            {
                "key": str(uuid4()),
                "department": seat.cost_center,
                "needed_by_date": seat.needed_by,
                "lines": [{"item": item, "quantity": "10"} for item in seat.numbers],
            },
        )
        lines = [line["id"] for line in requisition["lines"]]
        outcome = post("lines/approve", seat.manager_key, {"lines": lines})
        assert not outcome["refused"], outcome
        orders = post("orders/consolidate", seat.manager_key, {"due_only": False})
        entries = [
            {"allocation": allocation["id"], "quantity": allocation["quantity"]}
            for order in orders
            for line in order["lines"]
            for allocation in line["allocations"]
        ]
        post(
            "receipts",
            seat.receiver_key,
            {"key": str(uuid4()), "department": seat.cost_center, "entries": entries},
        )

    return chain
