"""Kom igång and Är vi redo? ask the registers together, however many there are."""

import pytest
from pytest_django import DjangoAssertNumQueries

from office.readiness import holes_on
from office.steps import PLANS
from registers.register import REGISTERS
from tests.cast import TODAY, Cast
from tests.pages import signed_in


@pytest.mark.usefixtures("at_nine")
def test_the_pages_ask_once_for_all_registers_and_checks(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    holes = len(holes_on(TODAY))
    client = signed_in(cast.manager)
    for page in ("/kom-igang/", "/kom-igang/ar-vi-redo/"):
        with django_assert_max_num_queries(12 + holes):
            client.get(page)


def test_every_register_stands_in_a_step() -> None:
    names = [name for plan in PLANS for name in plan.registers]
    assert sorted(names) == sorted(REGISTERS)
