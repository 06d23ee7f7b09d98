"""Every link that a person is shown leads somewhere for her: one of each kind is followed, from her first page on."""

from collections import deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from procurement.models import Severity
from procurement.operations.recalls import recall
from tests import worlds
from tests.assortment import worlds as assortment
from tests.cast import NOW, TODAY, Cast
from tests.governance import worlds as governance
from tests.long import takes_long
from tests.pages import signed_in
from tests.procurement.test_award_records import record_of

ASKED = {"requester", "manager", "head", "administrator"}
"""Whose first pages have least in common; `make test-long` follows what the others are shown as well."""
ROLES = ASKED | {"colleague", "budget_holder", "deputy", "controller", "auditor"}
HERE = "http://testserver"
FOLLOWED = "//a/@href | //img/@src | //*/@hx-get"


@pytest.fixture
def region(cast: Cast) -> Cast:
    """Something of most that there is."""
    worlds.received(cast, (cast.gown, 4))
    worlds.ordered(cast, (cast.gloves, 1))
    worlds.submitted(cast, (cast.gloves, 2))
    worlds.submitted(cast, (cast.chair, 5))
    worlds.basket(cast)
    record_of(cast)
    assortment.proposed(cast)
    governance.assignment(cast)
    recall(item=cast.gown, reason="x", severity=Severity.REMOVE, since_date=TODAY, by=cast.manager, at=NOW)
    return cast


def links(address: str, content: bytes) -> Iterator[str]:
    """The addresses within the program that a page leads to, without where on the page."""
    if not content.strip():
        return
    for link in html.fromstring(content.decode()).xpath(FOLLOWED):
        target = urlsplit(urljoin(HERE + address, str(link)))
        if target.netloc == "testserver":
            yield target.path + (f"?{target.query}" if target.query else "")


def kind_of(address: str) -> tuple[object, ...]:
    """Which page it is, each register's by itself, and by which parameters; what is no page of ours is a kind of its own."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return (parts.path,)
    page = match.view_name, match.kwargs.get("name", "") if match.view_name == "registers:rows" else ""
    return *page, *sorted(name for name, _value in parse_qsl(parts.query, keep_blank_values=True))


@pytest.mark.usefixtures("at_nine")
@pytest.mark.parametrize(
    "role", [*sorted(ASKED), *(pytest.param(role, marks=takes_long) for role in sorted(ROLES - ASKED))]
)
def test_every_link_leads_somewhere(region: Cast, role: str) -> None:
    client: Client = signed_in(getattr(region, role))
    ahead, kinds, dead = deque([("/", "")]), {kind_of("/")}, []
    while ahead:
        address, shown_on = ahead.popleft()
        answer = client.get(address, follow=True)
        if answer.status_code >= 400:
            dead.append(f"{answer.status_code} {address} on {shown_on}")
            continue
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            list(answer)
            continue
        final = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        for target in links(final, answer.content):
            if (kind := kind_of(target)) not in kinds and not target.startswith("/static/"):
                kinds.add(kind)
                ahead.append((target, address))
    assert dead == []
    assert len(kinds) > 20
