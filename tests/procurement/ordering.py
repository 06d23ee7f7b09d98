"""Ordering as an orderer's browser does it."""

from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.pages import Answer

HTMX = {"HX-Request": "true"}


def details(cast: Cast, **changes: object) -> dict[str, object]:
    """The basket's form, filled in."""
    return {
        "account": "",
        "cost_center": "2140",
        "activity": "512",
        "project": "",
        "delivery_place": cast.place.pk,
        "needed_by_date": "2021-05-25",
        "reason": "Veckobehov",
        **changes,
    }


def add(client: Client, number: str, quantity: object = 6, **more: object) -> Answer:
    """Press "Lägg till"."""
    return client.post(reverse("shop:basket_add"), {"item": number, "quantity": quantity, **more})
