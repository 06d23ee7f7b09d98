"""What a person keeps of her queue: what she has seen, and her views by name."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from procurement.models import RequisitionLine, SavedQueue, SeenLine
from procurement.operations import queues
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.deciding import approve

LATER = NOW + timedelta(hours=1)


def names(cast: Cast) -> list[str]:
    return [each.name for each in SavedQueue.objects.visible_to(cast.manager).in_order()]


def test_see_remembers_what_waits_for_her_and_forgets_what_is_decided(cast: Cast) -> None:
    first, second = worlds.line(cast), worlds.line(cast)
    assert queues.mark_seen(lines=[first, second], by=cast.manager, at=NOW) == 2
    assert queues.mark_seen(lines=[first], by=cast.manager, at=LATER) == 1
    seen_at_by_line = {each.line_id: each.seen_at for each in SeenLine.objects.visible_to(cast.manager)}
    assert seen_at_by_line == {first.pk: LATER, second.pk: NOW}
    approve(second, cast.manager)
    queues.mark_seen(lines=[first], by=cast.manager, at=LATER)
    assert [each.line for each in SeenLine.objects.all()] == [first]
    assert not Entry.objects.filter(event__startswith="line.seen").exists()


@pytest.mark.parametrize("actor", ["requester", "deputy", "stranger", "auditor"])
def test_see_leaves_out_what_does_not_wait_for_the_person(cast: Cast, actor: str) -> None:
    assert queues.mark_seen(lines=[worlds.line(cast)], by=getattr(cast, actor), at=NOW) == 0
    assert not SeenLine.objects.exists()


def test_see_asks_as_much_for_many_as_for_one(cast: Cast, django_assert_max_num_queries: object) -> None:
    lines = list(RequisitionLine.objects.filter(pk__in=[worlds.line(cast).pk for _each in range(6)]))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        queues.mark_seen(lines=lines, by=cast.manager, at=NOW)


def test_save_rename_and_remove(cast: Cast) -> None:
    saved = queues.keep(name="  Bara   fritext ", query="visa=fritext", by=cast.manager, at=NOW)
    queues.keep(name="Åtta", query="grupp=enhet", by=cast.manager, at=NOW)
    assert names(cast) == ["Bara fritext", "Åtta"]
    assert not SavedQueue.objects.visible_to(cast.deputy).exists()
    queues.rename(saved=saved, name="Öppet", by=cast.manager)
    assert names(cast) == ["Åtta", "Öppet"]
    queues.rename(saved=saved, name="öppet", by=cast.manager)
    queues.remove(saved=saved, by=cast.manager)
    assert names(cast) == ["Åtta"]


def test_save_what_cannot_be_saved_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(queues.NameMissing):
        queues.keep(name="  ", query="visa=fritext", by=cast.manager, at=NOW)
    with pytest.raises(queues.NothingToSave):
        queues.keep(name="Allt", query="", by=cast.manager, at=NOW)
    saved = queues.keep(name="Fritext", query="visa=fritext", by=cast.manager, at=NOW)
    with pytest.raises(queues.NameIsTaken):
        queues.keep(name="FRITEXT", query="visa=svar", by=cast.manager, at=NOW)
    assert queues.keep(name="Fritext", query="visa=fritext", by=cast.deputy, at=NOW).person == cast.deputy
    monkeypatch.setattr(queues, "MOST_SAVED", 1)
    with pytest.raises(queues.TooManySaved):
        queues.keep(name="Svar", query="visa=svar", by=cast.manager, at=NOW)
    assert list(SavedQueue.objects.visible_to(cast.manager)) == [saved]


def test_somebody_elses_view_is_left_alone(cast: Cast) -> None:
    saved = queues.keep(name="Fritext", query="visa=fritext", by=cast.manager, at=NOW)
    with pytest.raises(queues.NotYourView):
        queues.rename(saved=saved, name="Min", by=cast.deputy)
    with pytest.raises(queues.NotYourView):
        queues.remove(saved=saved, by=cast.deputy)
    assert names(cast) == ["Fritext"]


def test_the_database_keeps_one_of_a_name_and_one_moment_a_line(cast: Cast) -> None:
    queues.keep(name="Fritext", query="visa=fritext", by=cast.manager, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedQueue.objects.create(person=cast.manager, name="fritext", query="visa=svar", saved_at=NOW)
    line = worlds.line(cast)
    queues.mark_seen(lines=[line], by=cast.manager, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeenLine.objects.create(person=cast.manager, line=line, seen_at=NOW)
