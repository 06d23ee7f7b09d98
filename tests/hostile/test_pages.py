"""
Every page × every parameter that it reads × what no person types: never a failure of ours.

Which parameters a page reads is seen while it is asked, so that a new one is tried without being named here. Each page
tries two of the values in all its parameters at once, and one in each of some four parameters alone, others than the next
page; ``make test-long`` tries everything, which takes some minutes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.cookies import SimpleCookie
from itertools import islice
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver

from assortment.models import MissedSearch
from catalog.operations import department_favourites
from organizations.models import KeyScope
from organizations.operations.api_tokens import create_token
from procurement.models import PurchaseOrder, Requisition, Severity
from procurement.operations.filling import Wish
from procurement.operations.recalls import recall
from procurement.operations.templates import TemplateFacts, make_template
from reporting.operations.reports import request_report
from reporting.operations.savings import request_savings_run
from tests import worlds
from tests.assortment import worlds as assortment
from tests.cast import NOW, TODAY, Cast
from tests.catalog import proposing
from tests.catalog.illustrating import document, picture
from tests.catalog.proposing import may_rise
from tests.history.scms_files import compared, table
from tests.hostile.values import VALUES, some
from tests.long import LONG
from tests.pages import signed_in
from tests.reporting import initiatives

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.timeout(900 if LONG else 120),
]

ROLES = ("requester", "manager", "budget_holder", "controller", "head")
NO_PAGES = {"healthz", "readyz", "core:gallery"}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes() -> dict[str, str]:
    """The pages by name, with the route of each."""
    return {
        name: route
        for name, route in _routes(get_resolver(), "", ())
        if not name.startswith(("api:", "scim")) and name not in NO_PAGES
    }


def _routes(resolver: Any, before: str, spaces: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            yield ":".join([*spaces, pattern.name or route]), route


@contextmanager
def parameters_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Which parameters are read meanwhile."""
    parameters: set[str] = set()
    with monkeypatch.context() as patched:
        for name in ("get", "getlist", "__getitem__", "__contains__"):
            original = getattr(QueryDict, name)

            def noting(self: QueryDict, key: Any, *args: Any, original: Any = original, **more: Any) -> Any:
                if isinstance(key, str) and key not in ("csrfmiddlewaretoken", "_method", "encoding"):
                    parameters.add(key)
                return original(self, key, *args, **more)

            patched.setattr(QueryDict, name, noting)
        yield parameters


@pytest.fixture(scope="module")
def world(stage: Cast) -> dict[str, list[Any]]:
    """Something of each kind, by the first words of the address that it stands in."""
    cast = stage
    worlds.received(cast, (cast.gown, 4))
    (order,) = worlds.ordered(cast, (cast.gloves, 1))
    waiting = worlds.submitted(cast, (cast.gloves, 2))
    costly = worlds.submitted(cast, (cast.chair, 5))
    basket = worlds.basket(cast)
    token, _text = create_token(
        user=cast.requester, name="x", days=1, scope=KeyScope.READ, by=cast.requester, at=NOW
    )
    initiatives.example_b(cast)
    report = request_report(
        year=2020, through_date=NOW.date().replace(year=2020), title="x", by=cast.controller, at=NOW
    )
    recalled = recall(
        item=cast.gown, reason="x", severity=Severity.REMOVE, since_date=TODAY, by=cast.manager, at=NOW
    )
    gloves = Wish(cast.gloves, Decimal(2))
    template = make_template(
        department=cast.ward, facts=TemplateFacts("x"), wishes=[gloves], by=cast.requester, at=NOW
    )
    department_favourites.add(item=cast.gloves, department=cast.ward, by=cast.requester, at=NOW)
    proposed = assortment.proposed(cast)
    may_rise(cast)
    raised = proposing.proposed(cast, prices=proposing.both(cast), by=cast.deputy)
    missed_search = MissedSearch.objects.create(text="xylofon", first_at=NOW, last_at=NOW)
    imported = compared(table({}).encode())
    return {
        "katalog/": [cast.gloves.number],
        "artiklar/": [cast.gloves.number],
        "artikelbilder/": [picture(cast, item=cast.gloves).pk],
        "artikeldokument/": [document(cast, item=cast.gloves).pk],
        "livscykel/": [cast.gown.number],
        "aterkallelser/": [recalled.pk],
        "aterkallelser/<int:pk>/svara/": [recalled.units.get().pk],
        "mallar/": [template.pk],
        "korg/rader/": [basket.lines.get().pk],
        "bestallningar/": [waiting.number],
        "rader/": [waiting.lines.get().pk, costly.lines.get().pk],
        "attester/": [costly.attests.get().pk],
        "inkopsordrar/": [order.number],
        "kategorier/": [cast.medical.code],
        "avtal/": [cast.agreement.pk],
        "inlasta-register/": [imported.pk],
        "rapporter/": [report.pk],
        "besparingar/rakna/": [request_savings_run(by=None, at=NOW).pk],
        "baslinjer/": [
            cast.agreement.new_initiatives.first().pk if hasattr(cast.agreement, "new_initiatives") else 1
        ],
        "forslag/": [proposed.pk],
        "prisforslag/": [raised.pk],
        "sortiment/forslag/": [proposed.pk],
        "sortiment/sokningar/": [missed_search.pk],
        "api-nycklar/": [token.pk],
    }


