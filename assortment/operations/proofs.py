"""Whoever answers for a category is told of proofs that end: of its items' labels, and documents with a last day."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import F, Q

from assortment.notices import PROOFS
from catalog.models import ItemDocument, ItemLabel
from catalog.states import VISIBLE
from categories.models import Category
from categories.responsibility import posts_on, responsibility_for
from core.addresses import place
from notices.operations.telling import News

AHEAD = timedelta(days=60)
"""So long before its last day a proof is told of; `office.checks.labels` names it from then on."""

_Proof = tuple[type[ItemLabel] | type[ItemDocument], int]


def proofs_in_the_morning(day: date, since: date | None) -> Iterator[News]:
    """
    How many proofs each manager has that end within two months, and that have ended: each told of once before and once after.

    What is written down later than two months before its last day, or after it, is told of on the first morning that it is there;
    so is a proof that has got another last day. Her deputy is told too while she is away. Of a category that nobody answers for
    it is kept until somebody does.

    :param since: the day of the morning before; None before the first, when all that have ended are told of.
    """
    is_untold = Q(told_through_date=None) | ~Q(told_through_date=F("valid_through_date"))
    ending = Q(valid_through_date__range=(day, day + AHEAD)) & is_untold
    ended = Q(valid_through_date__lt=day)
    if since is not None:
        ended &= Q(valid_through_date__gte=since) | is_untold
    ends, has_ended = _by_category(ending), _by_category(ended)
    posts = posts_on(day)
    counts: dict[int, Counter[str]] = {}
    proofs: set[_Proof] = set()
    for category in Category.objects.filter(pk__in={*ends, *has_ended}).order_by("pk"):
        answers = responsibility_for(category, posts)
        if answers.post is None:
            continue
        people = [answers.post.manager, answers.post.deputy if answers.away_through else None]
        for person in people:
            if person is not None and person.is_active:
                person_counts = counts.setdefault(person.pk, Counter())
                person_counts.update(ending=len(ends[category.pk]), ended=len(has_ended[category.pk]))
                proofs |= {*ends[category.pk], *has_ended[category.pk]}
    _keep(proofs)
    for person_id, person_counts in counts.items():
        yield News(person_id, PROOFS, place("readiness"), dict(person_counts))


def _by_category(which: Q) -> Mapping[int, Sequence[_Proof]]:
    """
    Those of what the catalogue shows, by the id of the item's category, locked so that none gets another last day meanwhile.

    One that somebody holds just now is being changed, and is left to the morning after.
    """
    condition = which & Q(item__status__in=VISIBLE)
    proofs_by_category: dict[int, list[_Proof]] = defaultdict(list)
    labels, documents = ItemLabel.objects.filter(condition), ItemDocument.objects.standing().filter(condition)
    for model, proofs in ((ItemLabel, labels), (ItemDocument, documents)):
        locked = proofs.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")
        for proof in locked.select_related("item").only("item__category"):
            proofs_by_category[proof.item.category_id].append((model, proof.pk))
    return proofs_by_category


def _keep(proofs: Iterable[_Proof]) -> None:
    """Write down for which last day each has been told of."""
    for model in (ItemLabel, ItemDocument):
        ids = sorted(pk for of, pk in proofs if of is model)
        if ids:
            model._default_manager.filter(pk__in=ids).update(told_through_date=F("valid_through_date"))
