"""What whoever answers does: ask, give to another category, put to the council, decide, tie what came of it."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assortment import permissions
from assortment.answering import Answering, council_of, response_day
from assortment.events import Event
from assortment.models import (
    CouncilSeat,
    DecidedItem,
    Proposal,
    ProposalDecision,
    ProposalKind,
    ProposalQuestion,
    Stance,
    Vote,
)
from assortment.notices import COUNCIL, PROPOSAL_ANSWER
from assortment.operations.notices import put_away_answered, put_away_nothing_left
from assortment.operations.proposals import require_not_left
from assortment.states import PROPOSAL_TRANSITIONS, ProposalStatus
from audit import trail
from catalog.models import Item
from categories.models import Category
from core.addresses import place
from core.bulk import insert_rows
from core.errors import InvalidInput, WrongState
from core.states import move
from core.transactions import operation
from core.verdicts import require
from core.working_days import working_days_between
from notices.operations.telling import News, tell
from organizations.models import User
from registers.operations.rows import add_row
from registers.register import REGISTERS


class NoCouncil(WrongState):
    """Nobody sits in a council of the category or above it."""

    code = "category_has_no_council"
    sentence = _("Kategorin har inget sortimentsråd. Besluta direkt, eller be inköpschefen utse ett.")


class VoteDayHasPassed(InvalidInput):
    """The council has until a day to come."""

    code = "vote_day_has_passed"
    sentence = _("Välj en dag som inte har varit.")


class CouncilHasToBeHeard(WrongState):
    """Where there is a council, a yes is not given before it has been heard."""

    code = "council_has_to_be_heard"
    sentence = _("Kategorin har ett sortimentsråd. Lämna förslaget dit innan du säger ja.")


class CouncilStillVotes(WrongState):
    """What has been put to the council is decided when everybody has voted, or its last day has passed."""

    code = "council_still_votes"
    sentence = _("Sortimentsrådet röstar till och med %(day)s. Alla har inte röstat än.")


class ItemIsTied(WrongState):
    """The item is there already."""

    code = "proposal_item_is_tied"
    sentence = _("%(item)s är redan knuten till beslutet.")


@operation
def ask(*, proposal: Proposal, question: str, by: User, at: datetime) -> Proposal:
    """
    Ask whoever proposed something. The promised day waits with the question.

    :raises NotPermitted: she does not answer for it, or proposed it herself.
    :raises WrongState: it is decided, or a question waits already.
    """
    proposal = _locked(proposal)
    require(permissions.can_ask(by, proposal, at=at))
    move(proposal, to=ProposalStatus.RETURNED, transitions=PROPOSAL_TRANSITIONS)
    proposal.save(update_fields=["status"])
    ProposalQuestion.objects.create(proposal=proposal, by=by, at=at, text=question)
    trail.record(Event.ASKED, subject=proposal, by=by, at=at, comment=question)
    put_away_nothing_left(at=at)
    _notify_proposer(proposal, "asked", question, by=by, at=at)
    return proposal


@operation
def move_to_category(*, proposal: Proposal, category: Category, by: User, at: datetime) -> Proposal:
    """
    Give the proposal to another category, whose manager then answers, by the day that it promises from today.

    :raises NotPermitted: she does not answer for it, or proposed it herself.
    :raises WrongState: it is decided, or with a council.
    """
    proposal = _locked(proposal)
    require(permissions.can_put_to_council(by, proposal, at=at))
    before = proposal.category
    proposal.category = category
    promised = response_day(category, proposer_id=proposal.proposer_id, day=timezone.localdate(at))
    proposal.response_due_date = min(promised, proposal.response_due_date) if before else promised
    proposal.save(update_fields=["category", "response_due_date"])
    trail.record(
        Event.MOVED,
        subject=proposal,
        by=by,
        at=at,
        before=before.name if before else "",
        category=category.name,
    )
    put_away_nothing_left(at=at)
    return proposal


@operation
def put_to_council(*, proposal: Proposal, vote_through_date: date, by: User, at: datetime) -> Proposal:
    """
    Let the council of the category vote until a day.

    :raises NotPermitted: she does not answer for it, or proposed it herself.
    :raises WrongState: it is decided or there already, or there is no council.
    :raises VoteDayHasPassed: the day has been.
    """
    proposal = _locked(proposal)
    require(permissions.can_put_to_council(by, proposal, at=at))
    day = timezone.localdate(at)
    if vote_through_date < day:
        raise VoteDayHasPassed
    council = council_of(proposal.category, day)
    if council is None:
        raise NoCouncil
    move(proposal, to=ProposalStatus.ASSESSED, transitions=PROPOSAL_TRANSITIONS)
    proposal.council, members = council
    proposal.vote_through_date = vote_through_date
    proposal.save(update_fields=["status", "council", "vote_through_date"])
    through = vote_through_date.isoformat()
    trail.record(
        Event.PUT_TO_COUNCIL,
        subject=proposal,
        by=by,
        at=at,
        category=proposal.council.name,
        last_date=through,
    )
    facts = put_facts(proposal)
    people = [member.pk for member in members if member.pk != proposal.proposer_id]
    put_away_nothing_left(at=at)
    tell([News(pk, COUNCIL, place("proposal", proposal.pk), facts) for pk in people], by=by, at=at)
    return proposal


def put_facts(proposal: Proposal) -> dict[str, str]:
    """What the members of a council are told of a proposal that they vote on."""
    assert proposal.vote_through_date is not None  # noqa: S101, the database holds it for what is put to a council
    return {"how": "put", "what": proposal.title, "day": proposal.vote_through_date.isoformat()}


@operation
def decide(*, proposal: Proposal, is_yes: bool, reason: str, by: User, at: datetime) -> Proposal:
    """
    Say yes or no, with the reason. What the council voted is kept with it, and it stays on the items for ever.

    A vote of her own, from before she was to decide, is not counted.

    :raises NotPermitted: she does not answer for it, proposed it herself, or has declared a conflict of interest.
    :raises ProposalIsDecided: it has its answer, or is taken back.
    :raises ProposedItemHasLeft: a yes to an item that has left the assortment for good.
    :raises CouncilHasToBeHeard: a yes in a category with a council that has not been asked.
    :raises CouncilStillVotes: its day has not passed, and somebody has not voted.
    """
    proposal = _locked(proposal)
    require(permissions.can_answer(by, proposal, at=at))
    day = timezone.localdate(at)
    _require_council_heard(proposal, is_yes=is_yes, but=by, day=day)
    if is_yes:
        require_not_left(proposal.new_item)
    status = ProposalStatus.ACCEPTED if is_yes else ProposalStatus.DECLINED
    move(proposal, to=status, transitions=PROPOSAL_TRANSITIONS)
    proposal.save(update_fields=["status"])
    decision = _decision(proposal, is_yes=is_yes, reason=reason, by=by, at=at)
    affected = [
        DecidedItem(decision=decision, item=each.item, is_new=False)
        for each in proposal.affected.select_related("item").order_by("pk")
    ]
    if proposal.new_item is not None:
        affected.append(DecidedItem(decision=decision, item=proposal.new_item, is_new=is_yes))
    insert_rows(affected)
    trail.record(
        Event.ACCEPTED if is_yes else Event.DECLINED,
        subject=proposal,
        by=by,
        at=at,
        on_behalf_of=decision.on_behalf_of,
        reason=reason,
        votes=[decision.votes_for, decision.votes_against, decision.votes_abstained, decision.conflicts]
        if decision.council_id
        else [],
        items=[each.item.number for each in affected],
    )
    put_away_answered(proposal, at=at)
    _notify_proposer(proposal, status.value, reason, by=by, at=at)
    facts = {"how": "decided", "what": proposal.title, "is_yes": is_yes, "text": reason}
    voters = Vote.objects.filter(proposal=proposal).order_by("pk").values_list("user", flat=True)
    tell([News(pk, COUNCIL, place("proposal", proposal.pk), facts) for pk in voters], by=by, at=at)
    return proposal


@operation
def tie_item(*, proposal: Proposal, item: Item, by: User, at: datetime) -> Proposal:
    """
    Tie the item that came of a yes to its decision, so that the decision is seen on it.

    :raises NotPermitted: she does not answer for the category.
    :raises WrongState: it has not got a yes, or has the item already.
    """
    proposal = _locked(proposal)
    require(permissions.can_carry_out(by, proposal, at=at))
    _tie(proposal, item, by=by, at=at)
    return proposal


@operation
def take_in(*, proposal: Proposal, cells: Mapping[str, str], by: User, at: datetime) -> Proposal:
    """
    Add the item that was said yes to, as one that is being assessed, to the register, and tie it to the decision.

    :param cells: the columns of the register of items; category and status are those of the proposal.
    :raises NotPermitted: she does not answer for the category, or may not change its items.
    :raises InvalidInput: the register refuses the row.
    """
    proposal = _locked(proposal)
    require(permissions.can_carry_out(by, proposal, at=at))
    code = proposal.category.code if proposal.category else ""
    row = {**cells, "category": code, "status": "assessed"}
    row_id = add_row(register=REGISTERS["items"], cells=row, by=by, at=at)
    _tie(proposal, Item.objects.get(pk=row_id), by=by, at=at)
    return proposal


def _locked(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.locked()
        .select_related("proposer", "category", "council", "new_item")
        .get(pk=proposal.pk)
    )


def _require_council_heard(proposal: Proposal, *, is_yes: bool, but: User, day: date) -> None:
    """
    Where there is a council it is heard before a yes; what it has been asked waits for it until its day has passed.

    :param but: who decides; her own vote is not waited for.
    """
    if proposal.council is None:
        if is_yes and council_of(proposal.category, day) is not None:
            raise CouncilHasToBeHeard
        return
    if proposal.vote_through_date is None or proposal.vote_through_date < day:
        return
    if set(members_to_vote(proposal, day)) - {but.pk}:
        raise CouncilStillVotes(day=proposal.vote_through_date)


def members_to_vote(proposal: Proposal, day: date) -> list[int]:
    """Ids of the council's members who have not voted; the one who proposed has no vote, nor those who decide."""
    voted = Vote.objects.filter(proposal=proposal).values("user")
    seats = CouncilSeat.objects.on(day).filter(category=proposal.council_id or 0).exclude(user__in=voted)
    user_ids = seats.exclude(user=proposal.proposer_id).order_by("pk").values_list("user", flat=True)
    members = list(user_ids)
    without_vote = Answering.read([proposal], day).without_vote(proposal) if members else frozenset()
    return [member for member in members if member not in without_vote]


