"""
Remember what a person has seen of her queue, and keep her views of it under names.

Nothing is recorded in the trail and nobody is told: it decides nothing and is her own.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, NotPermitted, WrongState
from core.transactions import operation
from core.verdicts import PERMITTED, Verdict, refused, require
from organizations.models import User
from procurement.models import RequisitionLine, SavedQueue, SeenLine

MOST_SAVED = 12


class NameMissing(InvalidInput):
    """A saved view has a name."""

    code = "saved_queue_name_missing"
    sentence = _("Ge vyn ett namn.")


class NothingToSave(InvalidInput):
    """The whole queue, gathered as usual, needs no name."""

    code = "saved_queue_is_the_usual"
    sentence = _("Välj först vad kön ska visa eller grupperas efter.")


class NameIsTaken(WrongState):
    """Her views have different names."""

    code = "saved_queue_name_taken"
    sentence = _("Du har redan en vy som heter %(name)s.")


class TooManySaved(WrongState):
    """A row of names that has to be searched is no longer at hand."""

    code = "too_many_saved_queues"
    sentence = _("Du har redan %(most)s vyer. Ta bort någon först.")


class NotYourView(NotPermitted):
    """A view is its owner's alone."""

    code = "not_your_saved_queue"
    sentence = _("Vyn är någon annans.")


@operation
def mark_seen(*, lines: Sequence[RequisitionLine], by: User, at: datetime) -> int:
    """
    Remember that the person has now seen these lines of her queue; what does not wait for her is left out.

    What she has seen of lines that are decided since is forgotten.

    :returns: how many lines are remembered.
    """
    _lock(by)
    waiting = RequisitionLine.objects.in_queue_of(by, timezone.localdate(at))
    ids = list(waiting.filter(pk__in=[line.pk for line in lines]).order_by("pk").values_list("pk", flat=True))
    SeenLine.objects.bulk_create(
        [SeenLine(person=by, line_id=pk, seen_at=at) for pk in ids],
        update_conflicts=True,
        unique_fields=["person", "line"],
        update_fields=["seen_at"],
    )
    seen_lines = SeenLine.objects.visible_to(by)
    seen_lines.exclude(line__in=RequisitionLine.objects.undecided()).delete()
    return len(ids)


@operation
def keep(*, name: str, query: str, by: User, at: datetime) -> SavedQueue:
    """
    Keep a way of looking at the queue under a name.

    :raises InvalidInput: there is no name, or nothing to save.
    :raises WrongState: she has a view of that name, or too many.
    """
    _lock(by)
    name = _free_name(name, by)
    if not query:
        raise NothingToSave
    if SavedQueue.objects.visible_to(by).count() >= MOST_SAVED:
        raise TooManySaved(most=MOST_SAVED)
    return SavedQueue.objects.create(person=by, name=name, query=query, saved_at=at)


@operation
def rename(*, saved: SavedQueue, name: str, by: User) -> SavedQueue:
    """
    Give a saved view another name.

    :raises NotYourView: it is somebody else's.
    :raises WrongState: she has another of that name.
    """
    _lock(by)
    require(can_change(by, saved))
    saved.name = _free_name(name, by, besides=saved)
    saved.save(update_fields=["name"])
    return saved


@operation
def remove(*, saved: SavedQueue, by: User) -> None:
    """
    Let go of a saved view.

    :raises NotYourView: it is somebody else's.
    """
    _lock(by)
    require(can_change(by, saved))
    saved.delete()


def can_change(by: User, saved: SavedQueue) -> Verdict:
    """Whether the view is hers."""
    return PERMITTED if saved.person_id == by.pk else refused(NotYourView())


def _free_name(name: str, by: User, *, besides: SavedQueue | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        raise NameMissing
    alike = SavedQueue.objects.visible_to(by).filter(name__iexact=name)
    if alike.exclude(pk=besides.pk if besides else 0).exists():
        raise NameIsTaken(name=name)
    return name


def _lock(person: User) -> None:
    """Lock what is hers by herself, leaving others free to refer to her."""
    User.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=person.pk)
