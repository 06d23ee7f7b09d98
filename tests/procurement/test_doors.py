"""Every door that offers a price offers only what the department may use, that day, from a supplier that gets orders."""

import ast
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from catalog.models import Price
from catalog.operations import department_favourites, favourites
from procurement.models import RequisitionLine
from procurement.operations import requisitions
from procurement.operations.filling import Wish
from procurement.operations.templates import TemplateFacts, make_template
from tests import worlds
from tests.api.clients import Program
from tests.cast import ALWAYS, NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.events import (
    agreement_closed_to_us,
    agreement_ended,
    agreement_terminated,
    supplier_blocked,
)
from tests.repository import code

pytestmark = pytest.mark.usefixtures("at_nine")

PAGES = {
    "catalogue": "/katalog/?q=handske",
    "item": "/katalog/104412/",
    "row": "/katalog/104412/rad/",
    "favourites": "/favoriter/",
    "template": "/mallar/{template}/",
}
"""What an orderer opens."""


@pytest.fixture
def world(cast: Cast) -> dict[str, int]:
    """Gloves at a price that nothing else has, wherever an orderer or a manager may meet them."""
    Price.objects.filter(item=cast.gloves).update(unit_price="1234.5")
    facts: dict[str, Any] = {"by": cast.requester, "at": NOW}
    favourites.add(item=cast.gloves, **facts)
    department_favourites.add(department=cast.ward, item=cast.gloves, **facts)
    template = make_template(
        department=cast.ward, facts=TemplateFacts("Veckan"), wishes=[Wish(cast.gloves, Decimal(1))], **facts
    )
    basket = worlds.basket(cast, (cast.gown, 1))
    worlds.free_text_in(cast, basket, "Undersökningshandske nitril puderfri blå", category=cast.medical)
    requisitions.submit(basket=basket, **facts)
    return {"template": template.pk}


def doors_with_the_price(cast: Cast, world: dict[str, int], program: Program) -> set[str]:
    """The doors that tell the price."""
    orderer, manager = signed_in(cast.requester), signed_in(cast.manager)
    text_by_door = {name: text_of(orderer.get(address.format(**world))) for name, address in PAGES.items()}
    text_by_door["item"] = text_by_door["item"].partition("Hur har priset ändrats?")[
        0
    ]  # what was is no offer
    line = RequisitionLine.objects.get(kind="free_text")
    similar = [group.similar_price for group in manager.get("/ko/").context["groups"]]
    text_by_door["queue"] = str([price.unit_price for price in similar if price])
    text_by_door["line"] = text_of(manager.get(f"/rader/{line.pk}/"))
    for name, address in (
        ("api", "items/search/?q=handske"),
        ("api item", "items/104412/"),
        ("api kept", "favourites/"),
    ):
        text_by_door[name] = str(program.get(address).data)
    return {name for name, text in text_by_door.items() if "1 234,50" in text or "1234.5" in text}


GONE: list[Callable[[Cast], None]] = [
    agreement_closed_to_us,
    agreement_ended,
    agreement_terminated,
    supplier_blocked,
]


def test_what_may_not_be_used_is_offered_at_no_door(cast: Cast, world: dict[str, int]) -> None:
    program = Program(cast.requester)
    doors = {*PAGES, "queue", "line", "api", "api item", "api kept"}
    assert doors_with_the_price(cast, world, program) == doors
    for happen in GONE:
        with transaction.atomic():
            happen(cast)
            assert doors_with_the_price(cast, world, program) == set(), happen.__name__
            transaction.set_rollback(True)
    assert doors_with_the_price(cast, world, program) == doors


def test_a_line_is_above_agreement_only_when_the_agreement_is_for_its_department(cast: Cast) -> None:
    """The flag of the queue, its number among the filters, and the panel say the same."""
    Price.objects.create(
        item=cast.gloves, agreement=None, supplier=cast.paper_supplier, unit_price=99,
        valid_during=ALWAYS, minimum_quantity=1,
    )  # fmt: skip
    line = worlds.line(cast, (cast.gloves, 10))

    def told() -> tuple[bool, bool]:
        page = signed_in(cast.manager).get(f"/ko/?rad={line.pk}")
        (row,) = [row for group in page.context["groups"] for row in group.rows if row.line.pk == line.pk]
        return any("över avtal" in str(flag) for flag in row.flags), "Avtalspriset är" in text_of(page)

    Price.objects.filter(item=cast.gloves, agreement=cast.agreement).update(unit_price=50)
    assert told() == (True, True)
    for happen in GONE:
        with transaction.atomic():
            happen(cast)
            assert told() == (False, False), happen.__name__
            transaction.set_rollback(True)


def test_whoever_asks_for_prices_says_for_whom() -> None:
    """A call that names no administrations offers what the department may not use."""
    silent = [
        f"{code.name(path)}:{node.lineno}"
        for path in code.mentioning("offers", "best_prices")
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"offers", "best_prices"}
        and "administrations" not in {keyword.arg for keyword in node.keywords}
    ]
    assert silent == []