def _decision(proposal: Proposal, *, is_yes: bool, reason: str, by: User, at: datetime) -> ProposalDecision:
    day = timezone.localdate(at)
    capacity = permissions.capacity_for(by, proposal, at=at)
    cast = dict(Vote.objects.filter(proposal=proposal).exclude(user=by).values_list("user", "stance"))
    votes, council = Counter(cast.values()), proposal.council
    return ProposalDecision.objects.create(
        proposal=proposal,
        is_yes=is_yes,
        reason=reason,
        by=by,
        on_behalf_of=capacity.on_behalf_of if capacity else None,
        at=at,
        category=proposal.category,
        council=council,
        council_name=council.name if council else "",
        seats=len({*cast, *members_to_vote(proposal, day)} - {by.pk}) if council else 0,
        votes_for=votes[Stance.FOR],
        votes_against=votes[Stance.AGAINST],
        votes_abstained=votes[Stance.ABSTAINS],
        conflicts=votes[Stance.CONFLICT],
        promised_date=proposal.response_due_date,
        response_days=max(
            working_days_between(timezone.localdate(proposal.proposed_at), day)
            - _days_with_proposer(proposal, day),
            0,
        ),
    )


def _days_with_proposer(proposal: Proposal, day: date) -> int:
    """On how many working days a question waited for the one who proposed."""
    return sum(
        working_days_between(
            timezone.localdate(question.at),
            timezone.localdate(question.reply.at) if hasattr(question, "reply") else day,
        )
        for question in proposal.questions.select_related("reply")
    )


def _tie(proposal: Proposal, item: Item, *, by: User, at: datetime) -> None:
    if DecidedItem.objects.filter(decision__proposal=proposal, item=item).exists():
        raise ItemIsTied(item=item.names)
    is_new = proposal.kind != ProposalKind.REMOVAL
    DecidedItem.objects.create(decision=proposal.decision, item=item, is_new=is_new)
    if is_new and proposal.new_item is None:
        proposal.new_item = item
        proposal.save(update_fields=["new_item"])
    trail.record(Event.CARRIED_OUT, subject=proposal, by=by, at=at, item=item.number)
    if is_new:
        _notify_proposer(proposal, "carried_out", "", by=by, at=at, number=item.number)


def _notify_proposer(proposal: Proposal, how: str, text: str, *, by: User, at: datetime, **more: str) -> None:
    facts = {"how": how, "what": proposal.title, "who": by.full_name, "text": text, **more}
    tell(
        [News(proposal.proposer_id, PROPOSAL_ANSWER, place("my_proposal", proposal.pk), facts)], by=by, at=at
    )
