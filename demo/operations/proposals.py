"""What the operation has proposed and looked for, through the same doors as everybody's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from assortment.models import Proposal, Stance
from assortment.operations import answers, candidates, searches, votes
from assortment.operations.proposals import Wish, propose, reply
from assortment.searching import Note
from catalog.models import Item
from core.working_days import add_working_days
from demo import data
from demo.operations.present import MORNING
from demo.operations.region import Registers
from organizations.models import User
from organizations.permissions import roles_on


@dataclass(frozen=True, slots=True)
class _Moment:
    """Something that happens."""

    at: datetime
    act: Callable[[datetime], None]


def live_proposals(registers: Registers, *, today: date) -> None:
    """Propose, vote, ask and decide as the files say, each at its moment; count the searches, and look for candidates."""
    _Proposals(registers, today).live()
    _count_searches(registers, today)
    candidates.compute_candidates(at=moment(today, MORNING))


class _Proposals:
    """What has been proposed, by the files' names."""

    def __init__(self, registers: Registers, today: date) -> None:
        self.registers, self.today = registers, today
        self.made: dict[str, Proposal] = {}

    def live(self) -> None:
        moments = [
            *(_Moment(self._at(row.days, row.time), self._proposal_act(row)) for row in data.proposals()),
            *(_Moment(self._at(row.days, row.time), self._event_act(row)) for row in data.proposal_events()),
        ]
        for moment in sorted(moments, key=lambda each: each.at):
            moment.act(moment.at)

    def _at(self, days: int, at: time) -> datetime:
        return moment(add_working_days(self.today, days), at)

    def _person(self, email: str) -> User:
        """The person as she is now; what is known of her is read anew."""
        return User.objects.get(email=email)

    def _proposal_act(self, row: data.Proposal) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            person = self._person(row.email)
            own_departments = list(roles_on(person, timezone.localdate(at)).departments.values())
            department = self.registers.departments.get(row.cost_center) or next(iter(own_departments), None)
            self.made[row.key] = propose(
                wish=Wish(
                    kind=row.kind,
                    title=row.title,
                    reason=row.reason,
                    items=[self._item(row.item)] if row.item else [],
                    new_item=self._item(row.new_item) if row.new_item else None,
                    category=self.registers.categories[row.category] if row.category else None,
                    yearly_quantity=row.yearly_quantity,
                    unit=row.unit,
                    unit_price=row.unit_price,
                    supplier_name=row.supplier_name,
                    evidence=row.evidence,
                    medical_safety=row.medical_safety,
                    device_class=row.device_class,
                ),
                department=department,
                by=person,
                at=at,
            )

        return act

    def _item(self, number: str) -> Item:
        return self.registers.items[number]

    def _event_act(self, row: data.ProposalEvent) -> Callable[[datetime], None]:
        def act(at: datetime) -> None:
            proposal, person = self.made[row.proposal], self._person(row.email)
            if row.act == "council":
                through = add_working_days(timezone.localdate(at), int(row.value))
                answers.put_to_council(proposal=proposal, vote_through_date=through, by=person, at=at)
            elif row.act == "vote":
                votes.vote(proposal=proposal, stance=Stance(row.value), note=row.text, by=person, at=at)
            elif row.act == "ask":
                answers.ask(proposal=proposal, question=row.text, by=person, at=at)
            elif row.act == "reply":
                reply(proposal=proposal, text=row.text, by=person, at=at)
            else:
                answers.decide(
                    proposal=proposal, is_yes=row.value == "yes", reason=row.text, by=person, at=at
                )

        return act


def _count_searches(registers: Registers, today: date) -> None:
    notes = []
    for row in data.searches():
        at, person = moment(add_working_days(today, row.days), row.time), registers.users[row.email]
        department_ids = roles_on(person, today).orders_for
        notes.append(
            Note(at, person.pk, next(iter(department_ids), None), row.text, is_found=False, is_similar=False)
        )
    searches.count_missed(missed=sorted(notes, key=lambda note: note.at), at=moment(today, MORNING))


def moment(day: date, at: time) -> datetime:
    """The moment of a day in the region's time."""
    return timezone.make_aware(datetime.combine(day, at))
