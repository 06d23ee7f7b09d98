"""
The conversation about a line (samtal): what was asked, answered and written, and who is asked in.

It is one for all who have a part in the line, and follows the line through its versions. A question that returns the line is
a decision and an answer lets it go on; everything else is a message. Both are read here, and shown as one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Concat, JSONObject
from django.utils.translation import gettext as _

from attachments.kinds import MediaType
from attachments.owners import Owner
from core import reader
from organizations.models import User
from procurement.models import (
    Consultation,
    DecisionKind,
    LineDecision,
    LineMessage,
    LineMessageFile,
    RequisitionLine,
)

FACTS = (
    "requisition",
    "position",
    "at",
    "person",
    "first_name",
    "last_name",
    "words",
    "is_question",
    "shown",
    "asked",
    "wish",
    "number",
)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came with a message; ``key`` is what its address has."""

    key: str
    name: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class ConsultedPerson:
    """Somebody who was asked in by a message, and whether she has written since."""

    name: str
    has_answered: bool
    has_left: bool


@dataclass(frozen=True, slots=True)
class WishedDay:
    """The day on which whoever writes would rather have what is ordered, and what became of that; nothing while it waits."""

    day: date
    outcome: str


@dataclass(frozen=True, slots=True)
class ConversationEntry:
    """One thing that somebody said about a line."""

    person_id: int
    name: str
    at: datetime
    text: str
    is_question: bool
    """Whether the line waits, or waited, for its answer."""
    files: Sequence[SentFile] = ()
    asked: Sequence[ConsultedPerson] = ()
    wish: WishedDay | None = None


def conversations_about(lines: Collection[RequisitionLine]) -> dict[int, list[ConversationEntry]]:
    """What was said about each of the lines, by the line's id, the earliest first: one query."""
    if not lines:
        return {}
    requisitions = {line.requisition_id for line in lines}
    positions = {line.position for line in lines}
    rows = _messages(requisitions, positions).union(_questions(requisitions, positions), all=True)
    messages_by_line: dict[tuple[int, int], list[ConversationEntry]] = {}
    for (
        requisition,
        position,
        at,
        person,
        first,
        last,
        text,
        is_question,
        files,
        consultations,
        wish,
        _number,
    ) in rows.order_by("at", "-is_question", "number"):
        messages_by_line.setdefault((requisition, position), []).append(
            ConversationEntry(
                person_id=person,
                name=f"{first} {last}",
                at=at,
                text=text,
                is_question=is_question,
                files=[SentFile(**each) for each in files],
                asked=[ConsultedPerson(**each) for each in consultations],
                wish=WishedDay(date.fromisoformat(wish["day"]), wish["outcome"]) if wish["day"] else None,
            )
        )
    return {line.pk: messages_by_line.get((line.requisition_id, line.position), []) for line in lines}


def day_wish(messages: Sequence[ConversationEntry], *, user: User, day: date) -> str:
    """That somebody would rather have what is ordered on another day, while nobody has answered; empty when nobody would."""
    wish = next((each for each in reversed(messages) if each.wish and not each.wish.outcome), None)
    if wish is None or wish.wish is None:
        return ""
    text = (
        _("Du har bett om %(day)s, och väntar på svar.")
        if wish.person_id == user.pk
        else _("%(name)s har bett om %(day)s, och väntar på svar.")
    )
    return " " + text % {"name": wish.name, "day": reader.weekday_day(wish.wish.day, day)}


def conversation_about(line: RequisitionLine) -> list[ConversationEntry]:
    """What was said about one line, the earliest first."""
    return conversations_about([line])[line.pk]


def latest_from_others(user: User) -> models.Subquery:
    """
    What somebody else last wrote about a line, as an annotation: ``name``, ``text`` and ``at`` (ISO), or None.

    A question that returned the line is her own or a colleague's decision, and is left out; its answer is not.
    """
    messages = (
        LineMessage.objects.about(models.OuterRef("requisition"), models.OuterRef("position"))
        .exclude(by=user)
        .order_by("-at", "-pk")
    )
    return models.Subquery(
        messages.values(said=JSONObject(name="by__first_name", text="text", at="at"))[:1],
        output_field=models.JSONField(),
    )


