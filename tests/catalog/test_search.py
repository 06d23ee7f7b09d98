"""People find what they look for, however they write it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import CriteriaLevel, Item, ItemKind, Price, Synonym
from catalog.search import SearchQuery, SearchResult, search_items, words_of
from catalog.states import ItemStatus
from categories.models import CategoryPolicy
from tests.cast import ALWAYS, TODAY, Cast, item


@pytest.fixture
def shelf(cast: Cast) -> Cast:
    """A few more things to look among."""
    for number, name, category, unit in (
        ("104390", "Undersökningshandske vinyl, puderfri", cast.gloves_category, "ask"),
        ("104508", "Operationshandske steril, latexfri", cast.gloves_category, "förp"),
        ("106110", "Plåster, tyg, 6 cm × 5 m", cast.medical, "rulle"),
        ("106120", "Kompress 10 × 10 cm, osteril", cast.medical, "förp"),
        ("106130", "Självhäftande sårförband", cast.medical, "förp"),
        ("130140", "Plastficka A4, präglad", cast.office, "förp"),
        ("130150", "Ångbrytare", cast.office, "st"),
        ("130160", "Pärm A4", cast.office, "st"),
    ):
        thing = item(number, name, category, unit=unit)
        Price.objects.create(
            item=thing,
            agreement=cast.agreement,
            supplier=cast.supplier,
            unit_price=Decimal("10"),
            valid_during=ALWAYS,
        )
    Item.objects.filter(pk=cast.gloves.pk).update(gtin="9521000000025", name_en="Examination glove nitrile")
    for number, size in (("160101", "S"), ("160102", "M"), ("160103", "L")):
        thing = item(number, "Bussarong, unisex", cast.medical, unit="st")
        Item.objects.filter(pk=thing.pk).update(family="bussarong", size=size)
    Synonym.objects.create(term="omplåstring", means="kompress")
    return cast


def names(text: str, **wanted: object) -> list[str]:
    """The names found, in order."""
    results = search_items(SearchQuery(text=text, **wanted), day=TODAY)  # type: ignore[arg-type]
    items = Item.objects.in_bulk(results.item_ids)
    return [items[item_id].name for item_id in results.item_ids]


def numbers(found: SearchResult) -> list[str]:
    """The numbers found, in order."""
    items = Item.objects.in_bulk(found.item_ids)
    return [items[item_id].number for item_id in found.item_ids]


@pytest.mark.parametrize("text", ["handske", "handskar", "HANDSKARNA", "hands", "handske  "])
def test_search_finds_parts_of_compounds_and_their_endings(shelf: Cast, text: str) -> None:
    hits = names(text)
    assert {"Undersökningshandske vinyl, puderfri", "Operationshandske steril, latexfri"} <= set(hits)
    assert "Pärm A4" not in hits


@pytest.mark.parametrize("text", ["104412", "9521000000025", " 104412 "])
def test_search_by_number_gives_that_item_first(shelf: Cast, text: str) -> None:
    assert names(text)[0] == shelf.gloves.name


def test_search_by_the_beginning_of_a_number(shelf: Cast) -> None:
    assert set(names("1044")) == {shelf.gloves.name}
    assert {"Plåster, tyg, 6 cm × 5 m", "Kompress 10 × 10 cm, osteril"} <= set(names("1061"))


@pytest.mark.parametrize("text", ["hanske", "undersökninshandske", "undersöknngshandske"])
def test_search_forgives_misspellings_and_says_so(shelf: Cast, text: str) -> None:
    results = search_items(SearchQuery(text=text), day=TODAY)
    assert results.is_similar
    assert "104390" in numbers(results)


def test_search_does_not_guess_when_the_word_is_right(shelf: Cast) -> None:
    assert not search_items(SearchQuery(text="kompress"), day=TODAY).is_similar


@pytest.mark.parametrize(
    ("text", "name"), [("angbrytare", "Ångbrytare"), ("parm", "Pärm A4"), ("ångbrytare", "Ångbrytare")]
)
def test_search_reads_a_for_å_and_ä(shelf: Cast, text: str, name: str) -> None:
    assert names(text) == [name]


def test_search_takes_å_at_its_word(shelf: Cast) -> None:
    assert "Plastficka A4, präglad" not in names("plåster")


def test_search_knows_synonyms(shelf: Cast) -> None:
    assert names("omplåstring") == ["Kompress 10 × 10 cm, osteril"]


def test_search_reads_measures_however_they_are_written(shelf: Cast) -> None:
    for text in ("kompress 10x10", "kompress 10 × 10 cm", "10X10"):
        assert "Kompress 10 × 10 cm, osteril" in names(text)


def test_search_reads_english_names(shelf: Cast) -> None:
    assert shelf.gloves.name in names("gloves")


def test_search_wants_every_word(shelf: Cast) -> None:
    assert names("handske vinyl") == ["Undersökningshandske vinyl, puderfri"]


def test_search_puts_sizes_of_a_family_in_one_row(shelf: Cast) -> None:
    results = search_items(SearchQuery(text="bussarong"), day=TODAY)
    assert results.total == 1
    assert numbers(search_items(SearchQuery(text="bussarong L"), day=TODAY)) == ["160103"]
    often = search_items(
        SearchQuery(text="bussarong"), day=TODAY, bought={Item.objects.get(number="160102").pk: 4}
    )
    assert numbers(often) == ["160102"]


def test_search_ranks_agreement_then_habit(shelf: Cast) -> None:
    thing = Item.objects.get(number="104508")
    results = search_items(SearchQuery(text="handske"), day=TODAY, bought={thing.pk: 9})
    assert numbers(results)[0] == "104508"
    Price.objects.filter(item=thing).update(agreement=None)
    results = search_items(SearchQuery(text="handske"), day=TODAY, bought={thing.pk: 9})
    assert numbers(results)[-1] == "104508"


@pytest.mark.parametrize("status", [ItemStatus.RETIRED, ItemStatus.PROPOSED, ItemStatus.ASSESSED])
def test_search_leaves_out_what_is_not_in_the_assortment(shelf: Cast, status: ItemStatus) -> None:
    Item.objects.filter(pk=shelf.gloves.pk).update(status=status)
    assert shelf.gloves.name not in names("nitril")


def test_search_puts_a_blocked_item_last(shelf: Cast) -> None:
    Item.objects.filter(pk=shelf.gloves.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad.")
    assert names("handske")[-1] == shelf.gloves.name


def test_search_filters_and_counts_agree(shelf: Cast) -> None:
    CategoryPolicy.objects.filter(category=shelf.medical).update(standing_approval_limit=Decimal(1000))
    everything = search_items(SearchQuery(), day=TODAY, per_page=100)
    assert everything.total == everything.everywhere == len(everything.item_ids)
    for query, count in (
        (SearchQuery(on_agreement=True), everything.on_agreement),
        (SearchQuery(direct=True), everything.direct),
        (SearchQuery(advanced=True), everything.advanced),
    ):
        assert search_items(query, day=TODAY, per_page=100).total == count
    within = search_items(SearchQuery(category=shelf.medical), day=TODAY, per_page=100)
    assert (
        within.total
        == everything.by_category[shelf.medical.pk]
        > within.by_category[shelf.gloves_category.pk]
    )
    assert everything.direct == within.direct > 0


def test_search_pages_do_not_overlap(shelf: Cast) -> None:
    pages = [
        search_items(SearchQuery(), day=TODAY, page=number, per_page=4).item_ids for number in (1, 2, 3, 4)
    ]
    flat = [item_id for page in pages for item_id in page]
    assert len(flat) == len(set(flat)) == search_items(SearchQuery(), day=TODAY).total


@pytest.mark.parametrize(
    "text", ["%", "_", "'", "\\", "\x00", "!", ":*", "a & b", "()", "ö" * 500, "x " * 300, "1" * 200]
)
def test_search_survives_anything(shelf: Cast, text: str) -> None:
    search_items(SearchQuery(text=text), day=TODAY)


@pytest.mark.parametrize(
    ("text", "statements"),
    [("", 1), ("handskar nitril", 2), ("nitrilhandskar", 3), ("undersökninshandske", 3), ("xyz handske", 2)],
)
def test_search_asks_as_many_times_whatever_there_is(shelf: Cast, text: str, statements: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        search_items(SearchQuery(text=text), day=TODAY, bought={shelf.gloves.pk: 3})
    assert len(queries) == statements


def test_words_leave_out_noise_unless_nothing_else_is_left() -> None:
    assert words_of("Handskar i storlek M") == ["handskar", "m"]
    assert words_of("och") == ["och"]
    assert words_of("10×10") == ["10", "x", "10"]
    assert words_of("") == []


def test_search_finds_services(shelf: Cast) -> None:
    thing = item("184101", "Hyrsjuksköterska, allmän", shelf.services, unit="timme")
    Item.objects.filter(pk=thing.pk).update(kind=ItemKind.SERVICE)
    assert names("sjuksköterska") == ["Hyrsjuksköterska, allmän"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("skärm", ["Bildskärm 24 tum", "Skärmvägg, ljudabsorberande"]),
        ("pärm", ["Pärm A4", "Pärmregister A–Ö"]),
        ("pärmar", ["Pärm A4", "Pärmregister A–Ö"]),
        ("kaffe", ["Kaffe, bryggmalet", "Kaffefilter 1×4"]),
        ("kanyl", ["Injektionskanyl", "Insulinspruta 1 ml med kanyl"]),
        ("fisk", ["Fiskpanetter", "Grafisk formgivning"]),
        ("dator", ["Elevdator 11 tum", "Bärbar dator", "Datorväska"]),
    ],
)
def test_search_puts_what_a_thing_is_before_what_it_goes_with(
    shelf: Cast, text: str, expected: list[str]
) -> None:
    for number, name in enumerate(reversed(expected)):
        if name not in ("Pärm A4",):
            item(f"3{number:05d}", name, shelf.office, unit="st")
    Price.objects.all().delete()
    assert [name for name in names(text) if name in expected] == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nitrilhandske", "Undersökningshandske nitril, puderfri, blå"),
        ("nitrilhandskar", "Undersökningshandske nitril, puderfri, blå"),
        ("tygplåster", "Plåster, tyg, 6 cm × 5 m"),
        ("katetrar", "Sugkateter"),
        ("nycklar", "Skiftnyckel"),
        ("skor", "Arbetssko, vit"),
    ],
)
def test_search_reads_compounds_and_plurals_that_stand_nowhere(shelf: Cast, text: str, name: str) -> None:
    for number, other_name in enumerate(("Sugkateter", "Skiftnyckel", "Arbetssko, vit")):
        item(f"3{number:05d}", other_name, shelf.office, unit="st")
    results = search_items(SearchQuery(text=text), day=TODAY)
    assert not results.is_similar
    assert names(text) == [name]


def test_search_of_a_long_text_looks_for_its_beginning(shelf: Cast) -> None:
    assert names("handskar " + "x" * 20_000) == names("handskar " + "x" * 111)


@pytest.fixture
def few_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rank four items, as if the assortment were too large for all that is found."""
    monkeypatch.setattr("catalog.search.MOST_RANKED", 4)


