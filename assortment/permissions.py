"""Who may answer a proposal, vote on it, and take it back."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assortment.answering import declared_conflicts, route_of
from assortment.models import CouncilSeat, MissedSearch, Proposal, Stance, Vote
from assortment.states import AT_COUNCIL, DECIDED, UNDECIDED, ProposalStatus, SearchStatus
from categories.models import Category
from core.errors import NotPermitted, WrongState
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from organizations.permissions import roles_on
from procurement.models import DecisionRule
from procurement.permissions.lines import Capacity, acts_as
from procurement.standing import standing_on


class OwnProposal(NotPermitted):
    """Nobody answers or votes on her own proposal: not directly, as a deputy or by delegation."""

    code = "own_proposal"
    sentence = _(
        "Du får inte besluta eller rösta om ditt eget förslag, inte heller åt den du har delegation från."
    )


class NotYourProposal(NotPermitted):
    """Somebody else answers for the category."""

    code = "not_your_proposal"
    sentence = _("Förslaget besvaras av den som ansvarar för kategorin.")


class NotTheProposer(NotPermitted):
    """Only the one who proposed may do this."""

    code = "not_the_proposer"
    sentence = _("Bara den som lämnade förslaget kan göra det här.")


class ProposalIsDecided(WrongState):
    """It has its answer, or is taken back."""

    code = "proposal_is_decided"
    sentence = _("Förslaget är redan beslutat eller tillbakadraget.")


class ProposalIsNotReceived(WrongState):
    """It is with the council already."""

    code = "proposal_is_not_received"
    sentence = _("Förslaget är redan hos sortimentsrådet.")


class NothingIsAsked(WrongState):
    """No question waits for an answer."""

    code = "proposal_nothing_asked"
    sentence = _("Det finns ingen fråga att svara på.")


class QuestionWaits(WrongState):
    """A question waits for its answer already."""

    code = "proposal_question_waits"
    sentence = _("En fråga väntar redan på svar.")


class ProposerHasLeft(WrongState):
    """Nobody is left to answer a question."""

    code = "proposer_has_left"
    sentence = _("Den som lämnade förslaget har slutat och kan inte svara.")


class NotOnTheCouncil(NotPermitted):
    """The person does not sit in the council today."""

    code = "not_on_the_council"
    sentence = _("Bara den som sitter i sortimentsrådet röstar.")


class DeciderDoesNotVote(NotPermitted):
    """Whoever decides hears the council, and has no vote in it."""

    code = "decider_does_not_vote"
    sentence = _("Du beslutar om förslaget och röstar därför inte.")


class DeciderInConflict(NotPermitted):
    """Whoever has declared a conflict of interest does not decide either, whatever post she has since."""

    code = "decider_in_conflict"
    sentence = _(
        "Du har anmält jäv. Någon annan som ansvarar för kategorin, eller inköpschefen, besvarar förslaget."
    )


class InConflict(NotPermitted):
    """Whoever has declared a conflict of interest has no vote on the proposal any more (jäv)."""

    code = "vote_in_conflict"
    sentence = _("Du har anmält jäv och kan inte rösta om förslaget.")


class VoteIsClosed(WrongState):
    """It is not put to the vote, or its last day has passed."""

    code = "vote_is_closed"
    sentence = _("Omröstningen pågår inte.")


class ProposalNotAccepted(WrongState):
    """Only what has got a yes is carried out."""

    code = "proposal_not_accepted"
    sentence = _("Bara ett förslag som har fått ja leder vidare.")


class NotYourSearch(NotPermitted):
    """Somebody else answers for the category."""

    code = "not_your_search"
    sentence = _("Sökningen hanteras av den som ansvarar för kategorin.")


class SearchIsHandled(WrongState):
    """Somebody has done something about it already."""

    code = "search_is_handled"
    sentence = _("Sökningen är redan hanterad.")


class CandidateIsNotYours(NotPermitted):
    """Whoever answers for the category turns it into a proposal."""

    code = "candidate_is_not_yours"
    sentence = _("Bara den som ansvarar för kategorin gör ett förslag av det här.")


def capacity_for(by: User, proposal: Proposal, *, at: datetime) -> Capacity | None:
    """
    The strongest right by which the person may answer the proposal, her own proposals apart.

    As for a line (``procurement.permissions.capacity_for``): manager of the category or above it, deputy of one who is away
    or has left, whoever routing finds that day, who acts for her by delegation, head of procurement.
    """
    if not by.is_active:
        return None
    day = timezone.localdate(at)
    standing = standing_on(by, day)
    for category_id in reversed(proposal.category.lineage if proposal.category else []):
        if category_id in standing.manages:
            return Capacity(DecisionRule.MANAGER)
        if category_id in standing.deputises:
            manager = standing.deputises[category_id]
            may_not = {proposal.proposer_id, *_in_conflict(proposal)}
            return Capacity(DecisionRule.DEPUTY, manager if manager.pk not in may_not else None)
    route = route_of(proposal, day)
    answers = route.responsible.pk if route else 0
    if answers == by.pk and not standing.roles.is_head:
        return Capacity(DecisionRule.RESPONSIBLE)
    if answers in standing.decides_for:
        return Capacity(DecisionRule.DELEGATE, standing.decides_for[answers])
    return Capacity(DecisionRule.HEAD) if standing.roles.is_head else None


def _in_conflict(proposal: Proposal) -> frozenset[int]:
    """Ids of those in its council who have declared a conflict of interest."""
    return declared_conflicts([proposal])[proposal.pk]


def can_answer(by: User, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whether the person may ask about, put to the council or decide the proposal now."""
    if acts_as(by, proposal.proposer_id, at=at):
        return refused(OwnProposal())
    if by.pk in _in_conflict(proposal):
        return refused(DeciderInConflict())
    if capacity_for(by, proposal, at=at) is None:
        return refused(NotYourProposal())
    return PERMITTED if proposal.status in UNDECIDED else refused(ProposalIsDecided())


