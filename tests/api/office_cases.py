"""Merging at once, and letting a person leave: what is so before, who acts, and how she says it at each door."""

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from assortment.models import CouncilSeat
from categories.models import Category, CategoryAssignment, CategoryPolicy
from organizations.models import DeliveryPlace, Department, Membership, Role, User
from procurement.models import Requisition
from tests import worlds
from tests.api.doors import Act, Case
from tests.assortment.worlds import proposed
from tests.cast import TODAY, Cast, membership

ORGANISATION: list[type[Model]] = [
    User, Membership, Department, DeliveryPlace, Category, CategoryAssignment, CategoryPolicy, CouncilSeat,
]  # fmt: skip


def busy(cast: Cast) -> None:
    """Something waits, lies in a basket, is on its way and is proposed."""
    worlds.ordered(cast, (cast.gloves, 5))
    worlds.submitted(cast, (cast.gloves, 2))
    worlds.basket(cast, (cast.gloves, 1), by=cast.colleague)
    proposed(cast)
    CouncilSeat.objects.create(
        category=cast.gloves_category, user=cast.requester, valid_during=DateRange(TODAY, None)
    )


def leaver(cast: Cast, _world: Any) -> Act:
    return "leavers/", {"person": cast.manager.email, "successor": cast.deputy.email}


def leaver_form(cast: Cast, _world: Any) -> Act:
    return f"/personer/{cast.manager.pk}/avsluta/", {"successor": cast.deputy.email}


def departments(into: str) -> tuple[Any, Any]:
    return (
        lambda cast, _world: ("department-mergers/", {"department": "2140", "into": into}),
        lambda cast, _world: (f"/enheter/{cast.ward.pk}/sla-ihop/", {"into": into}),
    )


def categories(cast: Cast, _world: Any) -> Act:
    return "category-mergers/", {"category": cast.gloves_category.code, "into": cast.office.code}


def categories_form(cast: Cast, _world: Any) -> Act:
    return f"/kategorier/{cast.gloves_category.pk}/sla-ihop/", {"into": cast.office.code}


def with_two_departments(cast: Cast) -> Requisition:
    """Elin's basket for a ward that has closed; she orders for the home too."""
    membership(cast.requester, Role.REQUESTER, cast.home)
    basket = worlds.basket(cast, (cast.gloves, 3))
    Department.objects.filter(pk=cast.ward.pk).update(closed_date=TODAY)
    return basket


OFFICE = [
    Case("move basket", with_two_departments, "requester",
         lambda cast, held: (f"baskets/{held.pk}/move/", {"department": "3310"}),
         lambda cast, held: (f"/korg/flytta/{held.pk}/", {})),
    Case("move basket", worlds.submitted, "requester",
         lambda cast, held: (f"baskets/{held.pk}/move/", {"department": "2140"}),
         lambda cast, held: (f"/korg/flytta/{held.pk}/", {}), "already_submitted"),
    Case("leave", busy, "administrator", leaver, leaver_form, also=ORGANISATION),
    Case("leave", busy, "head", leaver, leaver_form, also=ORGANISATION),
    Case("leave", busy, "deputy", leaver, leaver_form, "accounts_are_for_administrators", also=ORGANISATION),
    Case("leave", busy, "head",
         lambda cast, _world: ("leavers/", {"person": cast.manager.email, "successor": cast.manager.email}),
         lambda cast, _world: (f"/personer/{cast.manager.pk}/avsluta/", {"successor": cast.manager.email}),
         "succeeded_by_herself", also=ORGANISATION),
    Case("merge departments", busy, "administrator", *departments("3310"), also=ORGANISATION),
    Case("merge departments", busy, "head", *departments("3310"), "organisation_is_for_the_administrator",
         also=ORGANISATION),
    Case("merge departments", busy, "administrator", *departments("2140"), "department_merged_into_itself",
         also=ORGANISATION),
    Case("merge categories", busy, "head", categories, categories_form, also=ORGANISATION),
    Case("merge categories", busy, "administrator", categories, categories_form, "assignments_are_for_the_head",
         also=ORGANISATION),
]  # fmt: skip