@pytest.mark.usefixtures("few_ranked")
def test_search_says_when_there_is_more_than_it_ranks(shelf: Cast) -> None:
    many = search_items(SearchQuery(text="st"), day=TODAY)
    everything = search_items(SearchQuery(), day=TODAY)
    few = search_items(SearchQuery(text="pärm"), day=TODAY)
    assert (everything.has_more, few.has_more, few.total) == (True, False, 1)
    assert everything.total >= 4
    assert many.has_more is (many.total > 4)


@pytest.mark.usefixtures("few_ranked")
def test_search_filters_before_it_ranks_when_there_is_more(shelf: Cast) -> None:
    """What a filter lets through is found however much comes before it."""
    Item.objects.filter(pk=shelf.gown.pk).update(criteria_level="leading")
    assert names("", advanced=True) == [shelf.gown.name]
    within = search_items(SearchQuery(category=shelf.gloves_category), day=TODAY)
    assert len(within.item_ids) == within.total == 3
    assert not within.has_more
    CategoryPolicy.objects.filter(category=shelf.medical).update(standing_approval_limit=Decimal(1000))
    direct = search_items(SearchQuery(category=shelf.gloves_category, direct=True), day=TODAY)
    assert set(direct.item_ids) <= set(within.item_ids)
    assert direct.item_ids