def can_ask(by: User, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whether the person may ask whoever proposed something: one question at a time."""
    verdict = can_answer(by, proposal, at=at)
    if verdict and proposal.status == ProposalStatus.RETURNED:
        return refused(QuestionWaits())
    return refused(ProposerHasLeft()) if verdict and not proposal.proposer.is_active else verdict


def can_put_to_council(by: User, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whether the person may let the council vote, or give the proposal to another category: before it has been put to a vote."""
    verdict = can_answer(by, proposal, at=at)
    if verdict and proposal.status == ProposalStatus.RETURNED:
        return refused(QuestionWaits())
    if verdict and proposal.status != ProposalStatus.RECEIVED:
        return refused(ProposalIsNotReceived())
    return verdict


def can_carry_out(by: User, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whether the person may tie what came of a yes to it."""
    if capacity_for(by, proposal, at=at) is None:
        return refused(NotYourProposal())
    return PERMITTED if proposal.status == ProposalStatus.ACCEPTED else refused(ProposalNotAccepted())


def can_vote(by: User, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whether the person may vote now: a member of its council through its last day, without conflict, not the proposer."""
    day = timezone.localdate(at)
    if by.pk == proposal.proposer_id:
        return refused(OwnProposal())
    if not CouncilSeat.objects.on(day).filter(user=by, category=proposal.council_id or 0).exists():
        return refused(NotOnTheCouncil())
    is_open = proposal.council_id is not None and proposal.status in AT_COUNCIL
    if not is_open or proposal.vote_through_date is None or proposal.vote_through_date < day:
        return refused(VoteIsClosed())
    capacity = capacity_for(by, proposal, at=at)
    if capacity is not None and capacity.rule != DecisionRule.HEAD:
        return refused(DeciderDoesNotVote())
    if Vote.objects.filter(proposal=proposal, user=by, stance=Stance.CONFLICT).exists():
        return refused(InConflict())
    return PERMITTED


def can_reply(by: User, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whether the person may answer the question about her proposal."""
    if by.pk != proposal.proposer_id:
        return refused(NotTheProposer())
    return PERMITTED if proposal.status == ProposalStatus.RETURNED else refused(NothingIsAsked())


def can_withdraw(by: User, proposal: Proposal, *, at: datetime) -> Verdict:
    """Whether the person may take her proposal back: until it is decided."""
    if by.pk != proposal.proposer_id:
        return refused(NotTheProposer())
    return PERMITTED if proposal.status in UNDECIDED else refused(ProposalIsDecided())


def can_handle(by: User, search: MissedSearch, *, at: datetime) -> Verdict:
    """Whether the person may answer, take or dismiss a search: who has a post in its category, in any when it has none; the head."""
    own_categories = Category.objects.within_reach_of(by, timezone.localdate(at))
    if search.category_id is not None:
        own_categories = own_categories.filter(pk=search.category_id)
    if not roles_on(by, timezone.localdate(at)).is_head and not own_categories.exists():
        return refused(NotYourSearch())
    return PERMITTED if search.status == SearchStatus.OPEN else refused(SearchIsHandled())


def can_standardise(by: User, category_id: int | None, *, at: datetime) -> Verdict:
    """Whether the person may turn a candidate of the category into a proposal: who has a post there, or the head."""
    day = timezone.localdate(at)
    own_categories = Category.objects.within_reach_of(by, day).filter(pk=category_id or 0)
    return (
        PERMITTED if roles_on(by, day).is_head or own_categories.exists() else refused(CandidateIsNotYours())
    )


def answers_proposals(by: User, *, at: datetime) -> bool:
    """Whether proposals are anything that the person answers or sees for the region: a post, the head, finance, an auditor."""
    day = timezone.localdate(at)
    standing = standing_on(by, day)
    return standing.roles.sees_region or bool(standing.manages or standing.deputy_of or standing.decides_for)


def is_decided(proposal: Proposal) -> bool:
    """Whether it has got a yes or a no."""
    return proposal.status in DECIDED
