"""An item's prices over time are those that were, are or will be asked of this department: the newest is the one at the top."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, AgreementAdministration, AgreementSupplier, CallOffMethod
from agreements.states import AgreementStatus
from catalog.models import Price
from desk.price_curves import price_curves
from organizations.models import Administration
from tests import worlds
from tests.cast import ALWAYS, TODAY, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def other_agreement(cast: Cast, **facts: Any) -> Agreement:
    """Another agreement about the same, with another supplier."""
    return Agreement.objects.create(
        **{
            "number": "RA 2021-999",
            "title": "Nästa avtal",
            "category": cast.gloves_category,
            "supplier": cast.paper_supplier,
            "procedure": "open",
            "ceiling_amount": Decimal(1000),
            "valid_during": DateRange(TODAY - timedelta(days=30), TODAY + timedelta(days=700)),
        }
        | facts
    )


def priced(cast: Cast, agreement: Agreement, unit_price: str, **facts: Any) -> Price:
    """What its supplier asks for gloves."""
    return Price.objects.create(
        **{
            "item": cast.gloves,
            "agreement": agreement,
            "supplier": cast.paper_supplier,
            "valid_during": ALWAYS,
        }
        | facts,
        unit_price=Decimal(unit_price),
    )


def page_of(cast: Cast) -> str:
    return text_of(signed_in(cast.requester).get("/katalog/104412/"))


@pytest.mark.parametrize("status", [AgreementStatus.DRAFT, AgreementStatus.DECIDED])
def test_what_is_offered_under_an_agreement_that_is_not_signed_is_not_told(
    cast: Cast, status: AgreementStatus
) -> None:
    """Nobody is promised it, and bids are secret until the award."""
    draft = other_agreement(cast, status=status)
    priced(cast, draft, "41.11")
    priced(cast, draft, "42.22", minimum_quantity=2)
    assert "41,11" not in page_of(cast)
    Price.objects.filter(agreement=draft).update(valid_during=DateRange(TODAY + timedelta(days=30), None))
    page = page_of(cast)
    assert "41,11" not in page
    assert "är priset" not in page


def test_the_manager_sees_no_curve_of_what_is_not_signed(cast: Cast) -> None:
    priced(cast, other_agreement(cast, status=AgreementStatus.DRAFT), "41.11")
    line = worlds.line(cast, (cast.gloves, 40))
    page = text_of(signed_in(cast.manager).get(f"/ko/?rad={line.pk}"))
    assert "41,11" not in page
    curve = price_curves(Price.objects.signed().select_related("agreement", "supplier"), day=TODAY)
    assert curve[cast.gloves.pk].steps == (Decimal(58),)


def test_of_suppliers_in_rank_the_first_is_told(cast: Cast) -> None:
    """The second is cheaper, and is asked only when the first cannot."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(call_off_method=CallOffMethod.RANKING)
    AgreementSupplier.objects.create(agreement=cast.agreement, supplier=cast.paper_supplier, rank=2)
    priced(cast, cast.agreement, "41.11")
    page = page_of(cast)
    assert "58,00 kr" in page
    assert "41,11" not in page.split("Hur har priset ändrats?")[1].split("<h2")[0]


def test_what_another_administration_pays_is_not_told(cast: Cast) -> None:
    other = Administration.objects.create(name="Kulturförvaltningen", authority=cast.authority)
    agreement = other_agreement(cast)
    AgreementAdministration.objects.create(agreement=agreement, administration=other)
    priced(cast, agreement, "41.11")
    assert "41,11" not in page_of(cast)
