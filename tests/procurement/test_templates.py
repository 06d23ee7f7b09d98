"""Order templates: made, changed, filled in by a person, never by themselves; reminders; mergers and leavers."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from catalog.models import Item
from catalog.states import ItemStatus
from core.errors import InvalidInput, NotPermitted, WrongState
from core.working_days import is_working_day
from notices.models import Notice
from organizations.models import Absence, DeliveryPlace, Membership, Role
from procurement.models import OrderTemplate, TemplateLine
from procurement.operations import templates
from procurement.operations.baskets import PlaceOfAnotherDepartment, open_basket
from procurement.operations.departments import merge_departments
from procurement.operations.filling import NothingChosen, Wish
from procurement.operations.leaving import leave
from procurement.operations.morning_notices import tell_morning
from procurement.operations.templates import TemplateFacts
from procurement.permissions import DepartmentIsClosed, NotYourDepartment
from procurement.reminders import days_to_say, falls_on
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, membership
from tests.races import race

EVERY_WEEK = TemplateFacts("Veckobeställning", notes="Mindre i juli")


def wishes(cast: Cast, gloves: int = 6, gown: int = 2) -> list[Wish]:
    return [Wish(cast.gloves, Decimal(gloves)), Wish(cast.gown, Decimal(gown))]


def made(cast: Cast, facts: TemplateFacts = EVERY_WEEK) -> OrderTemplate:
    return templates.make_template(
        department=cast.ward, facts=facts, wishes=wishes(cast), by=cast.requester, at=NOW
    )


def held(template: OrderTemplate) -> list[tuple[str, Decimal, str]]:
    lines = template.lines.order_by("position")
    return list(lines.values_list("item__number", "quantity", "unit"))


def test_make_keeps_what_it_is_told_and_says_so(cast: Cast) -> None:
    template = made(cast)
    assert held(template) == [("104412", Decimal(6), "ask"), ("104600", Decimal(2), "förp")]
    assert [keeper.person for keeper in template.keepers.all()] == [cast.requester]
    entry = Entry.objects.about(template).get()
    assert (entry.event, entry.by_name, entry.details["lines"]) == ("order_template.made", "Elin Bergvall", 2)
    assert list(OrderTemplate.objects.visible_to(cast.colleague, TODAY)) == [template]
    assert list(OrderTemplate.objects.visible_to(cast.budget_holder, TODAY)) == [template]
    assert list(OrderTemplate.objects.visible_to(cast.stranger, TODAY)) == []


@pytest.mark.parametrize("who", ["stranger", "manager", "budget_holder", "auditor", "administrator"])
def test_nobody_else_touches_a_departments_template(cast: Cast, who: str) -> None:
    template, by = made(cast), getattr(cast, who)
    basket = worlds.basket(cast, (cast.chair, 1))
    acts: list[Callable[[], object]] = [
        lambda: templates.make_template(
            department=cast.ward, facts=TemplateFacts("X"), wishes=[], by=by, at=NOW
        ),
        lambda: templates.change_template(
            template=template, version=1, facts=EVERY_WEEK, wishes=[], by=by, at=NOW
        ),
        lambda: templates.remove_template(template=template, by=by, at=NOW),
        lambda: templates.keep_template(template=template, is_kept=True, by=by, at=NOW),
        lambda: templates.fill_from_template(
            template=template, basket=basket, wishes=wishes(cast), by=by, at=NOW
        ),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert held(template)
    assert not Entry.objects.filter(event="order_template.changed").exists()


def test_a_template_is_not_filled_into_another_departments_basket_by_a_stranger_there(cast: Cast) -> None:
    """She has a basket of her own, but does not order for the ward."""
    template = made(cast)
    basket = open_basket(department=cast.home, by=cast.stranger, at=NOW)
    with pytest.raises(NotYourDepartment):
        templates.fill_from_template(
            template=template, basket=basket, wishes=wishes(cast), by=cast.stranger, at=NOW
        )
    assert not basket.lines.exists()


@pytest.mark.parametrize(
    "facts",
    [
        TemplateFacts("  "),
        TemplateFacts("x" * 81),
        TemplateFacts("x", notes="y" * 501),
        TemplateFacts("x", remind_weekday=1, remind_month_day=1),
        TemplateFacts("x", remind_weekday=8),
        TemplateFacts("x", remind_month_day=0),
    ],
)
def test_make_of_what_cannot_be_is_refused(cast: Cast, facts: TemplateFacts) -> None:
    with pytest.raises(InvalidInput):
        made(cast, facts)
    assert not OrderTemplate.objects.exists()


def test_make_refuses_a_name_that_is_taken_and_a_place_of_another_department(cast: Cast) -> None:
    made(cast)
    with pytest.raises(templates.TemplateNameTaken):
        made(cast, TemplateFacts("veckoBESTÄLLNING"))
    with pytest.raises(PlaceOfAnotherDepartment):
        made(cast, TemplateFacts("x", delivery_place=cast.home_place))
    with pytest.raises(InvalidInput):
        templates.make_template(
            department=cast.ward,
            facts=TemplateFacts("y"),
            wishes=[Wish(cast.gloves, Decimal("0"))],
            by=cast.requester,
            at=NOW,
        )


def test_change_replaces_the_items_and_the_second_of_two_is_told(cast: Cast) -> None:
    template = made(cast)
    changed = templates.change_template(
        template=template,
        version=1,
        facts=TemplateFacts("Ny"),
        wishes=wishes(cast)[1:],
        by=cast.colleague,
        at=NOW,
    )
    assert (changed.name, len(held(changed)), changed.version) == ("Ny", 1, 2)
    with pytest.raises(templates.TemplateHasChanged, match="Oskar Lindahl har ändrat mallen"):
        templates.change_template(
            template=template, version=1, facts=EVERY_WEEK, wishes=wishes(cast), by=cast.requester, at=NOW
        )
    assert len(held(changed)) == 1


def test_remove_takes_all_of_it_and_keeps_the_trail(cast: Cast) -> None:
    template = made(cast)
    templates.remove_template(template=template, by=cast.colleague, at=NOW)
    assert not OrderTemplate.objects.exists()
    assert not TemplateLine.objects.exists()
    assert Entry.objects.filter(event="order_template.removed", subject_label="Veckobeställning").count() == 1
    again: list[Callable[[], object]] = [
        lambda: templates.remove_template(template=template, by=cast.requester, at=NOW),
        lambda: templates.keep_template(template=template, is_kept=True, by=cast.requester, at=NOW),
    ]
    for act in again:
        with pytest.raises(templates.TemplateIsGone):
            act()


def test_fill_puts_what_was_chosen_in_the_basket_and_orders_nothing(cast: Cast) -> None:
    place = DeliveryPlace.objects.create(
        department=cast.ward, name="Förrådet", street="x", postcode="1", city="Visby"
    )
    template = made(cast, TemplateFacts("Vecka", delivery_place=place))
    basket = open_basket(department=cast.ward, by=cast.requester, at=NOW)
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    cast.gown.refresh_from_db()
    copied = templates.fill_from_template(
        template=template, basket=basket, wishes=wishes(cast), by=cast.requester, at=NOW
    )
    assert [(line.item, line.quantity) for line in basket.lines.all()] == [(cast.gloves, Decimal(6))]
    assert copied.left_out == [cast.gown]
    basket.refresh_from_db()
    assert (basket.delivery_place, basket.submitted_at) == (place, None)
    template.refresh_from_db()
    assert (template.filled_by, template.filled_at) == (cast.requester, NOW)
    again = templates.fill_from_template(
        template=template, basket=basket, wishes=wishes(cast)[:1], by=cast.requester, at=NOW
    )
    assert [line.quantity for line in again.increased] == [Decimal(12)]
    with pytest.raises(NothingChosen):
        templates.fill_from_template(template=template, basket=basket, wishes=[], by=cast.requester, at=NOW)


def test_fill_asks_as_many_questions_for_many_items_as_for_few(cast: Cast) -> None:
    template = made(cast)
    basket = open_basket(department=cast.ward, by=cast.requester, at=NOW)

    def questions(wish_list: list[Wish]) -> int:
        with CaptureQueriesContext(connection) as captured:
            templates.fill_from_template(
                template=template, basket=basket, wishes=wish_list, by=cast.requester, at=NOW
            )
        return len(captured)

    questions(wishes(cast)[:1])
    assert questions(wishes(cast)[:1]) == questions([*wishes(cast)[:1], *wishes(cast)[:1]])
    questions([*wishes(cast), Wish(cast.chair, Decimal(1))])
    assert questions(wishes(cast)[:1]) == questions([*wishes(cast), Wish(cast.chair, Decimal(1))])


def test_database_refuses_two_days_and_two_names(cast: Cast) -> None:
    template = made(cast)
    for change in ({"remind_weekday": 1, "remind_month_day": 1}, {"remind_weekday": 0}, {"filled_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderTemplate.objects.filter(pk=template.pk).update(**change)
    other = made(cast, TemplateFacts("Annan"))
    with pytest.raises(IntegrityError, match="order_template_name_unique"), transaction.atomic():
        OrderTemplate.objects.filter(pk=other.pk).update(name="VECKOBESTÄLLNING")


# Reminders


@pytest.mark.parametrize(
    ("since", "day", "said"),
    [
        ("2021-06-14", "2021-06-15", ["2021-06-15"]),
        ("2021-06-17", "2021-06-18", ["2021-06-18", "2021-06-19", "2021-06-20"]),
        (
            "2021-06-23",
            "2021-06-24",
            ["2021-06-24", "2021-06-25", "2021-06-26", "2021-06-27"],
        ),  # midsummer eve
        ("2021-06-15", "2021-06-17", ["2021-06-16", "2021-06-17"]),  # a morning that was missed
        (None, "2021-06-18", ["2021-06-18", "2021-06-19", "2021-06-20"]),
    ],
)
@pytest.mark.django_db
def test_days_to_say(since: str | None, day: str, said: list[str]) -> None:
    days = days_to_say(since=date.fromisoformat(since) if since else None, day=date.fromisoformat(day))
    assert [each.isoformat() for each in days] == said


@pytest.mark.django_db
def test_every_day_of_two_years_is_said_once_on_a_working_day_no_later() -> None:
    day, last, morning_by_day = date(2021, 1, 4), date(2020, 12, 30), {}
    while day < date(2023, 1, 1):
        if is_working_day(day):
            for each in days_to_say(since=last, day=day):
                assert each not in morning_by_day
                morning_by_day[each] = day
            last = day
        day += timedelta(days=1)
    assert all(morning <= each or not is_working_day(each) for each, morning in morning_by_day.items())
    assert all(morning <= each for each, morning in morning_by_day.items() if each >= date(2021, 1, 4))
    assert len(morning_by_day) == (max(morning_by_day) - min(morning_by_day)).days + 1


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31)), st.integers(1, 31))
def test_a_day_of_the_month_falls_once_in_each_month(day: date, month_day: int) -> None:
    month = [day.replace(day=1) + timedelta(days=number) for number in range(31)]
    hits = [
        each
        for each in month
        if each.month == day.month and falls_on(each, weekday=None, month_day=month_day)
    ]
    assert len(hits) == 1
    assert falls_on(day, weekday=day.isoweekday(), month_day=None)
    assert not falls_on(day, weekday=None, month_day=None)


def morning(at: datetime) -> list[tuple[str, str]]:
    """Who is told of templates that morning, and of which."""
    assert tell_morning(at=at)
    rows = Notice.objects.filter(kind="order_template").order_by("pk")
    return [
        (notice.recipient.first_name, notice.facts["name"]) for notice in rows.select_related("recipient")
    ]


def test_morning_reminds_those_who_keep_it_on_its_day(cast: Cast) -> None:
    made(cast, TemplateFacts("I dag", remind_weekday=TODAY.isoweekday()))
    made(cast, TemplateFacts("Annan dag", remind_weekday=(TODAY - timedelta(days=1)).isoweekday()))
    made(cast, TemplateFacts("I månaden", remind_month_day=TODAY.day))
    made(cast, TemplateFacts("Ingen dag"))
    assert morning(NOW) == [("Elin", "I dag"), ("Elin", "I månaden")]
    assert Notice.objects.first().address.startswith("/mallar/")  # type: ignore[union-attr]


@pytest.mark.parametrize("how", ["leaves", "is away", "loses the role", "lets go"])
def test_morning_reminds_the_others_when_nobody_who_keeps_it_can_order(cast: Cast, how: str) -> None:
    template = made(cast, TemplateFacts("Vecka", remind_weekday=TODAY.isoweekday()))
    if how == "leaves":
        leave(user=cast.requester, successor=None, by=cast.administrator, at=NOW)
    elif how == "is away":
        Absence.objects.create(user=cast.requester, during=ALWAYS)
    elif how == "loses the role":
        Membership.objects.filter(user=cast.requester).delete()
    else:
        templates.keep_template(template=template, is_kept=False, by=cast.requester, at=NOW)
    names = {name for name, _template in morning(NOW)}
    assert "Oskar" in names
    assert ("Elin" in names) == (how == "lets go")


def test_a_successor_keeps_the_templates_of_departments_that_she_orders_for(cast: Cast) -> None:
    template = made(cast)
    leave(user=cast.requester, successor=cast.colleague, by=cast.administrator, at=NOW)
    assert [keeper.person for keeper in template.keepers.all()] == [cast.colleague]


def test_a_template_of_a_closed_department_reminds_nobody_and_is_not_filled(cast: Cast) -> None:
    template = made(cast, TemplateFacts("Vecka", remind_weekday=TODAY.isoweekday()))
    basket = worlds.basket(cast, (cast.chair, 1))
    cast.ward.closed_date = TODAY
    cast.ward.save()
    cast.requester.remembered.clear()
    assert morning(NOW) == []
    with pytest.raises(DepartmentIsClosed):
        templates.fill_from_template(
            template=template, basket=basket, wishes=wishes(cast), by=cast.requester, at=NOW
        )


def test_merge_lets_the_templates_go_on_in_the_other_department(cast: Cast) -> None:
    membership(cast.requester, Role.REQUESTER, cast.home)
    ward_template = made(cast, TemplateFacts("Vecka", delivery_place=cast.ward.delivery_places.first()))
    home_template = templates.make_template(
        department=cast.home, facts=TemplateFacts("vecka"), wishes=[], by=cast.stranger, at=NOW
    )
    merge_departments(department=cast.ward, into=cast.home, by=cast.administrator, at=NOW)
    ward_template.refresh_from_db()
    assert (ward_template.department, ward_template.name) == (cast.home, f"Vecka ({cast.ward.name})")
    assert ward_template.delivery_place is not None
    assert ward_template.delivery_place.department == cast.home
    assert len(held(ward_template)) == 2
    assert home_template.department == cast.home


@pytest.mark.django_db(transaction=True)
def test_two_who_change_a_template_at_once_do_not_write_over_each_other(cast: Cast) -> None:
    template = made(cast)
    acts = [
        lambda: templates.change_template(
            template=template,
            version=1,
            facts=TemplateFacts("A"),
            wishes=wishes(cast),
            by=cast.requester,
            at=NOW,
        ),
        lambda: templates.change_template(
            template=template, version=1, facts=TemplateFacts("B"), wishes=[], by=cast.colleague, at=NOW
        ),
    ]
    results = race(*acts)
    assert [isinstance(each, WrongState) for each in results].count(True) == 1
    template.refresh_from_db()
    assert (template.version, len(held(template))) in {(2, 2 if template.name == "A" else 0)}


@pytest.mark.django_db(transaction=True)
def test_two_templates_made_at_once_under_one_name_are_one(cast: Cast) -> None:
    results = race(*[lambda: made(cast)] * 2)
    assert [isinstance(each, templates.TemplateNameTaken) for each in results].count(True) == 1
