"""An item's way through its life cycle: who may, what each step asks for, what is told, and that nothing waits for ever."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from audit.models import Entry
from catalog.models import Item, Substitution, Trial
from catalog.operations import favourites
from catalog.permissions import can_be_ordered
from catalog.states import ItemStatus
from core.errors import DomainError
from notices.models import Notice
from organizations.models import User
from procurement.operations import assortment, baskets, decisions, orders, templates
from procurement.operations.departments import merge_departments
from procurement.operations.filling import Wish
from procurement.operations.putting_away import put_away_all
from registers.operations.rows import change_row
from registers.register import REGISTERS
from tests import worlds
from tests.cast import NOW, TODAY, Cast, item

pytestmark = pytest.mark.django_db

LAST = TODAY + timedelta(days=20)


@pytest.fixture
def new(cast: Cast) -> Item:
    thing = item("104900", "Munskydd vätskeavvisande", cast.medical, unit="ask", factor=50)
    Item.objects.filter(pk=thing.pk).update(status=ItemStatus.PROPOSED)
    return Item.objects.get(pk=thing.pk)


def trial(cast: Cast, thing: Item, **changes: Any) -> Item:
    defaults: dict[str, Any] = {
        "departments": [cast.ward],
        "first_date": TODAY,
        "last_date": LAST,
        "by": cast.manager,
        "at": NOW,
    }
    return assortment.start_trial(item=thing, **(defaults | changes))


def written(cast: Cast, thing: Item, *, at: datetime = NOW, **cells: str) -> None:
    change_row(register=REGISTERS["items"], row_id=thing.pk, cells=cells, by=cast.manager, at=at)


def leave(cast: Cast, thing: Item, **changes: Any) -> Item:
    defaults: dict[str, Any] = {
        "replacement": cast.gloves,
        "last_order_date": LAST,
        "by": cast.manager,
        "at": NOW,
    }
    return assortment.phase_out(item=thing, **(defaults | changes))


def test_from_proposal_to_the_end(cast: Cast, new: Item) -> None:
    assortment.assess(item=new, by=cast.manager, at=NOW)
    tried = trial(cast, new)
    assert tried.status == ItemStatus.TRIAL
    assert tried.tried == [[cast.ward.pk, TODAY.isoformat(), LAST.isoformat()]]
    assert can_be_ordered(tried, day=LAST, department_id=cast.ward.pk)
    assert not can_be_ordered(tried, day=LAST + timedelta(days=1), department_id=cast.ward.pk)
    assert not can_be_ordered(tried, day=LAST, department_id=cast.home.pk)
    standard = assortment.decide_standard(item=new, by=cast.head, at=NOW, comment="Provet gick bra")
    assert can_be_ordered(standard, day=TODAY, department_id=cast.home.pk)
    leaving = leave(cast, new)
    assert (leaving.status, leaving.last_order_date) == (ItemStatus.PHASING_OUT, LAST)
    assert Substitution.objects.get(from_item=new).to_item == cast.gloves
    restored = assortment.decide_standard(item=new, by=cast.manager, at=NOW)
    assert restored.last_order_date is None
    leave(cast, new)
    assert assortment.retire_due(at=NOW) == 0
    later = NOW + timedelta(days=21)
    assert assortment.retire_due(at=later) == 1
    assert assortment.retire_due(at=later) == 0
    assert Item.objects.get(pk=new.pk).status == ItemStatus.RETIRED
    events = Entry.objects.filter(subject_id=new.pk, event__startswith="item.").order_by("pk")
    assert list(events.values_list("event", flat=True)) == [
        "item.assessed",
        "item.trial_started",
        "item.standard",
        "item.phased_out",
        "item.standard",
        "item.phased_out",
        "item.retired",
    ]


ACTS: dict[str, Callable[[Cast, Item, Any], Item]] = {
    "assess": lambda cast, thing, by: assortment.assess(item=thing, by=by, at=NOW),
    "trial": lambda cast, thing, by: trial(cast, thing, by=by),
    "standard": lambda cast, thing, by: assortment.decide_standard(item=thing, by=by, at=NOW),
    "leave": lambda cast, thing, by: leave(cast, thing, by=by),
    "retire": lambda cast, thing, by: assortment.retire(item=thing, by=by, at=NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_those_who_answer_for_the_category(cast: Cast, new: Item, act: str) -> None:
    for who in ("requester", "office_deputy", "controller", "administrator", "auditor"):
        with pytest.raises(DomainError) as refusal:
            ACTS[act](cast, new, getattr(cast, who))
        assert refusal.value.code == "item_of_another"
    new.refresh_from_db()
    assert new.status == ItemStatus.PROPOSED


@pytest.mark.parametrize(
    ("act", "changes", "code"),
    [
        (trial, {"departments": []}, "item_trial_has_no_departments"),
        (trial, {"last_date": TODAY - timedelta(days=1)}, "trial_has_no_end"),
        (trial, {"first_date": date(2021, 1, 1), "last_date": date(2021, 2, 1)}, "item_day_in_the_past"),
        (leave, {"last_order_date": TODAY - timedelta(days=1)}, "item_day_in_the_past"),
        (leave, {"equivalence": "crisis_only"}, "item_replacement_missing"),
    ],
)
def test_what_a_step_asks_for(cast: Cast, new: Item, act: Any, changes: Any, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        act(cast, new, **changes)
    assert refusal.value.code == code


def test_what_replaces_is_another_item_that_is_standard(cast: Cast, new: Item) -> None:
    for replacement, code in ((cast.gown, "substituted_by_itself"), (new, "item_replacement_not_standard")):
        with pytest.raises(DomainError) as refusal:
            leave(cast, cast.gown, replacement=replacement)
        assert refusal.value.code == code
    with pytest.raises(DomainError, match="kan inte bli"):
        leave(cast, new)
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.RETIRED)
    with pytest.raises(DomainError) as refusal:
        leave(cast, cast.gown, replacement=cast.gloves)
    assert refusal.value.code == "item_replacement_not_standard", "it has left since it was read"


def test_a_trial_is_prolonged_with_other_departments(cast: Cast, new: Item) -> None:
    assortment.assess(item=new, by=cast.manager, at=NOW)
    trial(cast, new, first_date=TODAY - timedelta(days=10))
    tried = trial(cast, new, departments=[cast.home, cast.ward], last_date=LAST + timedelta(days=30))
    past = (TODAY - timedelta(days=1)).isoformat()
    last = (LAST + timedelta(days=30)).isoformat()
    assert sorted(tried.tried) == sorted(
        [
            [cast.ward.pk, (TODAY - timedelta(days=10)).isoformat(), past],
            [cast.ward.pk, TODAY.isoformat(), last],
            [cast.home.pk, TODAY.isoformat(), last],
        ]
    )
    assert Trial.objects.filter(item=new).count() == 3


def test_who_has_it_in_a_basket_or_as_a_favourite_is_told_once(cast: Cast) -> None:
    worlds.basket(cast, (cast.gown, 2))
    favourites.add(item=cast.gown, by=cast.stranger, at=NOW)
    leave(cast, cast.gown)
    assert assortment.tell_of_leaving(at=NOW) == 1
    notices = Notice.objects.filter(kind="leaving_item")
    assert {notice.recipient for notice in notices} == {cast.requester, cast.stranger}
    assert notices[0].facts["replacement"] == cast.gloves.swedish_name
    assert assortment.tell_of_leaving(at=NOW + timedelta(days=1)) == 0
    Item.objects.filter(pk=cast.gown.pk).update(last_order_date=LAST + timedelta(days=5))
    assert assortment.tell_of_leaving(at=NOW + timedelta(days=2)) == 1


def test_who_orders_is_told_of_what_leaves_a_template_that_nobody_keeps(cast: Cast) -> None:
    """As they are reminded of it: its keepers, and all who order when none of them does."""
    kept, unkept = (
        templates.make_template(
            department=cast.ward,
            facts=templates.TemplateFacts(name),
            wishes=[Wish(thing, Decimal(1))],
            by=cast.requester,
            at=NOW,
        )
        for name, thing in (("Vecka", cast.chair), ("Månad", cast.gown))
    )
    unkept.keepers.all().delete()
    for thing in (cast.gown, cast.chair):
        leave(cast, thing, by=cast.head)
    assortment.tell_of_leaving(at=NOW)
    notices = Notice.objects.filter(kind="leaving_item")
    of_gown, of_chair = (
        {each.recipient for each in notices if each.facts["number"] == thing.number}
        for thing in (cast.gown, cast.chair)
    )
    assert of_chair == {cast.requester} == {each.person for each in kept.keepers.all()}
    assert of_gown == {cast.requester, cast.colleague}


def test_what_stays_after_all_is_told_of_no_more_and_anew_when_it_leaves_again(cast: Cast) -> None:
    """On its page at once; where a register says so, or its last day has passed, within a minute by the clock."""
    worlds.basket(cast, (cast.gown, 2))
    notices = Notice.objects.unread().filter(kind="leaving_item")
    leave(cast, cast.gown)
    assert assortment.tell_of_leaving(at=NOW) == 1
    assert put_away_all(at=NOW) == 0
    assortment.decide_standard(item=cast.gown, by=cast.manager, at=NOW)
    assert not notices.exists()
    later = NOW + timedelta(hours=1)
    leave(cast, cast.gown, at=later)
    assert assortment.tell_of_leaving(at=later) == 1
    assert notices.count() == 1
    change_row(
        register=REGISTERS["items"],
        row_id=cast.gown.pk,
        cells={"status": "standard"},
        by=cast.manager,
        at=NOW,
    )
    assert put_away_all(at=NOW) == 1


def test_what_is_on_its_way_keeps_an_item_from_retiring_in_the_register_too(cast: Cast) -> None:
    worlds.approved(cast, (cast.gown, 2))
    leave(cast, cast.gown)
    for day in (NOW, NOW + timedelta(days=30)):
        with pytest.raises(DomainError) as refusal:
            written(cast, cast.gown, at=day, status="retired")
        assert refusal.value.code == "item_is_on_its_way"


def test_what_is_on_its_way_keeps_an_item_from_retiring(cast: Cast) -> None:
    """Asked for, approved and ordered: it retires when nothing of it is left to wait for."""
    line = worlds.line(cast, (cast.gown, 2))
    leave(cast, cast.gown)
    later = NOW + timedelta(days=30)
    assert assortment.retire_due(at=later) == 0
    with pytest.raises(DomainError) as refusal:
        assortment.retire(item=cast.gown, by=cast.manager, at=later)
    assert refusal.value.code == "item_is_on_its_way"
    assert decisions.approve(lines=[line], by=cast.manager, at=NOW).done
    assert assortment.retire_due(at=later) == 0
    (order,) = orders.consolidate(at=NOW, due_only=False)
    assert assortment.retire_due(at=later) == 0
    orders.cancel_order(order=order, reason="Behövs inte", by=cast.manager, at=NOW)
    assert assortment.retire_due(at=later) == 1


def test_a_basket_is_held_to_the_trial_of_its_department(cast: Cast, new: Item) -> None:
    basket = worlds.basket(cast)
    assortment.assess(item=new, by=cast.manager, at=NOW)
    tried = trial(cast, new, departments=[cast.home])
    with pytest.raises(DomainError) as refusal:
        baskets.add_item(basket=basket, item=tried, quantity=Decimal(1), by=cast.requester, at=NOW)
    assert refusal.value.code == "item_on_trial"


def test_a_merged_department_goes_on_trying(cast: Cast, new: Item) -> None:
    assortment.assess(item=new, by=cast.manager, at=NOW)
    trial(cast, new, departments=[cast.home], first_date=TODAY - timedelta(days=5))
    merge_departments(department=cast.home, into=cast.ward, by=cast.administrator, at=NOW)
    tried = Item.objects.get(pk=new.pk)
    for department in (cast.home, cast.ward):
        assert can_be_ordered(tried, day=LAST, department_id=department.pk)
    assert not can_be_ordered(tried, day=TODAY - timedelta(days=1), department_id=cast.ward.pk)


def said(person: User) -> list[str]:
    """What the person has been told of trials, the latest first."""
    notices = Notice.objects.filter(kind="item_trial", recipient=person).order_by("-pk")
    return [f"{each.sentence.title}. {each.sentence.text}".replace("\xa0", " ") for each in notices]


def test_who_orders_for_a_department_is_told_of_its_trial(cast: Cast, new: Item) -> None:
    assortment.assess(item=new, by=cast.manager, at=NOW)
    trial(cast, new, departments=[cast.ward, cast.home], comment="Säg vad ni tycker.")
    name = new.swedish_name
    sentence = f"Medicinavdelning 1 prövar {name}. Ni kan beställa den från och med tis 18 maj till och med mån 7 juni."
    assert said(cast.requester) == [sentence + " ”Säg vad ni tycker.”"]
    assert len(said(cast.stranger)) == 1
    trial(cast, new, departments=[cast.ward, cast.home], at=NOW + timedelta(hours=1))
    assert len(said(cast.requester)) == 1, "nothing has changed"
    trial(cast, new, departments=[cast.home], last_date=LAST + timedelta(days=1), at=NOW + timedelta(hours=2))
    assert (
        said(cast.requester)[0]
        == f"Medicinavdelning 1 prövar inte längre {name}. Ni kan inte beställa den längre."
    )
    assert "till och med tis 8 juni" in said(cast.stranger)[0]
    assortment.decide_standard(
        item=new, by=cast.manager, at=NOW + timedelta(hours=3), comment="Provet gick bra."
    )
    assert said(cast.stranger)[0].startswith(f"{name} har blivit standard.")
    assert "Provet gick bra." in said(cast.stranger)[0]
    assert Notice.objects.unread().filter(kind="item_trial", recipient=cast.stranger).count() == 1


def test_who_tried_what_does_not_come_in_is_told(cast: Cast, new: Item) -> None:
    assortment.assess(item=new, by=cast.manager, at=NOW)
    trial(cast, new)
    assortment.retire(item=new, by=cast.manager, at=NOW + timedelta(hours=1))
    assert said(cast.requester)[0].startswith(f"{new.swedish_name} tas inte in i sortimentet.")
    assert said(cast.stranger) == []
