"""Somebody with an account and no role is told what she lacks, or from when she has it."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from organizations.models import Membership, Role
from tests.cast import TODAY, Cast, person
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_who_has_no_role_is_told_whom_to_ask(cast: Cast) -> None:
    page = text_of(signed_in(person("ny", "Nora", "Ny")).get("/", follow=True))
    assert "Du har ingen roll i Rauk än, så du kan se katalogen men inte beställa." in page


def test_who_has_one_to_come_is_told_when(cast: Cast) -> None:
    nora = person("ny", "Nora", "Ny")
    to_come = DateRange(TODAY + timedelta(days=13), None)
    Membership.objects.create(user=nora, role=Role.REQUESTER, department=cast.ward, valid_during=to_come)
    client = signed_in(nora)
    page = text_of(client.get("/katalog/"))
    assert f"Du blir beställare för {cast.ward} måndag 31 maj 2021. Tills dess kan du se katalogen" in page
    Membership.objects.filter(user=nora).update(role=Role.AUDITOR, department=None)
    assert "Du blir revisor måndag 31 maj 2021." in text_of(client.get("/katalog/"))


def test_nobody_else_is_told(cast: Cast) -> None:
    for each in (cast.requester, cast.manager, cast.deputy, cast.controller, cast.administrator):
        page = text_of(signed_in(each).get("/katalog/"))
        assert "ingen roll" not in page
        assert "Tills dess" not in page
