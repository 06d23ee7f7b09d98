"""Whatever is there to be read is told in the shape that the description gives it, to whoever reads it."""

import json
from typing import Any

import pytest

from organizations.models import User
from tests.api.clients import Program
from tests.api.described import description
from tests.cast import NOW, Cast
from tests.config.test_every_url import world

API = "/api/v1/"
MOST = 3
"""So many of each list are read one by one."""


@pytest.fixture(scope="module")
def people(stage: Cast) -> dict[str, User]:
    """A world in which there is something of each kind, and who reads it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.utils.timezone.now", lambda: NOW)
        return world(stage)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["head", "manager", "requester", "administrator", "nobody"])
def test_everything_is_told_as_described(people: dict[str, User], who: str) -> None:
    program = Program(people[who])
    addresses = [address for address, acts in description()["paths"].items() if "get" in acts]
    listed: dict[str, list[dict[str, Any]]] = {}
    for address in addresses:
        if "{" not in address:
            answer: Any = json.loads(program.get(address.removeprefix(API)).content)
            rows = answer.get("results", []) if isinstance(answer, dict) else answer
            listed[address] = rows[:MOST]
    read = 0
    for address in addresses:
        before, brace, rest = address.partition("{")
        name, _brace, after = rest.partition("}")
        if brace and "{" not in after:
            for row in listed.get(before, ()):
                key = row.get(name, row.get("id", row.get("code")))
                program.get(f"{before}{key}{after}".removeprefix(API))
                read += 1
    assert read > (20 if who in ("head", "manager") else 0) - 1
