"""Whose program it is stands on pages, in letters and in the report, and is never another region's."""

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from organizations.models import Authority
from organizations.region import authority_name, region_name
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    authority_name.cache_clear()
    yield
    authority_name.cache_clear()


def test_the_setting_says_it(settings: Settings) -> None:
    settings.REGION_NAME = "Region Halland"
    assert region_name() == "Region Halland"


def test_without_the_setting_the_register_does(client: Client, settings: Settings) -> None:
    settings.REGION_NAME = ""
    Authority.objects.create(name="Region Jämtland Härjedalen", org_number="232100-0214")
    page = text_of(client.get("/logga-in/"))
    assert "Region Jämtland Härjedalen" in page
    assert "Gotland" not in page


def test_an_empty_region_is_called_nothing_else(client: Client, settings: Settings) -> None:
    settings.REGION_NAME = ""
    assert region_name() == "regionen"
    assert "Gotland" not in text_of(client.get("/logga-in/"))
    assert "Regionen är personuppgiftsansvarig." in text_of(client.get("/personuppgifter/"))
