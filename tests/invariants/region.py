"""A walk in a whole region: beside what the chain does, people come and go, delegate, are away, recall, close and hand over."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agreements.models import Agreement
from categories.operations.absences import report_absence, withdraw_absence
from categories.operations.delegations import accept_delegation, delegate, revoke_delegation
from core.errors import DomainError
from organizations.models import Absence, AccountingCode, Delegation, DeliveryPlace, Role, User
from procurement.models import Recall, RequisitionLine, Severity
from procurement.operations import amendments, decisions, orders, recalls, sending
from procurement.operations.decidable import Outcome
from procurement.operations.leaving import leave
from procurement.operations.price_questions import ask_about_prices
from procurement.operations.rerouting import reroute_waiting
from procurement.states import LineStatus
from tests.cast import Cast, membership, person
from tests.changes import assign_category
from tests.invariants.walk import Walk

NEAR = Decimal(2_500)
"""What is left under the agreement when it begins."""


class Region(Walk):
    """The walk with everything that may happen around the chain; who acts is anybody."""

    def __init__(self, cast: Cast, random: Random) -> None:
        super().__init__(cast, 0)
        self.random = random
        second = person("second.head", "Ada", "Andra")
        membership(second, Role.HEAD_OF_PROCUREMENT)
        third = person("second.holder", "Bo", "Berg")
        membership(third, Role.BUDGET_HOLDER, cast.ward, "50000")
        self.people = [
            cast.requester, cast.colleague, cast.stranger, cast.budget_holder, cast.manager, cast.deputy,
            cast.office_deputy, cast.head, cast.controller, second, third,
        ]  # fmt: skip
        self.may_leave = [cast.office_deputy, cast.colleague, third]
        Agreement.objects.filter(pk=cast.agreement.pk).update(ceiling_amount=NEAR)
        self.acts += [
            self.give_delegation, self.give_delegation, self.accept, self.take_back_delegation, self.go_away,
            self.come_back, self.recall, self.lift, self.hand_over, self.close_a_code, self.close_the_place,
            self.leave, self.reroute, self.raise_ceiling, self.ask_about_prices, self.accept_price,
            self.reassign, self.send_all,
        ]  # fmt: skip

    def take(self, act: Callable[[], object]) -> None:
        """One act ten minutes later; what is refused changes nothing."""
        self.at += timedelta(minutes=10)
        with suppress(DomainError):
            result = act()
            is_done = bool(result.done if isinstance(result, Outcome) else result)
            self.done[act.__name__] += is_done

    def anybody(self) -> User:
        return User.objects.get(pk=self.random.choice(self.people).pk)

    def person(self, *people: User) -> User:
        """Mostly one of these, who may have left; now and then anybody at all."""
        chosen = self.random.choice(self.people if self.random.random() < 0.25 else people)
        return User.objects.get(pk=chosen.pk)

    @property
    def some_days(self) -> DateRange:
        today = timezone.localdate(self.at)
        return DateRange(today, today + timedelta(days=self.random.randint(1, 3)))

    def happen(self) -> object:
        """As in the walk, while nothing is recalled: a recall ends when it is lifted."""
        return False if Recall.objects.open().exists() else super().happen()

    def give_delegation(self) -> object:
        giver = self.person(self.cast.manager, self.cast.budget_holder, self.cast.deputy)
        return delegate(
            delegator=giver, delegate=self.anybody(), valid_during=self.some_days, reason="Ledig", by=giver, at=self.at
        )  # fmt: skip

    def accept(self) -> object:
        delegation = Delegation.objects.filter(accepted_at=None, revoked_at=None).order_by("pk").first()
        return delegation and accept_delegation(delegation=delegation, by=delegation.delegate, at=self.at)

    def take_back_delegation(self) -> object:
        delegation = Delegation.objects.filter(revoked_at=None).order_by("pk").first()
        return delegation and revoke_delegation(delegation=delegation, by=delegation.delegator, at=self.at)

    def go_away(self) -> object:
        who = self.person(self.cast.manager, self.cast.deputy, self.cast.budget_holder, self.cast.head)
        return report_absence(user=who, during=self.some_days, by=who, at=self.at)

    def come_back(self) -> object:
        absence = Absence.objects.order_by("-pk").first()
        if absence is None:
            return False
        withdraw_absence(absence=absence, by=absence.user, at=self.at)
        return True

    def recall(self) -> object:
        return recalls.recall(
            item=self.cast.gloves, reason="Läcker", severity=Severity.INFORM,
            since_date=timezone.localdate(self.at), by=self.person(self.cast.manager), at=self.at,
        )  # fmt: skip

    def lift(self) -> object:
        if not Recall.objects.open().exists():
            return False
        return recalls.lift(
            item=self.cast.gloves, by=self.person(self.cast.manager), at=self.at, reason="Nytt parti"
        )

    def hand_over(self) -> object:
        """Somebody else answers for the medical supplies from today."""
        assign_category(
            category=self.cast.medical, manager=self.anybody(), deputy=self.cast.deputy,
            from_date=timezone.localdate(self.at), by=self.cast.head, at=self.at,
        )  # fmt: skip
        return True

    def close_a_code(self) -> object:
        """Or open it again."""
        code = AccountingCode.objects.get(pk=self.cast.activity.pk)
        closed = None if code.closed_date else timezone.localdate(self.at)
        return AccountingCode.objects.filter(pk=code.pk).update(closed_date=closed)

    def close_the_place(self) -> object:
        """Or open it again."""
        place = DeliveryPlace.objects.get(pk=self.cast.place.pk)
        closed = None if place.closed_date else timezone.localdate(self.at)
        return DeliveryPlace.objects.filter(pk=place.pk).update(closed_date=closed)

    def leave(self) -> object:
        who = self.random.choice(self.may_leave)
        return leave(user=who, successor=None, by=self.cast.administrator, at=self.at)

    def reroute(self) -> object:
        return reroute_waiting(at=self.at)

    def raise_ceiling(self) -> object:
        return Agreement.objects.filter(pk=self.cast.agreement.pk, ceiling_amount=NEAR).update(
            ceiling_amount=NEAR * 2
        )

    def ask_about_prices(self) -> object:
        return ask_about_prices(at=self.at)

    def accept_price(self) -> object:
        line = RequisitionLine.objects.undecided().exclude(asked_unit_price=None).order_by("pk").first()
        return line and amendments.accept_price(
            line=line, unit_price=line.asked_unit_price, by=self.orderer(), at=self.at
        )

    def reassign(self) -> object:
        line = self.line(LineStatus.AWAITING)
        return line and decisions.reassign_category(
            line=line, category=self.cast.services, by=self.decider(), at=self.at
        )

    def revise(self) -> object:
        line = self.line(LineStatus.AWAITING, LineStatus.RETURNED, LineStatus.APPROVED)
        return line and amendments.revise_line(
            line=line,
            quantity=self.quantity(),
            specification="",
            by=User.objects.get(pk=line.requisition.requester_id),
            at=self.at,
        )

    def send_all(self) -> object:
        orders.consolidate(at=self.at, due_only=False)
        return sending.send_due(at=self.at)

    def settle(self) -> None:
        """Let everybody who waits be found, then let the clock do its work."""
        reroute_waiting(at=self.at)
        super().settle()
        reroute_waiting(at=self.at)