def consultations_of(user: User) -> models.QuerySet[Consultation]:
    """What the person is asked about, the latest first, with ``has_answered``: whether she has written since."""
    return (
        Consultation.objects.filter(person=user)
        .annotate(has_answered=has_written_since())
        .select_related("message__by", "message__line__item", "message__line__requisition__department")
        .order_by("-pk")
    )


def consultations_waiting_for(user: User) -> models.QuerySet[Consultation]:
    """What the person is asked about and has not answered, while it is to be decided, the latest first."""
    return consultations_of(user).filter(~has_written_since(), is_about_what_waits())


def is_about_what_waits() -> models.Exists:
    """Whether a consultation's line is to be decided, in whichever version it is now."""
    versions = RequisitionLine.objects.undecided().filter(
        requisition=models.OuterRef("message__line__requisition"),
        position=models.OuterRef("message__line__position"),
    )
    return models.Exists(versions)


def has_written_since() -> models.Exists:
    """Whether whoever a consultation is put to has written about the line since."""
    line = "message__line__"
    since = LineMessage.objects.about(
        models.OuterRef(f"{line}requisition"), models.OuterRef(f"{line}position")
    )
    return models.Exists(since.filter(by=models.OuterRef("person"), pk__gt=models.OuterRef("message")))


def _messages(requisitions: Collection[int], positions: Collection[int]) -> "models.QuerySet[Any, Any]":
    files = LineMessageFile.objects.filter(message=models.OuterRef("pk")).order_by("pk")
    is_picture = models.Q(attachment__content__media_type=MediaType.PICTURE)
    consultations = Consultation.objects.filter(message=models.OuterRef("pk")).order_by("pk")
    return _fact_rows(
        LineMessage.objects,
        requisitions,
        positions,
        words=models.F("text"),
        is_question=models.Value(False),
        shown=ArraySubquery(
            files.values(
                one=JSONObject(
                    key="attachment__key",
                    name="attachment__name",
                    is_picture=models.ExpressionWrapper(is_picture, output_field=models.BooleanField()),
                )
            )
        ),
        asked=ArraySubquery(
            consultations.values(
                one=JSONObject(
                    name=Concat("person__first_name", models.Value(" "), "person__last_name"),
                    has_answered=has_written_since(),
                    has_left=models.ExpressionWrapper(
                        models.Q(person__is_active=False), output_field=models.BooleanField()
                    ),
                )
            )
        ),
        wish=JSONObject(day="day_wish__wanted_date", outcome="day_wish__outcome"),
    )


def _questions(requisitions: Collection[int], positions: Collection[int]) -> "models.QuerySet[Any, Any]":
    nothing = models.Value([], output_field=ArrayField(models.JSONField()))
    return _fact_rows(
        LineDecision.objects.filter(kind=DecisionKind.RETURNED),
        requisitions,
        positions,
        words=models.F("comment"),
        is_question=models.Value(True),
        shown=nothing,
        asked=nothing,
        wish=JSONObject(day=models.Value(None, output_field=models.DateField()), outcome=models.Value("")),
    )


def _fact_rows(
    rows: Any, requisitions: Collection[int], positions: Collection[int], **facts: Any
) -> "models.QuerySet[Any, Any]":
    base_facts = {
        "requisition": models.F("line__requisition"),
        "position": models.F("line__position"),
        "person": models.F("by"),
        "first_name": models.F("by__first_name"),
        "last_name": models.F("by__last_name"),
        "number": models.F("pk"),
    }
    matching_rows = rows.filter(line__requisition__in=requisitions, line__position__in=positions).order_by()
    values: models.QuerySet[Any, Any] = matching_rows.annotate(**base_facts, **facts).values_list(*FACTS)
    return values


def _visible_files(user: User, _at: datetime) -> models.QuerySet[LineMessageFile]:
    lines = RequisitionLine.objects.visible_to(user).values("pk")
    return LineMessageFile.objects.filter(message__line__in=lines)


OWNERS = (Owner(shown_to=_visible_files),)
