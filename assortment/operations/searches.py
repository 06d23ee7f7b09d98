"""Searches that found nothing: keep them, give them to somebody, answer them, forget them."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from assortment import permissions
from assortment.events import Event
from assortment.models import MissedBy, MissedSearch, Proposal
from assortment.operations.proposals import Wish, make_proposal
from assortment.searching import NAME, Note, finished_searches, normalized, read_notes
from assortment.states import SEARCH_TRANSITIONS, SearchStatus
from audit import trail
from catalog.models import Item
from catalog.nearest import nearest_items
from catalog.search import SearchQuery, search_items
from categories.models import Category
from core.errors import InvalidInput, NotPermitted
from core.queues import drop, pending
from core.states import move
from core.transactions import operation
from core.verdicts import require
from organizations.models import Department, User
from organizations.permissions import roles_on
from registers.operations.rows import add_row
from registers.register import REGISTERS

SEEKERS_KEPT = timedelta(days=90)
SEARCHES_KEPT = timedelta(days=365)
MOST_DISTANCE = 0.6
"""How far the name of an item may be from the words for its category to be suggested."""


class NotYourCategory(NotPermitted):
    """A manager takes a search to a category of her own."""

    code = "search_not_your_category"
    sentence = _("Välj en kategori som du ansvarar för.")


class TermNotInSearch(InvalidInput):
    """The word that gets another meaning is one that was searched for."""

    code = "search_term_not_in_it"
    sentence = _("Ordet %(term)s står inte i sökningen %(text)s.")


class SynonymFindsNothing(InvalidInput):
    """A synonym is a word of the assortment, by which something is found."""

    code = "search_synonym_finds_nothing"
    sentence = _("Inget i katalogen hittas på %(means)s. Ange ett ord som artikeln heter där.")


_KEEP = """
INSERT INTO assortment_missedsearch
    (text, is_similar, times, people, first_at, last_at, status, synonym)
SELECT text, is_similar, times, 0, first_at, last_at, 'open', ''
FROM jsonb_to_recordset(%s::jsonb) AS note (text text, is_similar boolean, times int, first_at timestamptz, last_at timestamptz)
ORDER BY text
ON CONFLICT (text) DO UPDATE SET
    times = assortment_missedsearch.times + excluded.times, is_similar = excluded.is_similar,
    last_at = greatest(assortment_missedsearch.last_at, excluded.last_at)
RETURNING id, text, xmax = 0
"""
# What was answered with a synonym and is missed since, or became a proposal that was taken back, is answered no more.
_REOPEN = """
UPDATE assortment_missedsearch AS search
SET status = 'open', handled_by_id = NULL, handled_at = NULL, synonym = '', proposal_id = NULL
WHERE search.id = ANY(%s) AND search.last_at > search.handled_at AND (
    search.status = 'answered' OR search.status = 'proposed' AND EXISTS (
        SELECT FROM assortment_proposal AS made WHERE made.id = search.proposal_id AND made.status = 'withdrawn'))
