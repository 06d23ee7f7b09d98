"""Questions that are compiled once: what they give, and that they are asked with the values of each time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.core.signals import request_started
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext
from psycopg2 import OperationalError

from core.compiled import CompiledOnce, compiled_once, planned_each_time
from core.counting import fetch_together
from organizations.models import Absence, Department, Membership, Role, User
from tests.cast import NOW, Cast

asked: list[str] = []


@compiled_once
def members(departments: list[int], day: date) -> QuerySet[Membership]:
    """Give the memberships of departments that day, with whether the person is away."""
    asked.append("members")
    absences = Absence.objects.filter(user=models.OuterRef("user"), during__contains=day)
    return (
        Membership.objects.on(day)
        .filter(department__among=departments)
        .select_related("user", "department__administration")
        .annotate(is_away=models.Exists(absences))
        .order_by("pk")
    )


def plainly(departments: list[Department], day: date) -> list[Membership]:
    return list(Membership.objects.on(day).filter(department__in=departments).order_by("pk"))


def test_a_question_gives_what_its_queryset_gives(cast: Cast) -> None:
    rows = members([cast.ward.pk], NOW.date())
    assert rows == plainly([cast.ward], NOW.date())
    assert {each.user for each in rows} >= {cast.requester}


def test_a_question_is_built_once_and_asked_with_new_values(cast: Cast) -> None:
    members([cast.ward.pk], NOW.date())
    asked.clear()
    everywhere = list(Department.objects.all())
    assert members([each.pk for each in everywhere], NOW.date()) == plainly(everywhere, NOW.date())
    assert members([], NOW.date()) == []
    assert members(departments=[cast.ward.pk], day=date(1999, 1, 1)) == []
    assert asked == []


def test_a_question_brings_what_is_joined_and_computed(cast: Cast) -> None:
    Absence.objects.create(user=cast.requester, during=DateRange(NOW.date(), None))
    with CaptureQueriesContext(connection) as captured:
        member_by_name = {each.user.full_name: each for each in members([cast.ward.pk], NOW.date())}
        assert member_by_name[cast.requester.full_name].department.administration.name  # type: ignore[union-attr]
    assert len(captured) == 1
    assert member_by_name[cast.requester.full_name].is_away  # type: ignore[attr-defined]
    assert not member_by_name[cast.colleague.full_name].is_away  # type: ignore[attr-defined]


def test_objects_are_what_django_makes_of_the_same_rows(cast: Cast) -> None:
    def ask(department: int, day: date) -> QuerySet[Membership]:
        joined = Membership.objects.on(day).select_related("user", "department__activity")
        return joined.filter(department=department).defer("user__title").order_by("pk")

    ours = compiled_once(ask)(cast.ward.pk, NOW.date())
    reference = list(ask(cast.ward.pk, NOW.date()))
    assert ours
    assert [facts(each) for each in ours] == [facts(each) for each in reference]
    assert [each.user.title for each in ours] == [each.user.title for each in reference]


def facts(thing: models.Model) -> dict[str, object]:
    """What an object holds and whether it is saved, with what is joined to it."""
    state = thing._state
    attributes = {name: value for name, value in vars(thing).items() if name != "_state"}
    joined = {name: each and facts(each) for name, each in state.fields_cache.items()}
    return attributes | joined | {"state": (state.adding, state.db)}


def test_what_several_rows_are_joined_to_is_one_object(cast: Cast) -> None:
    rows = members([cast.ward.pk], NOW.date())
    assert len(rows) > 1
    assert len({id(each.department) for each in rows}) == 1
    assert len({id(each) for each in rows}) == len(rows)


def test_values_are_never_part_of_the_sql(cast: Cast) -> None:
    @compiled_once
    def people(email: str) -> QuerySet[User]:
        return User.objects.filter(email=email)

    assert people("x' OR '1'='1") == []
    assert people(cast.requester.email) == [cast.requester]


def test_a_question_takes_the_values_that_it_names(cast: Cast) -> None:
    with pytest.raises(TypeError, match="day"):
        members([cast.ward.pk])  # type: ignore[call-arg]


def test_constants_stay_as_they_were(cast: Cast) -> None:
    @compiled_once
    def heads(day: date) -> QuerySet[Membership]:
        return Membership.objects.on(day).filter(role=Role.HEAD_OF_PROCUREMENT).order_by("pk")

    expected = Membership.objects.on(NOW.date()).filter(role=Role.HEAD_OF_PROCUREMENT).order_by("pk")
    assert heads(NOW.date()) == list(expected)


def test_a_question_is_planned_once_for_each_connection(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        members([cast.ward.pk], NOW.date())
        members([cast.ward.pk, cast.ward.pk], NOW.date())
    first, second = (query["sql"].partition("(")[0] for query in captured)
    assert first == second
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT statement, custom_plans FROM pg_prepared_statements WHERE 'EXECUTE ' || name = %s",
            [first],
        )
        ((statement, planned_again),) = cursor.fetchall()
    assert "= ANY(($1::bigint[]))" in statement
    assert planned_again == 0
    with ThreadPoolExecutor(1) as others:
        assert others.submit(elsewhere, cast.ward.pk).result() == members([cast.ward.pk], NOW.date())


def test_a_question_is_planned_once_also_of_nobody_and_of_nothing(cast: Cast) -> None:
    """Where a value does not tell its type, the function says what it takes."""

    @compiled_once
    def among(departments: list[int], person: User | None) -> QuerySet[Membership]:
        return Membership.objects.filter(department__among=departments, user=person)

    with CaptureQueriesContext(connection) as captured:
        assert among([], None) == []
        assert among([cast.ward.pk], None) == []
        assert cast.requester.pk in {each.user_id for each in among([cast.ward.pk], cast.requester)}
    assert len({query["sql"].partition("(")[0] for query in captured}) == 1
    assert captured[0]["sql"].startswith("EXECUTE")


def test_a_question_can_be_planned_each_time(cast: Cast) -> None:
    @planned_each_time
    @compiled_once
    def department(pk: int) -> QuerySet[Department]:
        return Department.objects.filter(pk=pk)

    with CaptureQueriesContext(connection) as captured:
        assert department(cast.ward.pk) == [cast.ward]
    assert captured[0]["sql"].startswith("SELECT")


def elsewhere(department: int) -> list[Membership]:
    """Ask on a connection of its own."""
    try:
        return members([department], NOW.date())
    finally:
        connection.close()


def asked_again_after_the_server_closed_the_connection() -> list[Membership]:
    """Ask, lose the connection between two requests, and ask again."""
    try:
        members([0], NOW.date())
        with connection.connection.cursor() as cursor, suppress(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        request_started.send(sender=None)
        return members([0], NOW.date())
    finally:
        connection.close()


@pytest.mark.django_db
def test_a_lost_connection_is_replaced_before_its_names_are_used() -> None:
    with ThreadPoolExecutor(max_workers=1) as threads:
        assert threads.submit(asked_again_after_the_server_closed_the_connection).result() == []


@compiled_once
def with_a_sign(department: int) -> QuerySet[Department]:
    """Give the department when its name has a per cent sign."""
    return Department.objects.filter(pk=department, name__contains="%")


def test_constants_of_a_question_stay_what_they_are(cast: Cast) -> None:
    assert with_a_sign(cast.ward.pk) == []
    Department.objects.filter(pk=cast.ward.pk).update(name="100 % omsorg")
    assert with_a_sign(cast.ward.pk) == [cast.ward]


def test_a_question_can_ask_for_values(cast: Cast) -> None:
    @compiled_once
    def counted(department: int, day: date) -> QuerySet[Any, Any]:
        return (
            Membership.objects.on(day)
            .filter(department=department)
            .values("role", since=models.functions.Cast("valid_during__startswith", models.DateField()))
            .annotate(count=models.Count("pk"), told=models.Q(role__in=["requester"]))
            .order_by("role", "since")
        )

    rows = counted(cast.ward.pk, NOW.date())
    assert rows == list(counted.ask(cast.ward.pk, NOW.date()))
    assert rows[0].keys() == {"role", "since", "count", "told"}


def test_a_question_can_ask_without_values(cast: Cast) -> None:
    @compiled_once
    def everybody() -> QuerySet[User]:
        return User.objects.order_by("pk")

    assert everybody() == everybody() == list(User.objects.order_by("pk"))


def test_questions_are_asked_together_with_their_values(cast: Cast) -> None:
    @compiled_once
    def of(department: Department, day: date, roles: list[str]) -> QuerySet[Any, Any]:
        members = Membership.objects.on(day).filter(department=department, role__among=roles)
        return members.order_by("pk").values(said=JSONObject(person="user"))

    roles = [Role.REQUESTER.value]
    plainly = Membership.objects.on(NOW.date()).filter(department=cast.ward, role=Role.REQUESTER)
    results = fetch_together(
        {
            "compiled": of.asking(cast.ward, NOW.date(), roles),
            "of nothing": of.asking(cast.ward, NOW.date(), []),
            "a queryset": plainly.order_by("pk").values(said=JSONObject(person="user")),
            "unanswerable": plainly.filter(pk__in=[]).values(said=JSONObject(person="user")),
        }
    )
    assert results["compiled"] == results["a queryset"] != []
    assert results["of nothing"] == results["unanswerable"] == []


def test_a_question_can_take_values_by_names_that_are_known_when_it_is_made(cast: Cast) -> None:
    def on(path: str) -> CompiledOnce[Any, Membership]:
        def asked_by(**ids: Any) -> QuerySet[Membership]:
            return Membership.objects.filter(**{f"{path}__among": ids[path]}).order_by("pk")

        return CompiledOnce(asked_by, takes={path: list[int]})

    for path, pk in (("department", cast.ward.pk), ("user", cast.requester.pk)):
        assert on(path)(**{path: [pk]}) == list(Membership.objects.filter(**{path: pk}).order_by("pk"))
        assert on(path)(**{path: []}) == []