@pytest.mark.usefixtures("few_ranked")
def test_a_category_of_a_large_assortment_is_counted_by_itself(shelf: Cast) -> None:
    """What lies elsewhere is not ranked to be left out, and what is bought comes first however little it is used."""
    last = item("199999", "Handske till allra sist", shelf.gloves_category, unit="st")
    for number in range(6):
        item(f"15000{number}", f"Handske nummer {number}", shelf.gloves_category, unit="st")
    Item.objects.exclude(pk=last.pk).update(usual_weekly_quantity=9)
    Price.objects.all().delete()
    quantity_by_item = {last.pk: 5, shelf.gown.pk: 7}
    within = search_items(SearchQuery(category=shelf.gloves_category), day=TODAY, bought=quantity_by_item)
    assert within.item_ids[0] == last.pk
    assert shelf.gown.pk not in within.item_ids
    assert within.has_more
    assert within.everywhere > 4
    assert within.on_agreement == within.direct == 0


def test_fewer_are_ranked_when_the_first_few_are_asked_for(shelf: Cast) -> None:
    for number in range(6):
        item(f"15000{number}", f"Handske nummer {number}", shelf.gloves_category, unit="st")
    few = search_items(SearchQuery(text="handske"), day=TODAY, per_page=2, most=3)
    assert (len(few.item_ids), few.has_more) == (2, True)
    assert not search_items(SearchQuery(text="handske"), day=TODAY, per_page=2).has_more


