"""Pictures and documents of items: who adds and takes away, what is kept of it, and who sees the files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attachments.models import Attachment
from audit.models import Entry
from catalog.events import Event
from catalog.models import DocumentKind, Item, ItemDocument, ItemPicture
from catalog.operations import illustrations
from catalog.permissions import ItemIsForItsManager
from catalog.states import ItemStatus
from core.models import StoredFile
from organizations.models import User
from tests.attachments import files
from tests.cast import NOW, TODAY, Cast, person
from tests.catalog.illustrating import document, photograph, picture, sheet
from tests.hostile.values import some
from tests.long import LONG
from tests.pages import signed_in
from tests.races import race

pytestmark = pytest.mark.usefixtures("at_nine")


def descriptions(item: Item) -> list[str]:
    return [each.description for each in item.pictures.standing().in_order()]


def test_pictures_have_an_order_and_one_can_be_put_first(cast: Cast) -> None:
    first, _second, third = (
        picture(cast, item=cast.gloves, width=width, description=text)
        for width, text in ((60, "a"), (61, "b"), (62, "c"))
    )
    assert descriptions(cast.gloves) == ["a", "b", "c"]
    illustrations.put_picture_first(picture=third, by=cast.deputy, at=NOW)
    illustrations.put_picture_first(picture=third, by=cast.deputy, at=NOW)
    assert descriptions(cast.gloves) == ["c", "a", "b"]
    illustrations.remove_picture(picture=first, by=cast.manager, at=NOW)
    assert descriptions(cast.gloves) == ["c", "b"]
    first.refresh_from_db()
    assert (first.removed_by, first.removed_at) == (cast.manager, NOW)
    picture(cast, item=cast.gloves, width=60, description="a igen")
    assert descriptions(cast.gloves) == ["c", "b", "a igen"]
    entries = Entry.objects.about(cast.gloves).values_list("event", "by_name")
    assert list(entries) == [
        *[(Event.PICTURE_ADDED, "Karin Sundblad")] * 3,
        (Event.PICTURE_PUT_FIRST, "Sofia Ekdahl"),
        (Event.PICTURE_REMOVED, "Karin Sundblad"),
        (Event.PICTURE_ADDED, "Karin Sundblad"),
    ]


def test_documents_are_of_a_kind_and_may_have_a_last_day(cast: Cast) -> None:
    proof = document(cast, item=cast.gloves, kind=DocumentKind.PROOF, valid_through=TODAY)
    safety = document(cast, item=cast.gloves)
    newer = document(cast, item=cast.gloves, text="y", at=NOW + timedelta(days=1))
    assert list(cast.gloves.documents.standing().in_order()) == [newer, safety, proof]
    assert proof.is_valid_on(TODAY)
    assert not proof.is_valid_on(TODAY + timedelta(days=1))
    assert safety.is_valid_on(TODAY + timedelta(days=9999))
    assert list(ItemDocument.objects.expired_on(TODAY + timedelta(days=1))) == [proof]
    illustrations.remove_document(document=proof, by=cast.manager, at=NOW)
    assert not ItemDocument.objects.expired_on(TODAY + timedelta(days=1)).exists()


def acts(cast: Cast) -> dict[str, Callable[[User], object]]:
    """Each act, on what is there."""
    item_picture = picture(cast, item=cast.gloves)
    behind = picture(cast, item=cast.gloves, width=65)
    item_document = document(cast, item=cast.gloves)
    return {
        "add_picture": lambda by: illustrations.add_picture(
            item=cast.gloves, file=photograph(66), description="x", by=by, at=NOW
        ),
        "put_picture_first": lambda by: illustrations.put_picture_first(picture=behind, by=by, at=NOW),
        "remove_picture": lambda by: illustrations.remove_picture(picture=item_picture, by=by, at=NOW),
        "add_document": lambda by: illustrations.add_document(
            item=cast.gloves, file=sheet("y"), kind=DocumentKind.PROOF, valid_through=None, by=by, at=NOW
        ),
        "remove_document": lambda by: illustrations.remove_document(document=item_document, by=by, at=NOW),
    }


def test_only_who_answers_for_the_category_changes_what_shows_an_item(cast: Cast) -> None:
    others = [
        cast.requester, cast.stranger, cast.budget_holder, cast.office_deputy, cast.controller, cast.head,
        cast.auditor, cast.administrator, person("ny.anstalld", "Ny", "Anställd"),
    ]  # fmt: skip
    by_name = acts(cast)
    before = (Entry.objects.count(), Attachment.objects.count(), StoredFile.objects.count())
    for act in by_name.values():
        for other in others:
            with pytest.raises(ItemIsForItsManager):
                act(other)
    assert (Entry.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == before
    for act in by_name.values():
        act(cast.deputy)


def test_what_is_taken_away_is_not_taken_away_again(cast: Cast) -> None:
    item_picture, item_document = picture(cast, item=cast.gloves), document(cast, item=cast.gloves)
    illustrations.remove_picture(picture=item_picture, by=cast.manager, at=NOW)
    illustrations.remove_document(document=item_document, by=cast.manager, at=NOW)
    for act in (
        lambda: illustrations.remove_picture(picture=item_picture, by=cast.manager, at=NOW),
        lambda: illustrations.put_picture_first(picture=item_picture, by=cast.manager, at=NOW),
        lambda: illustrations.remove_document(document=item_document, by=cast.manager, at=NOW),
    ):
        with pytest.raises(illustrations.FileIsTakenAway):
            act()


def test_an_item_has_each_picture_once_and_not_too_many(cast: Cast) -> None:
    for number in range(illustrations.MOST_PICTURES):
        picture(cast, item=cast.gloves, width=64 + number)
        if number == 0:
            with pytest.raises(illustrations.PictureIsThere):
                picture(cast, item=cast.gloves)
    with pytest.raises(illustrations.TooManyPictures):
        picture(cast, item=cast.gloves, width=99)
    assert picture(cast, item=cast.gown).position == 0


def test_a_proof_that_has_expired_is_not_added(cast: Cast) -> None:
    with pytest.raises(illustrations.ProofHasExpired):
        document(cast, item=cast.gloves, valid_through=TODAY - timedelta(days=1))
    for number in range(illustrations.MOST_DOCUMENTS):
        document(cast, item=cast.gloves, text=str(number))
    with pytest.raises(illustrations.TooManyDocuments):
        document(cast, item=cast.gloves, text="more")


def test_an_item_has_each_document_once_of_a_kind(cast: Cast) -> None:
    document(cast, item=cast.gloves)
    with pytest.raises(illustrations.DocumentIsThere):
        document(cast, item=cast.gloves, valid_through=TODAY)
    document(cast, item=cast.gloves, kind=DocumentKind.PROOF)
    document(cast, item=cast.gown)


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_picture_at_once_add_it_once(cast: Cast) -> None:
    results = race(
        *[lambda by=by: picture(cast, item=cast.gloves, by=by) for by in (cast.manager, cast.deputy)]
    )
    assert sorted(type(result).__name__ for result in results) == ["ItemPicture", "PictureIsThere"]


def test_who_took_a_picture_away_is_known_and_two_are_never_first(cast: Cast) -> None:
    first, behind = picture(cast, item=cast.gloves), picture(cast, item=cast.gloves, width=65)
    for change in ({"removed_at": NOW}, {"position": behind.position}, {"description": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemPicture.objects.filter(pk=first.pk).update(**change)


def opened(client: Client, name: str, key: object) -> Any:
    return client.get(reverse(f"attachments:{name}", args=[key]))


ROLES = (
    "requester", "colleague", "stranger", "budget_holder", "manager", "deputy", "office_deputy", "head",
    "controller", "auditor", "administrator",
)  # fmt: skip
IN_REACH = {"manager", "deputy", "head", "controller", "auditor"}
"""Who sees an item that the catalogue does not show: those who answer for it, and those who see the region."""


STATUSES = (ItemStatus.STANDARD, ItemStatus.BLOCKED, ItemStatus.PROPOSED, ItemStatus.RETIRED)


@pytest.mark.parametrize("status", STATUSES)
def test_a_file_is_seen_by_whoever_sees_its_item(cast: Cast, status: ItemStatus) -> None:
    """An ordinary run lets each role ask for one of the files, another than in the next status; a long run for all."""
    item_picture, item_document = picture(cast, item=cast.gloves), document(cast, item=cast.gloves)
    Item.objects.filter(pk=cast.gloves.pk).update(
        status=status, blocked_reason="Återkallad" if status == ItemStatus.BLOCKED else ""
    )
    clients = {role: signed_in(getattr(cast, role)) for role in ROLES}
    everybody = set(ROLES) if status in (ItemStatus.STANDARD, ItemStatus.BLOCKED) else IN_REACH
    turn = STATUSES.index(status)
    for number, (name, key) in enumerate(
        (
            ("attachment", item_picture.attachment.key),
            ("small", item_picture.attachment.key),
            ("attachment", item_document.attachment.key),
        )
    ):
        asking = {role for place, role in enumerate(ROLES) if LONG or (place + number + turn) % 3 == 0}
        viewers = {role for role in asking if opened(clients[role], name, key).status_code == 200}
        assert viewers == everybody & asking, name
    illustrations.remove_picture(picture=item_picture, by=cast.manager, at=NOW)
    illustrations.remove_document(document=item_document, by=cast.manager, at=NOW)
    for role in some(ROLES, status):
        for key in (item_picture.attachment.key, item_document.attachment.key):
            assert opened(clients[role], "attachment", key).status_code == 404, role


def test_nobody_who_is_not_signed_in_is_shown_a_file(cast: Cast) -> None:
    item_picture = picture(cast, item=cast.gloves)
    answer = opened(Client(), "attachment", item_picture.attachment.key)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/logga-in/")


def test_a_picture_of_the_catalogue_is_shown_in_place_and_may_be_kept(cast: Cast) -> None:
    item_picture = picture(cast, item=cast.gloves)
    client = signed_in(cast.stranger)
    answer = opened(client, "attachment", item_picture.attachment.key)
    assert answer["Content-Type"] == "image/webp"
    assert answer.content[8:12] == b"WEBP"
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["Content-Disposition"] == 'inline; filename="Bild.webp"'
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert len(opened(client, "small", item_picture.attachment.key).content) < len(answer.content) + 500
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.PROPOSED)
    response = opened(signed_in(cast.manager), "attachment", item_picture.attachment.key)
    assert response["Cache-Control"] == "private, no-store"


def test_a_document_is_saved_as_a_file_and_never_kept(cast: Cast) -> None:
    item_document = document(cast, item=cast.gloves)
    client = signed_in(cast.requester)
    answer = opened(client, "attachment", item_document.attachment.key)
    assert b"".join(answer.streaming_content) == files.pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Blad.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert opened(client, "small", item_document.attachment.key).status_code == 404
    assert (
        client.post(reverse("attachments:attachment", args=[item_document.attachment.key])).status_code == 405
    )


def test_a_picture_is_handed_out_with_few_questions(cast: Cast) -> None:
    item_picture = picture(cast, item=cast.gloves)
    client = signed_in(cast.requester)
    opened(client, "small", item_picture.attachment.key)
    with CaptureQueriesContext(connection) as queries:
        opened(client, "small", item_picture.attachment.key)
    # Session, person; the attachment, the owner's link, the bytes; and what every page asks of a signed-in person.
    assert len(queries) <= 7, [each["sql"][:90] for each in queries]
