"""
Every address of SCIM × what no directory should send: never a failure of ours, and a refusal in SCIM's shape.

An ordinary run sends each odd value to some of the addresses by some of the methods, ``make test-long`` to all by all.
"""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction

from tests.cast import Cast
from tests.hostile.values import VALUES, some
from tests.provisioning.directories import ENTERPRISE, PATCH, Directory, told

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]

ODD: list[Any] = [None, True, -1, 2**63, 10**60, 1.5, [], {}, [[]], [{}], ["\ud800"], {"\x00": 1}, *VALUES]
BODIES: list[bytes] = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[]",
    b"null",
    b"NaN",
    b'{"a": Infinity}',
    b'{"userName": "\\ud800"}',
    b"[" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
]
ATTRIBUTES = (
    "userName", "externalId", "name", "displayName", "title", "active", "emails", "groups", "meta", "id",
    "schemas", "members", "password", ENTERPRISE,
)  # fmt: skip
PATHS = [
    "", ".", "members[", "emails[type eq", "a" * 5000, "\x00", "\ud800", 'emails[type eq "\\ud800"].value',
    'emails[type eq "\\u0000"].value', "name.", "urn:", ENTERPRISE, f"{ENTERPRISE}:", "emails.value", "groups",
    "meta.version", "id", "schemas", "(" * 500, "members[value pr]", "emails[0]", "active.x",
]  # fmt: skip


class Sender:
    """Sends, takes back what came of it, and remembers what went wrong."""

    def __init__(self, directory: Directory) -> None:
        self.directory, self.failures = directory, list[str]()

    def send(self, method: str, address: str, body: Any = None) -> None:
        with transaction.atomic():
            answer = self.directory.ask(method, address, body)
            transaction.set_rollback(True)
        content = answer.content
        is_scim = answer.status_code < 400 or json.loads(content)["status"] == str(answer.status_code)
        if answer.status_code >= 500 or not is_scim:
            self.failures.append(
                f"{answer.status_code} {method} {address[:80]!a} {body!a:.120} {content!r:.200}"
            )


@pytest.fixture
def sender(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> Sender:
    monkeypatch.setattr("provisioning.authentication.MOST_A_MINUTE", 10**6)
    return Sender(directory)


def test_bodies(cast: Cast, directory: Directory, sender: Sender) -> None:
    number = directory.joins(cast.requester)
    group = directory.group("Hemse", number)
    one, another = f"/Users/{number}", f"/Groups/{group}"
    for body in BODIES:
        for method, address in (
            ("POST", "/Users"),
            ("PATCH", one),
            ("PUT", another),
            ("POST", "/Groups/.search"),
        ):
            sender.send(method, address, body)
    whole = told(cast.requester.email, "Elin", "Bergvall")
    for attribute in ATTRIBUTES:
        for odd in some(ODD, attribute, 20):
            sender.send("PUT", one, whole | {attribute: odd})
            sender.send("PUT", another, {"displayName": "Hemse", attribute: odd})
            for address in (one, another):
                operation = {"op": "replace", "path": attribute, "value": odd}
                sender.send("PATCH", address, {"schemas": [PATCH], "Operations": [operation]})
    assert not sender.failures, "\n".join(sender.failures[:20])


def test_paths_of_patches(cast: Cast, directory: Directory, sender: Sender) -> None:
    number = directory.joins(cast.requester)
    group = directory.group("Hemse", number)
    for path in PATHS:
        for act in some(("add", "remove", "replace"), ascii(path)):
            for address in (f"/Users/{number}", f"/Groups/{group}"):
                operation = {"op": act, "path": path, "value": "x"}
                sender.send("PATCH", address, {"schemas": [PATCH], "Operations": [operation]})
    whole: list[Any] = [
        None,
        [],
        {},
        [[]],
        [{}],
        [None],
        ["add"],
        [{"op": None}],
        [{"op": "add", "value": 1}],
    ]
    for operations in whole:
        sender.send("PATCH", f"/Groups/{group}", {"schemas": [PATCH], "Operations": operations})
        sender.send("PATCH", f"/Users/{number}", {"schemas": [PATCH], "Operations": operations})
    assert not sender.failures, "\n".join(sender.failures[:20])


def test_addresses(cast: Cast, directory: Directory, sender: Sender) -> None:
    directory.joins(cast.requester)
    for name in (
        "filter",
        "sortBy",
        "sortOrder",
        "startIndex",
        "count",
        "attributes",
        "excludedAttributes",
        "x",
    ):
        for value in some(VALUES, name, 9):
            text = quote(value, errors="surrogatepass")
            for kind in ("Users", "Groups"):
                sender.send("GET", f"/{kind}?{name}={text}")
    for value in VALUES:
        text = quote(value, errors="surrogatepass", safe="")
        for method in some(("GET", "DELETE", "PUT"), text):
            sender.send(method, f"/Users/{text}", {"userName": "x"} if method == "PUT" else None)
        sender.send("GET", f"/{text}")
        sender.send("GET", f"/Schemas/{text}")
    for query in (
        'userName eq "\\u0000"',
        'emails[value eq "\\ud800"]',
        'id eq "x"',
        'meta.created gt "x"',
        "(" * 900,
    ):
        sender.send("GET", f"/Users?filter={quote(query)}")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        sender.send(method, "/Schemas", {})
        assert directory.ask(method, "/Bulk", {}).status_code == 501
    assert not sender.failures, "\n".join(sender.failures[:20])


def test_what_is_too_large_is_not_read(directory: Directory) -> None:
    answer = directory.ask("POST", "/Users", b'{"userName": "' + b"x" * 5_100_000 + b'"}')
    assert (answer.status_code, answer.json()["status"]) == (413, "413")
    assert answer.headers["Content-Type"] == "application/scim+json"