def filled(route: str, objects: dict[str, list[Any]]) -> str:
    """The address of a page about something that is there."""
    about = max((start for start in objects if route.startswith(start)), key=len, default="")
    value = str(objects[about][0]) if about else "1"
    return "/" + PARAMETER.sub(lambda match: "pdf" if match[2] == "kind" else value, route)


@pytest.fixture(scope="module")
def people(stage: Cast) -> dict[str, Client]:
    """One of each role, signed in once; each test takes copies, since it may sign them out."""
    return {role: signed_in(getattr(stage, role)) for role in ROLES}


def parameters_of_roles_let_in(
    clients: dict[str, Client], method: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, list[str]]]:
    """Those whom the page lets in, with the parameters that it reads then. A method is for all or none."""
    for role, client in clients.items():
        with parameters_read(monkeypatch) as parameters:
            status = asked(client, method, address, []).status_code
        if status == 405:
            return
        if status not in (403, 404):
            yield role, sorted(parameters)


def asked(client: Client, method: str, address: str, pairs: list[tuple[str, str]]) -> Any:
    """Send the pairs as a browser or a program would, and take back what came of it."""
    query = "&".join(
        f"{quote(name)}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in pairs
    )
    headers: Any = {}
    if pairs:
        headers["HTTP_REFERER"] = pairs[0][1].encode("utf-8", "surrogatepass").decode("latin-1")
    with transaction.atomic():
        if method == "get":
            answer = client.get(f"{address}?{query}", **headers)
        else:
            form = "application/x-www-form-urlencoded"
            answer = client.generic("POST", address, query, content_type=form, **headers)
        if answer.streaming:
            list(answer)  # a file that nobody reads would be open in the tests that follow
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("name", sorted(routes()))
def test_page_fails_on_nothing(
    people: dict[str, Client], world: dict[str, list[Any]], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    route = routes()[name]
    address = filled(route, world)
    clients = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, client in clients.items():
        client.cookies = SimpleCookie(people[role].cookies.output(header="", sep=";"))
    failures: list[str] = []

    def attempt(role: str, method: str, where: str, pairs: list[tuple[str, str]]) -> None:
        answer = asked(clients[role], method, where, pairs)
        if answer.status_code >= 500:
            error = getattr(answer, "exc_info", None)
            failures.append(
                f"{role} {method} {where[:80]} {[(n, v[:30]) for n, v in pairs][:4]!a} {error and error[1]!r:.200}"
            )

    for method in ("get", "post"):
        let_in = parameters_of_roles_let_in(clients, method, address, monkeypatch)
        for role, names in islice(let_in, 2 if LONG else 1):
            for value in some(VALUES, name, 14):
                attempt(role, method, address, [(each, value) for each in names])
            for each in some(names, name, 1 + len(names) // 4) if len(names) > 1 else []:
                for value in some(VALUES, name + each, len(VALUES)):
                    attempt(role, method, address, [(each, value)])
    if PARAMETER.search(route):
        for value in some(VALUES, name, len(VALUES)):
            url = "/" + PARAMETER.sub(quote(value.encode("utf-8", "surrogatepass"), safe=""), route)
            for method in ("get", "post"):
                attempt("manager", method, url, [])
    assert failures == []
    assert Requisition.objects.exists()
    assert PurchaseOrder.objects.exists()
