"""A basket that is sent carries what its sender typed, also when the same person types in another window."""

import threading
from typing import Any

import pytest

from catalog.models import Item
from catalog.states import ItemStatus
from tests import worlds
from tests.cast import Cast
from tests.pages import signed_in
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


def form(cast: Cast, reason: str) -> dict[str, Any]:
    return {
        "cost_center": cast.ward.cost_center,
        "activity": cast.activity.code,
        "account": "",
        "project": "",
        "delivery_place": cast.place.pk,
        "needed_by_date": "2021-05-25",
        "reason": reason,
    }


@pytest.mark.usefixtures("at_nine")
def test_two_windows_never_exchange_their_reasons(cast: Cast) -> None:
    """One window saves while the other sends; what is sent has the sender's own reason."""
    for number in range(6):
        basket = worlds.basket(cast)
        sender, typist, over = signed_in(cast.requester), signed_in(cast.requester), threading.Event()

        def keep_typing(typist: Any = typist, over: threading.Event = over) -> None:
            while not over.is_set():
                typist.post("/korg/uppgifter/", form(cast, "Det andra fönstret"))

        def send(sender: Any = sender, over: threading.Event = over, number: int = number) -> Any:
            try:
                return sender.post("/korg/", form(cast, f"Avsändarens {number}"))
            finally:
                over.set()

        answer, _nothing = race(send, keep_typing)
        assert answer.status_code == 302, answer
        basket.refresh_from_db()
        assert basket.submitted_at is not None
        assert basket.reason == f"Avsändarens {number}"


@pytest.mark.usefixtures("at_nine")
def test_refused_submission_saves_nothing(cast: Cast) -> None:
    basket = worlds.basket(cast)
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad")
    answer = signed_in(cast.requester).post("/korg/", form(cast, "Ett annat skäl"))
    assert answer.status_code in (409, 422)
    basket.refresh_from_db()
    assert (basket.submitted_at, basket.reason) == (None, "Veckobehov")
