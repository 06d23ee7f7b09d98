"""What those who answer proposals are told in the morning, beside what procurement tells (``tell_morning``)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from assortment.answering import Answering
from assortment.models import CouncilSeat, Proposal, Vote
from assortment.notices import COUNCIL, PROPOSALS_OVERDUE, PROPOSALS_WAITING
from categories.delegations import delegations_on
from categories.models import Category
from core.addresses import place
from core.working_days import add_working_days
from notices.operations.telling import News
from organizations.models import Absence, DelegationScope, Membership, Role


def proposals_in_the_morning(day: date, since: date | None) -> Iterator[News]:
    """
    How many proposals wait for each person, by herself or for whom she acts; and on the first morning after a response day
    has passed, that it has: also to the deputy and to the head of procurement, with who it waits for. Members of a council
    who have not voted are reminded on the last working day of the vote.

    :param since: the day of the morning before; None before the first.
    """
    proposals = list(Proposal.objects.with_manager().select_related("category").soonest_first())
    if not proposals:
        return
    answering = Answering.read(proposals, day)
    absent_ids = set(Absence.objects.on(day).values_list("user", flat=True))
    acting = delegations_on(day).carrying(DelegationScope.DECISIONS).values_list("delegator", "delegate")
    waiting: dict[int, list[Proposal]] = defaultdict(list)
    passed: dict[int, list[Proposal]] = defaultdict(list)
    escalated: dict[int, list[tuple[Proposal, str]]] = defaultdict(list)
    heads = _heads(day)
    for proposal in proposals:
        route = answering.route_of(proposal)
        if route is None:
            continue
        answers = route.responsible
        people = {answers.pk, *(delegate for delegator, delegate in acting if delegator == answers.pk)}
        people -= absent_ids | answering.in_conflict(proposal)
        is_newly_passed = proposal.response_due_date < day and (
            since is None or proposal.response_due_date >= since
        )
        for person in people:
            waiting[person].append(proposal)
            if is_newly_passed:
                passed[person].append(proposal)
        if is_newly_passed:
            for person in (
                ({*_deputies(answering, proposal.category), *heads})
                - people
                - answering.in_conflict(proposal)
            ):
                escalated[person].append((proposal, answers.full_name))
    yield from _reminders(day)
    for person, own_proposals in waiting.items():
        earliest = min(each.response_due_date for each in own_proposals)
        facts = {"count": len(own_proposals), "day": earliest.isoformat()}
        yield News(person, PROPOSALS_WAITING, place("proposals"), facts)
    for person, late in passed.items():
        yield News(person, PROPOSALS_OVERDUE, place("proposals"), {"count": len(late)})
    for person, others in escalated.items():
        names = sorted({name for _proposal, name in others})
        yield News(person, PROPOSALS_OVERDUE, place("proposals"), {"count": len(others), "who": names})


def _reminders(day: date) -> Iterator[News]:
    """What each member has not voted on, of that which no working day is left for after this one."""
    last = Proposal.objects.at_council().filter(
        vote_through_date__gte=day, vote_through_date__lt=add_working_days(day, 1)
    )
    seats = CouncilSeat.objects.on(day).filter(category=models.OuterRef("council")).values("user")
    voted = Vote.objects.filter(proposal=models.OuterRef("pk")).values("user")
    annotated = last.annotate(seated=ArraySubquery(seats), voted=ArraySubquery(voted))
    proposals = list(annotated.select_related("category").soonest_first())
    answering = Answering.read(proposals, day)
    for proposal in proposals:
        seated, voted_already = set(proposal.seated), set(proposal.voted)  # type: ignore[attr-defined]
        facts = {"how": "last", "what": proposal.title, "day": str(proposal.vote_through_date)}
        able = seated - voted_already - {proposal.proposer_id} - answering.without_vote(proposal)
        for person in sorted(able):
            yield News(person, COUNCIL, place("proposal", proposal.pk), facts)


def _deputies(answering: Answering, category: Category | None) -> Iterator[int]:
    """Whoever is deputy where the proposal is answered: the nearest post up the tree."""
    for category_id in reversed(category.lineage if category else []):
        post = answering.posts.posts.get(category_id)
        if post is not None:
            if post.deputy is not None and post.deputy.is_at_work:
                yield post.deputy.pk
            return


def _heads(day: date) -> list[int]:
    return sorted(Membership.objects.holders([Role.HEAD_OF_PROCUREMENT], day))