RETURNING id
"""
_KEEP_PLACES = """
INSERT INTO assortment_missedin (search_id, department_id, times)
SELECT search_id, department_id, times
FROM jsonb_to_recordset(%s::jsonb) AS note (search_id bigint, department_id bigint, times int)
ORDER BY search_id, department_id
ON CONFLICT (search_id, department_id) DO UPDATE SET times = assortment_missedin.times + excluded.times
"""
_KEEP_SEEKERS = """
WITH kept AS (
    INSERT INTO assortment_missedby (search_id, digest, last_at)
    SELECT search_id, digest, last_at
    FROM jsonb_to_recordset(%s::jsonb) AS note (search_id bigint, digest text, last_at timestamptz)
    ORDER BY search_id, digest
    ON CONFLICT (search_id, digest) DO UPDATE SET last_at = greatest(assortment_missedby.last_at, excluded.last_at)
    RETURNING search_id, xmax = 0 AS is_new
)
UPDATE assortment_missedsearch SET people = people + found.count
FROM (SELECT search_id, count(*) AS count FROM kept WHERE is_new GROUP BY search_id) AS found
WHERE assortment_missedsearch.id = found.search_id
"""


def keep_searches(*, at: datetime) -> int:
    """
    Count the searches of which notes were left and that nobody is typing on any more; returns how many.

    A worker that dies between the two may count some of them twice; none is lost.
    """
    try:
        notes, count = finished_searches(read_notes(pending(NAME)), at=at)
    except RedisError:
        return 0
    if notes:
        count_missed(missed=notes, at=at)
    if count:
        drop(NAME, count)
    return len(notes)


@operation
def count_missed(*, missed: Sequence[Note], at: datetime) -> None:
    """
    Write down searches that found nothing: a fixed number of statements, however many there are.

    One that was answered with a synonym, and is missed all the same, waits again; so does one whose proposal was taken back.
    """
    day = timezone.localdate(at)
    departments = set(
        Department.objects.filter(
            pk__in={note.department_id for note in missed if note.department_id}
        ).values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [json.dumps(_rows_by_text(missed))])
        rows = cursor.fetchall()
        ids = {text: pk for pk, text, _is_new in rows}
        cursor.execute(_REOPEN, [list(ids.values())])
        reopened = [pk for (pk,) in cursor.fetchall()]
        places: dict[tuple[int, int], int] = {}
        seekers: dict[tuple[int, str], str] = {}
        for note in missed:
            search = ids[normalized(note.text)]
            seekers[search, _digest(search, note.person_id)] = note.at.isoformat()
            if note.department_id in departments:
                key = (search, note.department_id)
                places[key] = places.get(key, 0) + 1
        cursor.execute(
            _KEEP_PLACES,
            [json.dumps([{"search_id": s, "department_id": d, "times": n} for (s, d), n in places.items()])],
        )
        cursor.execute(
            _KEEP_SEEKERS,
            [
                json.dumps(
                    [{"search_id": s, "digest": d, "last_at": last} for (s, d), last in seekers.items()]
                )
            ],
        )
    _suggest_categories({text: pk for pk, text, is_new in rows if is_new}, day=day)
    waiting = MissedSearch.objects.filter(pk__in=reopened).order_by("pk") if reopened else ()
    trail.record_many(Event.SEARCH_REOPENED, subjects=waiting, by=None, at=at)


def _rows_by_text(notes: Sequence[Note]) -> list[dict[str, Any]]:
    row_by_text: dict[str, dict[str, Any]] = {}
    for note in notes:
        moment = note.at.isoformat()
        row = row_by_text.setdefault(
            normalized(note.text), {"text": normalized(note.text), "times": 0, "first_at": moment}
        )
        row |= {"times": row["times"] + 1, "is_similar": note.is_similar, "last_at": moment}
    return list(row_by_text.values())


def _digest(search_id: int, person_id: int) -> str:
    """Tells a person apart within one search; with another search she has another, and nobody finds her name by it."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"{search_id}:{person_id}".encode(), "sha256").hex()


def _suggest_categories(new: Mapping[str, int], *, day: Any) -> None:
    """Give new searches the category of the item whose name is most like the words; the others stay without."""
    nearest = nearest_items(new, day=day)
    item_id_by_text = {
        text: matches[0].item_id
        for text, matches in nearest.items()
        if matches and matches[0].distance <= MOST_DISTANCE
    }
    categories = dict(Item.objects.filter(pk__in=item_id_by_text.values()).values_list("pk", "category"))
    for text, item_id in item_id_by_text.items():
        MissedSearch.objects.filter(pk=new[text]).update(category=categories[item_id])


