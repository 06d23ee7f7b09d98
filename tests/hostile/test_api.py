"""
Every act of the API × every parameter and field × what no program should send: never a failure of ours.

An ordinary run tries each field with a few of the values, others than the next act; ``make test-long`` tries them all.
"""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from organizations.models import KeyScope
from organizations.operations.api_tokens import create_token
from tests.api.test_fuzz import WHO, description, objects, operations
from tests.cast import NOW, Cast
from tests.hostile.values import VALUES, some

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]

BODIES: list[Any] = [
    *VALUES,
    None,
    True,
    -1,
    2**63,
    10**60,
    1.5,
    1e308,
    [],
    {},
    [[]],
    [{}],
    [2**63],
    ["\ud800"],
    {"\x00": 1},
]


class Asked:
    """A person's program, and what failed when it asked."""

    def __init__(self, cast: Cast, who: str) -> None:
        person = getattr(cast, who)
        _token, text = create_token(
            user=person, name="hostile", days=1, scope=KeyScope.DECIDE, by=person, at=NOW
        )
        self.client = APIClient(raise_request_exception=False)
        self.client.credentials(HTTP_AUTHORIZATION=f"Token {text}")
        self.failures: list[str] = []

    def send(self, method: str, address: str, content: str = "") -> None:
        with transaction.atomic():
            if method == "get":
                answer: Any = self.client.get(address)
            else:
                answer = self.client.post(address, content, content_type="application/json")
            if answer.streaming:
                list(answer)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            error = getattr(answer, "exc_info", None)
            self.failures.append(f"{method} {address[:100]} {content[:100]!a} {error and error[1]!r:.200}")


def fields(operation: Any) -> list[str]:
    """The names of what the act takes in its body."""
    schema = operation.definition.raw.get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = schema.get("schema", {}).get("$ref", "").rpartition("/")[2]
    components = description().raw_schema["components"]["schemas"]
    return sorted(components.get(reference, {}).get("properties", {}))


@pytest.fixture(scope="module")
def there(stage: Cast) -> dict[str, dict[str, Any]]:
    """Something of each kind."""
    return objects(stage)


@pytest.mark.parametrize("operation", [pytest.param(each, id=str(each.label)) for each in operations()])
def test_act_fails_on_nothing(stage: Cast, there: dict[str, dict[str, Any]], operation: Any) -> None:
    resource = operation.path.removeprefix("/api/v1/").split("/")[0]
    about = there.get(resource, {})
    sender, method = Asked(stage, WHO.get(resource, "requester")), operation.method.lower()
    path = operation.path
    for name, value in about.items():
        path = path.replace(f"{{{name}}}", str(value))
    for parameter in operation.query:
        for value in some(VALUES, parameter.name, 14):
            sender.send(method, f"{path}?{parameter.name}={quote(value.encode('utf-8', 'surrogatepass'))}")
    if method == "post":
        names = fields(operation)
        for value in some(BODIES, path, 14):
            sender.send(method, path, json.dumps(dict.fromkeys(names, value)))
            sender.send(method, path, json.dumps(value))
        for name in names:
            for value in some(BODIES, path + name, len(BODIES)):
                sender.send(method, path, json.dumps({name: value}))
    if "{" in operation.path:
        for value in some(VALUES, path, 14):
            odd = quote(value.encode("utf-8", "surrogatepass"), safe="")
            address = operation.path
            for name in about:
                address = address.replace(f"{{{name}}}", odd)
            sender.send(method, address, "{}")
    assert sender.failures == []


KEY = "00000000-0000-0000-0000-000000000001"
WHOLE: dict[str, Any] = {
    "department": "2140",
    "needed_by_date": "2021-06-01",
    "reason": "",
    "lines": [{"item": "104412", "quantity": "1"}],
}


@pytest.mark.parametrize("name", [*sorted(WHOLE), "key", "account", "activity", "project", "delivery_place"])
def test_order_with_one_odd_field_fails_on_nothing(stage: Cast, name: str) -> None:
    sender = Asked(stage, "requester")
    for value in some(BODIES, name):
        sender.send("post", "/api/v1/requisitions/", json.dumps({"key": KEY, **WHOLE, name: value}))
    assert sender.failures == []


@pytest.mark.parametrize("name", ["item", "quantity"])
def test_order_with_one_odd_field_of_a_line_fails_on_nothing(stage: Cast, name: str) -> None:
    sender = Asked(stage, "requester")
    for value in BODIES:
        line = {"item": "104412", "quantity": "1", name: value}
        sender.send("post", "/api/v1/requisitions/", json.dumps({"key": KEY, **WHOLE, "lines": [line]}))
    assert sender.failures == []
