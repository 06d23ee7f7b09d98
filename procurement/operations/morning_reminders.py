"""
What people are reminded of in the morning, once for each step: response days that come, and questions without an answer.

Each follows from a day that has come since the morning before, so a morning that is made late or twice reminds once.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from core.addresses import address_of, place
from core.clock import start_of
from core.working_days import add_working_days
from notices.operations.telling import News
from organizations.models import Absence
from procurement.conversation import has_written_since, is_about_what_waits
from procurement.escalation import (
    CONSULTATION_DAYS,
    QUESTION_DAYS,
    days_since,
    is_new,
    reminder_day,
)
from procurement.models import Consultation, DecisionKind, LineDecision, RequisitionLine
from procurement.orderers import orderers_of, recipients_of
from procurement.posts import Posts
from procurement.states import LineStatus
from procurement.waiting_notices import CONSULTATION, QUESTION_REMINDER, REMINDER

LONGEST = timedelta(days=60)
"""A question that is older than this has gone back, or is of nobody's interest."""


def reminders_in_the_morning(day: date, since: date | None) -> Iterator[News]:
    """
    What is said this morning beside what waits.

    :param since: the day of the morning before; None before the first.
    """
    yield from _response_day_news(day, since)
    yield from _question_news(day, since)
    yield from _price_news(day, since)
    yield from _consultation_news(day, since)


def _response_day_news(day: date, since: date | None) -> Iterator[News]:
    """Lines whose response day comes, to who answers for them; whoever is away is not there to read it."""
    lines = (
        RequisitionLine.objects.filter(status=LineStatus.AWAITING, response_due_date__gte=day)
        .exclude(responsible__in=Absence.objects.on(day).values("user"))
        .select_related("category")
        .only("responsible", "response_due_date", "category__lineage", "status", "description")
        .order_by("response_due_date", "pk")
    )
    due_lines = list(lines)
    if not due_lines:
        return
    posts = Posts.read([], [line.category for line in due_lines if line.category], day=day)
    soon: dict[int, list[RequisitionLine]] = defaultdict(list)
    for line in due_lines:
        due, person = line.response_due_date, line.responsible_id
        if (
            due
            and person
            and is_new(reminder_day(due, posts.policy_for(line.category)), since=since, day=day)
        ):
            soon[person].append(line)
    for person, person_lines in soon.items():
        facts = {
            "count": len(person_lines),
            "day": str(person_lines[0].response_due_date),
            "until": str(person_lines[-1].response_due_date),
        }
        yield News(person, REMINDER, place("queue"), facts)


def _question_news(day: date, since: date | None) -> Iterator[News]:
    """Questions that wait for their answer: to whom they were put; the second time to all who order for the department."""
    questions = (
        LineDecision.objects.filter(kind=DecisionKind.RETURNED, line__status=LineStatus.RETURNED)
        .select_related("by", "line__requisition")
        .order_by("line", "-pk")
        .distinct("line")
    )
    waiting = list(questions)
    orderers = orderers_of({each.line.requisition.department_id for each in waiting}, day)
    recipients = recipients_of([each.line.requisition for each in waiting], day)
    for question in waiting:
        line = question.line
        first, second = days_since(timezone.localdate(question.at), QUESTION_DAYS)
        people = set(recipients[line.requisition_id])
        if is_new(second, since=since, day=day):
            people |= orderers[line.requisition.department_id]
        elif not is_new(first, since=since, day=day):
            continue
        facts = {
            "how": "question",
            "lines": [line.pk],
            "number": line.requisition.number,
            "who": question.by.full_name,
            "what": line.description,
            "text": question.comment,
        }
        for person in sorted(people):
            yield News(person, QUESTION_REMINDER, f"{address_of(line.requisition)}#fraga-{line.pk}", facts)


def _price_news(day: date, since: date | None) -> Iterator[News]:
    """Prices that somebody has to say yes or no to: on the morning before the response day, and after it to all."""
    lines = RequisitionLine.objects.filter(
        status=LineStatus.AWAITING,
        asked_unit_price__isnull=False,
        response_due_date__gte=(since or day) - LONGEST,
    )
    waiting = list(lines.select_related("requisition").order_by("pk"))
    orderers = orderers_of({line.requisition.department_id for line in waiting}, day)
    recipients = recipients_of([line.requisition for line in waiting], day)
    for line in waiting:
        due = line.response_due_date
        if due is None:
            continue
        people = set(recipients[line.requisition_id])
        if is_new(add_working_days(due, 1), since=since, day=day):
            people |= orderers[line.requisition.department_id]
        elif not is_new(reminder_day(due), since=since, day=day):
            continue
        facts = {
            "how": "price",
            "lines": [line.pk],
            "number": line.requisition.number,
            "what": line.description,
        }
        for person in sorted(people):
            yield News(person, QUESTION_REMINDER, f"{address_of(line.requisition)}#pris-{line.pk}", facts)


def _consultation_news(day: date, since: date | None) -> Iterator[News]:
    """What somebody is asked in about and has not answered: to her, and a step later to who is to decide without."""
    versions = RequisitionLine.objects.undecided().filter(
        requisition=OuterRef("message__line__requisition"), position=OuterRef("message__line__position")
    )
    silent = (
        Consultation.objects.filter(
            ~has_written_since(),
            is_about_what_waits(),
            message__at__gte=start_of(day - LONGEST),
        )
        .annotate(decides=Subquery(versions.values("responsible")[:1]))
        .select_related("person", "message__by", "message__line__requisition")
        .order_by("pk")
    )
    for each in silent:
        message, line = each.message, each.message.line
        reminder_date, decider_date = days_since(timezone.localdate(message.at), CONSULTATION_DAYS)
        facts = {
            "message": message.pk,
            "person": each.person_id,
            "number": line.requisition.number,
            "what": line.description,
        }
        address = place("conversation", line.pk)
        if is_new(reminder_date, since=since, day=day):
            words = {"how": "reminded", "who": message.by.full_name, "text": message.text}
            yield News(each.person_id, CONSULTATION, address, facts | words)
        if is_new(decider_date, since=since, day=day):
            words = {"how": "silent", "who": each.person.full_name, "text": ""}
            yield News(each.decides, CONSULTATION, address, facts | words)
