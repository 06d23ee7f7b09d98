"""What is over is forgotten once a day, in one place, and how much is written down."""

import io
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from assortment.models import MissedSearch
from config import cleaning
from config.tasks import clean
from core.models import RoutineRun, StoredFile
from organizations.models import ApiToken, KeyScope, Session
from organizations.operations import api_tokens, guessing
from provisioning.operations.keys import create_directory_key
from provisioning.operations.messages import note_refusal
from registers.models import Change, Import
from tests.cast import Cast
from tests.pages import signed_in

pytestmark = pytest.mark.django_db


def an_import(at: datetime, *, applied: bool) -> Import:
    new_import = Import.objects.create(
        register_name="departments",
        file_name="enheter.csv",
        file=StoredFile.objects.keep(io.BytesIO(b"x"), forget_after=at + timedelta(days=90)),
        requested_at=at,
        status="done",
        applied_at=at if applied else None,
    )
    Change.objects.create(of_import=new_import, key="1")
    return new_import


def test_everything_that_is_over_is_forgotten_and_counted(cast: Cast) -> None:
    at = timezone.now()
    old, late = at - timedelta(days=91), at - timedelta(days=89)
    for person in (cast.requester, cast.manager):
        signed_in(person)
    Session.objects.filter(person=cast.requester).update(expire_date=at - timedelta(minutes=1))
    guessing.count_attempt(guessing.Attempt("anna", "192.0.2.1"), at=at - timedelta(days=2))
    guessing.count_attempt(guessing.Attempt("eva", "192.0.2.2"), at=at - timedelta(hours=1))
    for name, expiry in (("ended", old), ("just ended", late), ("valid", at + timedelta(days=1))):
        api_tokens.create_token(
            user=cast.requester, name=name, days=1, scope=KeyScope.READ, by=cast.requester, at=at
        )
        ApiToken.objects.filter(name=name).update(expiry=expiry)
    forgotten, applied, recent = (
        an_import(old, applied=False),
        an_import(old, applied=True),
        an_import(late, applied=False),
    )

    key, _text = create_directory_key(name="x", directory="region", days=1, by=None, at=at)
    for told_at in (at - timedelta(days=31), at - timedelta(days=29)):
        note_refusal(key=key, label="x", detail="y", at=told_at)

    for text, last_at in (("xylofon", at - timedelta(days=366)), ("marimba", old), ("gonggong", late)):
        search = MissedSearch.objects.create(text=text, first_at=last_at, last_at=last_at)
        if text != "xylofon":
            search.seekers.create(digest=text, last_at=last_at)

    run = cleaning.clean(at=at)
    assert run.counts == {
        "seekers": 1,
        "searches": 1,
        "sessions": 1,
        "sign_in_attempts": 2,
        "api_keys": 1,
        "directory_messages": 1,
        "notices": 0,
        "import_files": 2,
        "register_lists": 0,
        "import_differences": 1,
    }
    assert run.faults == {}
    assert [each.person for each in Session.objects.all()] == [cast.manager]
    assert set(cast.requester.api_tokens.values_list("name", flat=True)) == {"just ended", "valid"}
    assert [each.changes.count() for each in (forgotten, applied, recent)] == [0, 1, 1]
    assert [each.file.parts.count() for each in (forgotten, applied, recent)] == [0, 0, 1]
    assert cleaning.clean(at=at).counts == dict.fromkeys(run.counts, 0)


def test_one_fault_stops_no_other() -> None:
    at = timezone.now()

    def fails(*, at: datetime) -> int:
        raise ValueError("Anna Ek")

    run = cleaning.clean(at=at, acts={"first": fails, "second": lambda *, at: 3})
    assert (run.counts, run.faults) == ({"second": 3}, {"first": "ValueError"})
    assert cleaning.is_due(at)


def test_cleaning_is_done_once_a_day_whenever_the_clock_is_there() -> None:
    clean()
    clean()
    (run,) = RoutineRun.objects.all()
    assert not cleaning.is_due(run.ended_at + timedelta(hours=22, minutes=59))
    assert cleaning.is_due(run.ended_at + timedelta(hours=23))
    RoutineRun.objects.update(
        began_at=run.began_at - timedelta(days=2), ended_at=run.ended_at - timedelta(days=2)
    )
    clean()
    assert RoutineRun.objects.count() == 2