@operation
def take_search(*, search: MissedSearch, category: Category, by: User, at: datetime) -> MissedSearch:
    """
    Give a search to a category: her own, or any for the head of procurement.

    :raises NotPermitted: she does not answer for the category that it has, or for the one that it gets.
    :raises SearchIsHandled: something has been done about it.
    """
    search = _locked(search)
    require(permissions.can_handle(by, search, at=at))
    day = timezone.localdate(at)
    is_hers = Category.objects.within_reach_of(by, day).filter(pk=category.pk).exists()
    if not is_hers and not roles_on(by, day).is_head:
        raise NotYourCategory
    search.category = category
    search.save(update_fields=["category"])
    trail.record(Event.SEARCH_TAKEN, subject=search, by=by, at=at, category=category.name)
    return search


@operation
def answer_with_synonym(
    *, search: MissedSearch, term: str, means: str, by: User, at: datetime
) -> MissedSearch:
    """
    Answer a search with a synonym, in the register of synonyms: whoever searches for the term finds what the word means.

    :raises NotPermitted: she does not answer for the category.
    :raises SearchIsHandled: something has been done about it.
    :raises InvalidInput: the term is none of what was searched for, nothing is found by the other word, or the register refuses
        the row, such as one that is there.
    """
    search = _locked(search)
    require(permissions.can_handle(by, search, at=at))
    if normalized(term) not in normalized(search.text):
        raise TermNotInSearch(term=term, text=search.text)
    add_row(register=REGISTERS["synonyms"], cells={"term": term, "means": means}, by=by, at=at)
    result = search_items(SearchQuery(text=term), day=timezone.localdate(at))
    if not result.total or result.is_similar:
        raise SynonymFindsNothing(means=means)
    _handle(search, SearchStatus.ANSWERED, by=by, at=at)
    search.synonym = means
    search.save(update_fields=["status", "handled_by", "handled_at", "synonym"])
    trail.record(Event.SEARCH_ANSWERED, subject=search, by=by, at=at, synonym=f"{term} → {means}")
    return search


@operation
def answer_with_proposal(
    *, search: MissedSearch, wish: Wish, department: Department | None, by: User, at: datetime
) -> Proposal:
    """
    Make a proposal of a search; another than the one who does so decides it.

    :raises NotPermitted: she does not answer for the category.
    :raises SearchIsHandled: something has been done about it.
    """
    search = _locked(search)
    require(permissions.can_handle(by, search, at=at))
    proposal = make_proposal(wish, department=department, by=by, at=at)
    _handle(search, SearchStatus.PROPOSED, by=by, at=at)
    search.proposal = proposal
    search.save(update_fields=["status", "handled_by", "handled_at", "proposal"])
    return proposal


@operation
def dismiss_search(*, search: MissedSearch, by: User, at: datetime) -> MissedSearch:
    """
    Leave a search as it is.

    :raises NotPermitted: she does not answer for the category.
    :raises SearchIsHandled: something has been done about it.
    """
    search = _locked(search)
    require(permissions.can_handle(by, search, at=at))
    _handle(search, SearchStatus.DISMISSED, by=by, at=at)
    search.save(update_fields=["status", "handled_by", "handled_at"])
    trail.record(Event.SEARCH_DISMISSED, subject=search, by=by, at=at)
    return search


@operation
def forget_seekers(*, at: datetime) -> int:
    """Forget that anybody has searched, 90 days after she last did; the counts stay. Returns how many."""
    removed, _by_model = MissedBy.objects.filter(last_at__lt=at - SEEKERS_KEPT).delete()
    return removed


@operation
def forget_searches(*, at: datetime) -> int:
    """Remove searches that nobody has made for a year; returns how many."""
    old = MissedSearch.objects.filter(last_at__lt=at - SEARCHES_KEPT)
    count = old.count()
    old.delete()
    return count


def _locked(search: MissedSearch) -> MissedSearch:
    return MissedSearch.objects.select_for_update(no_key=True).get(pk=search.pk)


def _handle(search: MissedSearch, status: SearchStatus, *, by: User, at: datetime) -> None:
    move(search, to=status, transitions=SEARCH_TRANSITIONS)
    search.handled_by = by
    search.handled_at = at