@pytest.mark.usefixtures("few_ranked")
def test_search_always_ranks_what_is_used_and_bought(shelf: Cast) -> None:
    last = item("199999", "Handske till allra sist", shelf.gloves_category, unit="st")
    for number in range(6):
        item(f"15000{number}", f"Handske nummer {number}", shelf.gloves_category, unit="st")
    Item.objects.exclude(pk=last.pk).update(usual_weekly_quantity=None)
    Price.objects.all().delete()
    assert names("handske")[0] != last.name
    assert (
        numbers(search_items(SearchQuery(text="handske"), day=TODAY, bought={last.pk: 5}))[0] == last.number
    )
    Item.objects.filter(pk=last.pk).update(usual_weekly_quantity=5)
    assert last.name in names("handske")


def test_words_of_names_are_kept_as_items_change(shelf: Cast) -> None:
    thing = item("188888", "Blodtrycksmanschett", shelf.medical, unit="st")
    assert numbers(search_items(SearchQuery(text="blodtryksmanschett"), day=TODAY)) == [thing.number]
    Item.objects.filter(pk=thing.pk).update(name="Saturationsmätare")
    assert names("blodtryksmanschett") == []
    assert names("saturationsmättare") == ["Saturationsmätare"]


@pytest.mark.usefixtures("few_ranked")
def test_where_more_are_used_than_are_ranked_they_are_those(shelf: Cast) -> None:
    """The region has no use for the others; still each stands on a page, and filters find those that fit them."""
    for number in range(20):
        item(f"15000{number:02}", f"Handske nummer {number}", shelf.gloves_category, unit="st")
    used_items = Item.objects.filter(number__gte="1500010", number__lte="1500019")
    used_items.update(usual_weekly_quantity=5)
    first = search_items(SearchQuery(text="handske"), day=TODAY, per_page=2)
    ranked = [search_items(SearchQuery(text="handske"), day=TODAY, per_page=2, page=page) for page in (1, 2)]
    assert first.is_cut
    assert first.has_more
    assert {pk for page in ranked for pk in page.item_ids} <= set(used_items.values_list("pk", flat=True))
    pages = [
        search_items(SearchQuery(text="handske"), day=TODAY, per_page=2, page=page).item_ids
        for page in range(1, 30)
    ]
    item_ids = [pk for page in pages for pk in page]
    assert len(item_ids) == len(set(item_ids)) == Item.objects.filter(name__icontains="handske").count()
    advanced = Item.objects.get(number="1500003")
    Item.objects.filter(pk=advanced.pk).update(criteria_level=CriteriaLevel.ADVANCED)
    results = search_items(SearchQuery(text="handske", advanced=True), day=TODAY)
    assert advanced.pk in results.item_ids


@pytest.mark.usefixtures("few_ranked")
@pytest.mark.parametrize("text", ["handske", ""])
def test_pages_after_those_that_are_ranked_have_the_rest_once(shelf: Cast, text: str) -> None:
    for number in range(20):
        item(f"15000{number:02}", f"Handske nummer {number}", shelf.gloves_category, unit="st")
    query = SearchQuery(text=text, category=shelf.gloves_category)
    first = search_items(query, day=TODAY, per_page=2)
    pages = [search_items(query, day=TODAY, per_page=2, page=page).item_ids for page in range(1, 20)]
    item_ids = [pk for page in pages for pk in page]
    assert first.has_more
    assert pages[first.ranked_pages]
    assert len(item_ids) == len(set(item_ids))
    assert set(item_ids) == set(
        Item.objects.filter(category=shelf.gloves_category).values_list("pk", flat=True)
    )
