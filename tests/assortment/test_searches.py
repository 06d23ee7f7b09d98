"""Searches that found nothing: which count, what is kept of them, and how they are answered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from assortment.models import MissedBy, MissedSearch
from assortment.operations import searches
from assortment.operations.proposals import Wish, withdraw
from assortment.operations.searches import NotYourCategory
from assortment.permissions import NotYourSearch, SearchIsHandled
from assortment.searching import (
    NAME,
    STILL_TYPING,
    Note,
    finished_searches,
    leave_note,
    normalized,
    read_notes,
)
from audit.models import Entry
from catalog.models import Item, Synonym
from catalog.search import SearchQuery, search_items
from core.queues import drop, pending
from tests.cast import NOW, TODAY, Cast, item
from tests.pages import signed_in, text_of

LATER = NOW + STILL_TYPING


@pytest.fixture(autouse=True)
def no_notes() -> Iterator[None]:
    drop(NAME, 1_000_000)
    yield
    drop(NAME, 1_000_000)


def note(
    text: str, seconds: float = 0, *, person: int = 1, is_found: bool = False, is_similar: bool = False
) -> Note:
    return Note(NOW + timedelta(seconds=seconds), person, None, text, is_found, is_similar)


@pytest.mark.parametrize(
    ("notes", "kept"),
    [
        ([note("xylofon")], ["xylofon"]),
        ([note("xyl"), note("xylo", 1), note("xylofon", 2)], ["xylofon"]),
        ([note("xylofonen"), note("xylofon", 3)], ["xylofon"]),
        ([note("hand"), note("handskar", 2, is_found=True)], []),
        ([note("xylofon"), note("xylofon", 3)], ["xylofon"]),
        ([note("xylofon"), note("marimba", 3)], ["xylofon", "marimba"]),
        ([note("xylofon"), note("xylo", 3, person=2)], ["xylofon", "xylo"]),
        ([note("xylofon", -60), note("xylofon")], ["xylofon", "xylofon"]),
        ([note("handskar", is_found=True)], []),
        ([note("handkse", is_found=True, is_similar=True)], ["handkse"]),
        ([note("xy")], []),
        ([note("Elin 19121212-1212")], []),
        ([note("121212 1212")], []),
        ([note("7350053850019")], ["7350053850019"]),
        ([], []),
    ],
)
def test_steps_of_typing_and_personal_numbers_do_not_count(notes: list[Note], kept: list[str]) -> None:
    misses, count = finished_searches(notes, at=NOW + timedelta(minutes=1))
    assert [each.text for each in misses] == kept
    assert count == len(notes)


def test_nothing_is_counted_while_somebody_types() -> None:
    notes = [note("xyl"), note("xylofon", 5)]
    assert finished_searches(notes, at=NOW + timedelta(seconds=10)) == ([], 0)
    assert finished_searches(notes, at=NOW + STILL_TYPING) == ([], 1)
    assert [each.text for each in finished_searches(notes[1:], at=NOW + timedelta(minutes=1))[0]] == [
        "xylofon"
    ]


def left(
    cast: Cast, text: str, *, by: str = "requester", at: datetime = NOW, is_similar: bool = False
) -> None:
    department = cast.ward.pk if by in ("requester", "colleague") else cast.home.pk
    leave_note(Note(at, getattr(cast, by).pk, department, text, is_similar, is_similar))


def test_times_people_and_departments_are_counted_and_nobody_is_named(cast: Cast) -> None:
    left(cast, "Xylofon")
    left(cast, "xylofon ", at=NOW + timedelta(minutes=5))
    left(cast, "xylofon", by="colleague", at=NOW + timedelta(minutes=6))
    left(cast, "xylofon", by="stranger", at=NOW + timedelta(minutes=7))
    assert searches.keep_searches(at=NOW + timedelta(hours=1)) == 4
    assert searches.keep_searches(at=NOW + timedelta(hours=1)) == 0
    left(cast, "XYLOFON", at=NOW + timedelta(hours=2))
    searches.keep_searches(at=NOW + timedelta(hours=3))
    search = MissedSearch.objects.get()
    assert (search.text, search.times, search.people) == ("xylofon", 5, 3)
    assert {place.department: place.times for place in search.places.all()} == {cast.ward: 4, cast.home: 1}
    assert (search.first_at, search.last_at) == (NOW, NOW + timedelta(hours=2))
    people = {str(cast.requester.pk), str(cast.colleague.pk), str(cast.stranger.pk)}
    assert not people & set(MissedBy.objects.values_list("digest", flat=True))


def test_the_page_leaves_a_note_and_writes_nothing(
    cast: Cast, at_nine: None, django_assert_num_queries: object
) -> None:
    client = signed_in(cast.requester)
    client.get("/katalog/?q=xylofon")
    client.get("/katalog/?q=xylofon&avtal=1")
    client.get("/katalog/?q=handskar")
    client.get("/katalog/forslag/?q=marimba")
    notes = read_notes(pending(NAME))
    assert [(each.text, each.is_found) for each in notes] == [("xylofon", False), ("handskar", True)]
    assert notes[0].department_id == cast.ward.pk
    assert not MissedSearch.objects.exists()


def test_a_search_has_the_category_of_what_is_most_like_it(cast: Cast) -> None:
    left(cast, "kontorsstol ergonomisk", is_similar=True)
    left(cast, "xylofon", by="stranger")
    searches.keep_searches(at=LATER)
    chair, xylophone = (
        MissedSearch.objects.get(text="kontorsstol ergonomisk"),
        MissedSearch.objects.get(text="xylofon"),
    )
    assert (chair.category, xylophone.category) == (cast.office, None)
    awaiting = MissedSearch.objects.awaiting
    assert list(awaiting(cast.deputy, TODAY, is_head=False)) == [chair]
    assert list(awaiting(cast.head, TODAY, is_head=True)) == [xylophone]
    assert set(MissedSearch.objects.visible_to(cast.manager)) == {xylophone}
    assert not MissedSearch.objects.visible_to(cast.requester).exists()


def one(cast: Cast, text: str = "latexfria") -> MissedSearch:
    left(cast, text)
    searches.keep_searches(at=LATER)
    return MissedSearch.objects.get()


def test_an_answer_is_a_synonym_by_which_it_is_found(cast: Cast) -> None:
    search = one(cast)
    assert not search_items(SearchQuery(text="latexfria"), day=TODAY).total
    with pytest.raises(NotYourSearch):
        searches.answer_with_synonym(
            search=search, term="latexfria", means="nitril", by=cast.requester, at=NOW
        )
    searches.answer_with_synonym(search=search, term="latexfria", means="nitril", by=cast.manager, at=NOW)
    assert Synonym.objects.get().means == "nitril"
    assert search_items(SearchQuery(text="latexfria"), day=TODAY).item_ids == [cast.gloves.pk]
    search.refresh_from_db()
    assert (search.status, search.handled_by, search.synonym) == ("answered", cast.manager, "nitril")
    with pytest.raises(SearchIsHandled):
        searches.dismiss_search(search=search, by=cast.manager, at=NOW)


@pytest.mark.parametrize(
    ("term", "means", "said"),
    [
        ("latexfria", "sammet", "Inget i katalogen hittas på sammet"),
        ("latexfria", "latexfria", "Inget i katalogen hittas på latexfria"),
        ("ögonskölj", "nitril", "Ordet ögonskölj står inte i sökningen latexfria"),
    ],
)
def test_what_would_find_nothing_is_no_answer(cast: Cast, term: str, means: str, said: str) -> None:
    """The page would say that who searches finds it now, and the search would wait no longer."""
    search = one(cast)
    answer = signed_in(cast.manager).post(
        f"/sortiment/sokningar/{search.pk}/", {"term": term, "means": means}
    )
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'value="{means}"' in text_of(answer)
    search.refresh_from_db()
    assert (search.status, Synonym.objects.count()) == ("open", 0)


def missed_again(cast: Cast, search: MissedSearch, *, hours: int = 1) -> MissedSearch:
    """The same search by somebody else, so long after the first."""
    moment = LATER + timedelta(hours=hours)
    left(cast, search.text, by="colleague", at=moment)
    searches.keep_searches(at=moment + STILL_TYPING)
    search.refresh_from_db()
    return search


def test_an_answer_by_which_nothing_is_found_is_none(cast: Cast) -> None:
    """Answered with a word that the assortment uses no longer; missed before the answer it stays answered."""
    search = one(cast)
    answered = NOW + timedelta(hours=3)
    vinyl = item("104490", "Handske vinyl", cast.gloves_category, unit="ask")
    searches.answer_with_synonym(search=search, term="latexfria", means="vinyl", by=cast.manager, at=answered)
    Item.objects.filter(pk=vinyl.pk).update(status="retired")
    assert missed_again(cast, search).status == "answered"
    again = missed_again(cast, search, hours=4)
    assert (again.status, again.handled_by, again.synonym, again.times) == ("open", None, "", 3)
    assert "search.reopened" in Entry.objects.about(search).values_list("event", flat=True)
    searches.dismiss_search(search=search, by=cast.manager, at=answered + timedelta(hours=2))
    assert missed_again(cast, search, hours=9).status == "dismissed"


def test_a_search_waits_again_when_its_proposal_is_taken_back(cast: Cast) -> None:
    search = one(cast)
    wish = Wish(kind="item", title="Latexfria handskar", reason="Många söker", category=cast.gloves_category)
    proposal = searches.answer_with_proposal(
        search=search, wish=wish, department=None, by=cast.manager, at=NOW
    )
    assert missed_again(cast, search).status == "proposed"
    withdraw(proposal=proposal, by=cast.manager, at=NOW + timedelta(hours=2))
    again = missed_again(cast, search, hours=3)
    assert (again.status, again.proposal) == ("open", None)


def test_a_search_is_taken_proposed_or_left(cast: Cast) -> None:
    search = one(cast)
    with pytest.raises(NotYourCategory):
        searches.take_search(search=search, category=cast.office, by=cast.manager, at=NOW)
    searches.take_search(search=search, category=cast.gloves_category, by=cast.manager, at=NOW)
    with pytest.raises(NotYourSearch):
        searches.dismiss_search(search=search, by=cast.office_deputy, at=NOW)
    wish = Wish(kind="item", title="Latexfria handskar", reason="Många söker", category=cast.gloves_category)
    proposal = searches.answer_with_proposal(
        search=search, wish=wish, department=None, by=cast.manager, at=NOW
    )
    search.refresh_from_db()
    assert (search.status, search.proposal) == ("proposed", proposal)
    other = MissedSearch.objects.create(text="x y z", first_at=NOW, last_at=NOW)
    searches.dismiss_search(search=other, by=cast.head, at=NOW)
    other.refresh_from_db()
    assert other.status == "dismissed"


def test_who_searched_is_forgotten_first_and_then_the_search(cast: Cast) -> None:
    one(cast)
    assert searches.forget_seekers(at=NOW + timedelta(days=89)) == 0
    assert searches.forget_seekers(at=NOW + timedelta(days=91)) == 1
    assert MissedSearch.objects.get().people == 1
    assert searches.forget_searches(at=NOW + timedelta(days=364)) == 0
    assert searches.forget_searches(at=NOW + timedelta(days=366)) == 1
    assert not MissedSearch.objects.exists()


def test_words_are_told_apart_without_case_and_spaces() -> None:
    assert normalized("  Blå   Handske ") == "blå handske"
