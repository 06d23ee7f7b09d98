"""Questions about requisition lines."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from procurement.models.decisions import BudgetAttest
from procurement.models.grounds import answered_by, involves, is_asked_about, waiting_for
from procurement.parts import Part
from procurement.states import CLOSED, DELIVERABLE, UNDECIDED, AttestStatus, LineStatus

if TYPE_CHECKING:
    from organizations.models import User
    from procurement.models.lines import RequisitionLine  # noqa: F401, named in quotes below


class RequisitionLineQuerySet(models.QuerySet["RequisitionLine"]):
    """Questions about lines."""

    def visible_to(self, user: "User", day: date | None = None) -> Self:
        """Lines that are the person's business today, and those that she is asked about."""
        return self.filter(involves(user, day or timezone.localdate()) | is_asked_about(user))

    def opened_to(self, user: "User", day: date | None = None) -> Self:
        """Lines that are the person's business today, with what they lead to: their orders and receipts."""
        return self.filter(involves(user, day or timezone.localdate()))

    def visible_as_manager(self, user: "User", day: date) -> Self:
        """Submitted lines that she is responsible for, or in categories that she answers for."""
        answers = reduce(or_, (models.Q(**{each: rows}) for each, rows in answered_by(user, day).items()))
        return self.exclude(status=LineStatus.DRAFT).filter(models.Q(responsible=user) | answers)

    def in_queue_of(self, user: "User", day: date | None = None) -> Self:
        """The person's queue: undecided lines that wait for her, those included that are asked about."""
        return self.undecided().filter(waiting_for(user, day or timezone.localdate()))

    def awaiting(self, user: "User", day: date | None = None) -> Self:
        """What the person is to decide: her queue without what waits for an answer."""
        return self.filter(waiting_for(user, day or timezone.localdate()), status=LineStatus.AWAITING)

    def undecided(self) -> Self:
        """Waiting for a decision or an answer."""
        return self.filter(status__in=UNDECIDED)

    def live(self) -> Self:
        """Not rejected, withdrawn, superseded or cancelled."""
        return self.exclude(status__in=CLOSED)

    def in_part(self, part: Part) -> Self:
        """Those of a part of an order."""
        return self.filter(
            charged_department=part.department, delivery_place=part.place, needed_by_date=part.day
        )

    def overdue(self, day: date) -> Self:
        """Past the response day."""
        return self.filter(status=LineStatus.AWAITING, response_due_date__lt=day)

    def orderable(self) -> Self:
        """
        Approved, and attested where its part needs an attest.

        Refusing one cancels all that it is of, so what waits where one was refused has been judged anew since.
        """
        blocking = attests_of_the_part().filter(status=AttestStatus.PENDING)
        return self.filter(~models.Exists(blocking), status=LineStatus.APPROVED)

    def orderable_by(self, person: "User", categories: Sequence[int]) -> Self:
        """Orderable lines in these categories or under them, and those that the person answers for."""
        is_responsible = models.Q(category__lineage__overlap=categories) | models.Q(responsible=person)
        return self.orderable().filter(is_responsible)

    def deliverable(self) -> Self:
        """Ordered, and not all of it received."""
        return self.filter(status__in=DELIVERABLE)

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def for_display(self) -> Self:
        """With what a row on a page needs, in one query."""
        return self.select_related(
            "requisition__department",
            "requisition__requester",
            "item",
            "approved_item",
            "category",
            "responsible",
            "agreement",
            "supplier",
            "approved_supplier",
            "approved_agreement",
            "charged_department",
            "delivery_place",
        )


def attests_of_the_part() -> models.QuerySet[BudgetAttest]:
    """Attests of the part of the order that a line belongs to."""
    same = ("requisition", "delivery_place", "needed_by_date")
    return BudgetAttest.objects.filter(
        department=models.OuterRef("charged_department"), **{name: models.OuterRef(name) for name in same}
    )
