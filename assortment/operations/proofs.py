"""Whoever answers for a category is told of proofs that end: of its items' labels, and documents with a last day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from assortment.notices import PROOFS
from catalog.models import ItemDocument, ItemLabel
from catalog.states import VISIBLE
from categories.models import Category
from categories.responsibility import posts_on, responsibility_for
from core.addresses import place
from notices.operations.telling import News

AHEAD = timedelta(days=60)
"""So long before its last day a proof is told of; `office.checks.labels` names it from then on."""


def proofs_in_the_morning(day: date, since: date | None) -> Iterator[News]:
    """
    How many proofs each manager has that end within two months, and that have ended: each told of once before and once after.

    Her deputy is told too while she is away. A proof that is written down later than two months before its last day is
    told of when it has ended.

    :param since: the day of the morning before; None before the first, when all of them are told of.
    """
    last_day = "valid_through_date"
    ending = Q(**{f"{last_day}__range": (day, day + AHEAD)})
    ended = Q(**{f"{last_day}__lt": day})
    if since is not None:
        ending &= Q(**{f"{last_day}__gt": since + AHEAD})
        ended &= Q(**{f"{last_day}__gte": since})
    ends, has_ended = _by_category(ending), _by_category(ended)
    posts = posts_on(day)
    counts: dict[int, Counter[str]] = {}
    for category in Category.objects.filter(pk__in={*ends, *has_ended}).order_by("pk"):
        answers = responsibility_for(category, posts)
        if answers.post is None:
            continue
        people = [answers.post.manager, answers.post.deputy if answers.away_through else None]
        for person in people:
            if person is not None and person.is_active:
                hers = counts.setdefault(person.pk, Counter())
                hers.update(ending=ends[category.pk], ended=has_ended[category.pk])
    for person_id, hers in counts.items():
        yield News(person_id, PROOFS, place("readiness"), dict(hers))


def _by_category(which: Q) -> Counter[int]:
    """How many there are, of what the catalogue shows, by the id of the item's category."""
    shown = which & Q(item__status__in=VISIBLE)
    labels, documents = ItemLabel.objects.filter(shown), ItemDocument.objects.standing().filter(shown)
    return Counter(labels.values_list("item__category", flat=True)) + Counter(
        documents.values_list("item__category", flat=True)
    )
