"""On what grounds a person sees a requisition line, and which lines wait for her."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from categories.delegations import delegators_of
from categories.models import Category, CategoryAssignment
from core.compiled import compiled_once
from organizations.models import Absence, DelegationScope, Membership, User
from organizations.permissions import roles_on
from procurement.models.conversations import Consultation
from procurement.models.decisions import BudgetAttest, own_of
from procurement.states import LineStatus


def answered_by(user: User, day: date) -> "dict[str, models.QuerySet[Any, Any]]":
    """What the person acts for by delegation, and the categories that she answers for."""
    return {
        "responsible__in": delegators_of(user, day, DelegationScope.DECISIONS),
        "category__in": Category.objects.within_reach_of(user, day).values("pk"),
    }


def visibility_grounds(user: User, day: date) -> "dict[str, models.QuerySet[Any, Any]]":
    """On what a person sees submitted lines on others' requisitions, her own role for the region apart."""
    departments = Membership.objects.departments_of(user, day)
    return {
        "requisition__department__in": departments,
        "charged_department__in": departments,
        "requisition__in": BudgetAttest.objects.asked_of(user, day).values("requisition"),
        **answered_by(user, day),
    }


def involves(user: User, day: date) -> models.Q:
    """
    The lines that are a person's business in the chain: her own, and submitted ones that something opens to her.

    Baskets are their owner's alone.
    """
    is_requester = models.Q(requisition__requester=user)
    submitted = ~models.Q(status=LineStatus.DRAFT)
    region = models.Q(Membership.objects.opens_region_to(user, day))
    has_ground = reduce(
        or_, (models.Q((lookup, rows)) for lookup, rows in visibility_grounds(user, day).items())
    )
    return is_requester | (submitted & (region | models.Q(responsible=user) | has_ground))


def is_asked_about(user: User) -> models.Q:
    """The lines, in all their versions, that somebody has asked the person about."""
    consultations = Consultation.objects.filter(
        person=user, message__line__requisition__lines__position=models.F("message__line__position")
    )
    return models.Q(pk__in=consultations.values("message__line__requisition__lines"))


def grounds_of(user: User, day: date) -> dict[str, list[int]] | None:
    """
    The grounds on which a person sees lines of orders: what of a line is among which ids. None for who sees the region.

    An index answers each of them and none answers all, so that a question about many lines is asked once for each.
    What a ground is about is read here, since the planner cannot know how little it is.
    """
    if roles_on(user, day).sees_region:
        return None
    (person,) = _with_ground_ids(user, day)
    ids_by_lookup = {
        name.removesuffix("__in"): ids for name, ids in vars(person).items() if name.endswith("__in")
    }
    ids_by_lookup["responsible"] = [user.pk, *ids_by_lookup["responsible"]]
    return {"requisition__requester": [user.pk]} | {name: ids for name, ids in ids_by_lookup.items() if ids}


@compiled_once
def _with_ground_ids(user: Any, day: date) -> models.QuerySet[User]:
    """The person with the ids that each ground is about, by its lookup."""
    return User.objects.filter(pk=user).annotate(
        **{lookup: ArraySubquery(rows.order_by()) for lookup, rows in visibility_grounds(user, day).items()}
    )


def waiting_for(user: User, day: date) -> models.Q:
    """
    Lines that wait for the person to act.

    They are her own, those of whom she acts for, and, in the categories that she is deputy for, those of a manager who
    is away; never one that was asked for by herself or by somebody she acts for.
    """
    delegators = delegators_of(user, day, DelegationScope.DECISIONS)
    absences = Absence.objects.on(day).filter(user=models.OuterRef("manager"))
    stepped_in = CategoryAssignment.objects.on(day).filter(
        models.Q(models.Exists(absences)) | models.Q(manager__is_active=False), deputy=user
    )
    in_place = models.Q(
        responsible__in=stepped_in.values("manager"),
        category__lineage__overlap=ArraySubquery(stepped_in.values("category")),
    )
    is_responsible = models.Q(responsible=user) | models.Q(responsible__in=delegators) | in_place
    return (
        models.Q(responsible__among=_responsible_ids(user, delegators, stepped_in))
        & is_responsible
        & ~own_of(user, day)
    )


def _responsible_ids(user: User, delegators: Any, stepped_in: Any) -> ArraySubquery:
    """Whose lines wait for the person, in some category, as a list that an index answers; no index answers OR."""
    herself = User.objects.filter(pk=getattr(user, "pk", user)).values("pk")
    return ArraySubquery(herself.union(delegators, stepped_in.values("manager")))
