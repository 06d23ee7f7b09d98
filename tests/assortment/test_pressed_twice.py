"""The same proposal asked for twice is one; another with the same key is not taken for it."""

from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assortment.models import Proposal
from catalog.models import Item
from core.errors import KeyIsTaken
from core.keys import KeyHasOtherContent
from tests.api.clients import Program
from tests.assortment import worlds
from tests.assortment.test_pages import WISH
from tests.attachments.files import pdf
from tests.cast import Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")
KEY = UUID("7d1f3a52-3a3c-4f0e-9a53-0d8f1f6f0001")


def test_a_double_press_is_one_proposal(cast: Cast) -> None:
    client = signed_in(cast.requester)
    key = client.get("/forslag/nytt/").context["form"]["key"].value()
    first, again = (
        client.post(
            "/forslag/nytt/", {**WISH, "key": str(key), "documents": [SimpleUploadedFile("a.pdf", pdf())]}
        )
        for _press in range(2)
    )
    proposal = Proposal.objects.get()
    assert first["Location"] == again["Location"] == f"/forslag/{proposal.pk}/"
    assert proposal.files.count() == 1


def test_another_proposal_in_the_same_form_is_asked_about_and_then_made(cast: Cast) -> None:
    client, other = signed_in(cast.requester), {**WISH, "title": "En annan"}
    client.post("/forslag/nytt/", {**WISH, "key": str(KEY)})
    answer = client.post("/forslag/nytt/", {**other, "key": str(KEY)})
    assert answer.status_code == 422
    assert "Det första förslaget är redan lämnat." in text_of(answer)
    assert Proposal.objects.count() == 1
    client.post("/forslag/nytt/", {**other, "key": answer.context["form"]["key"].value()})
    assert Proposal.objects.count() == 2


def test_the_key_of_another_person_and_of_another_wish_are_refused(cast: Cast) -> None:
    proposal = worlds.proposed(cast, key=KEY)
    assert worlds.proposed(cast, key=KEY) == proposal
    with pytest.raises(KeyIsTaken):
        worlds.proposed(cast, key=KEY, by=cast.colleague)
    with pytest.raises(KeyHasOtherContent):
        worlds.proposed(cast, key=KEY, title="En annan")
    assert worlds.proposed(cast, key=uuid4()) != proposal


def test_a_program_that_asks_again_is_given_the_first(cast: Cast) -> None:
    wish = {"kind": "item", "title": "Mjukare handske", "reason": "Eksem", "key": str(KEY)}
    program = Program(cast.requester)
    first, again = (program.post("proposals/", **wish) for _time in range(2))
    assert first.data["id"] == again.data["id"]
    assert Proposal.objects.count() == 1


def test_an_item_that_is_named_twice_is_one(cast: Cast) -> None:
    number = cast.gloves.number
    answer = Program(cast.requester).post(
        "proposals/", kind="removal", title="Handsken", reason="Ingen använder den.", items=[number, number]
    )
    assert answer.status_code == 201, answer.data
    assert [each["item"]["number"] for each in answer.data["items"]] == [number]


def test_what_has_left_already_is_not_taken_out_again(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(status="retired")
    wish = {**WISH, "kind": "removal", "number": cast.gloves.number}
    answer = signed_in(cast.requester).post("/forslag/nytt/", wish)
    assert answer.status_code == 409
    assert f"{cast.gloves} har redan utgått ur sortimentet." in text_of(answer)
    assert not Proposal.objects.exists()


def test_a_number_beside_a_new_item_is_asked_about(cast: Cast) -> None:
    """It would otherwise be lost without a word."""
    client, wish = signed_in(cast.requester), {**WISH, "kind": "item", "number": cast.gloves.number}
    answer = client.post("/forslag/nytt/", wish)
    assert answer.status_code == 422
    assert "Ska artikeln bytas eller tas bort? Välj det, eller ta bort numret." in text_of(answer)
    assert not Proposal.objects.exists()
