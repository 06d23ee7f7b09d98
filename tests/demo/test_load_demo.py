"""The demo region is loaded once, into an empty demo database, and is the same for the same day."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from catalog.models import Item
from categories.models import Agreement, CategoryAssignment
from demo import data
from demo.models import Loading
from demo.operations.loading import AlreadyLoaded, NotADemo, NotEmpty, TooEarly, load_demo
from organizations.models import User
from reporting.models import PurchaseHistoryLine

TODAY = date(2026, 5, 18)
AT = datetime(2026, 5, 18, 8, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_load_demo_fills_the_registers_and_is_refused_the_second_time() -> None:
    load_demo(today=TODAY, at=AT)
    assert Item.objects.count() == len(data.items())
    assert CategoryAssignment.objects.count() == len(data.categories())
    assert Agreement.objects.get(number="RA 2020-316").committed_amount > 0
    assert PurchaseHistoryLine.objects.filter(delivered_date__year=2020).count() > 10_000
    assert User.objects.get(email="elin.bergvall@gotland.example").check_password("rauk-demo")
    assert not User.objects.get(email="maria.thun@gotland.example").has_usable_password()
    with pytest.raises(AlreadyLoaded):
        load_demo(today=TODAY, at=AT)


@pytest.mark.django_db
def test_load_demo_outside_a_demo(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(NotADemo):
        load_demo(today=TODAY, at=AT)
    with pytest.raises(CommandError, match="inte en demo"):
        call_command("load_demo")
    assert not Loading.objects.exists()


@pytest.mark.django_db
def test_load_demo_into_a_database_in_use() -> None:
    User.objects.create_user("nagon@region.example", first_name="Någon", last_name="Verklig")
    with pytest.raises(NotEmpty):
        load_demo(today=TODAY, at=AT)
    assert not Loading.objects.exists()
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_load_demo_before_the_present_can_begin() -> None:
    with pytest.raises(TooEarly):
        load_demo(today=date(2020, 6, 1), at=AT)
