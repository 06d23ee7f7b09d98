"""Where a proposal is, as a line of steps, and what has been said about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from assortment.models import Proposal
from assortment.states import AT_COUNCIL, ProposalStatus
from core import reader
from core.components import Step


@dataclass(frozen=True, slots=True)
class Entry:
    """One question or answer."""

    name: str
    at: datetime
    text: str


def discussion_of(proposal: Proposal) -> list[Entry]:
    """Questions with their answers, in the order of time: one query."""
    entries = []
    for question in proposal.questions.select_related("by", "reply__by").order_by("at", "pk"):
        entries.append(Entry(question.by.full_name, question.at, question.text))
        if hasattr(question, "reply"):
            entries.append(Entry(question.reply.by.full_name, question.reply.at, question.reply.text))
    return entries


def steps_of(proposal: Proposal, *, is_own: bool, today: date) -> Sequence[Step]:
    """
    The proposal's way: received, with the council where there is one, and the answer.

    :param is_own: whether the reader is the one who proposed.
    """
    status = proposal.status
    first = Step(_("Mottaget"), reader.day(timezone.localdate(proposal.proposed_at), today), "done")
    if status == ProposalStatus.WITHDRAWN:
        return [first, Step(_("Tillbakadraget"), "", "refused")]
    steps = [first]
    if proposal.council is not None:
        through = proposal.vote_through_date
        is_there = status in AT_COUNCIL
        detail = (
            _("röstar till och med %(day)s") % {"day": reader.day(through, today)}
            if through and is_there
            else ""
        )
        steps.append(Step(_("Sortimentsrådet"), detail, "now" if is_there else "done"))
    if status == ProposalStatus.RETURNED:
        label = _("Fråga till dig") if is_own else _("Fråga ställd")
        steps.append(Step(label, "", "you" if is_own else "now"))
    if status in (ProposalStatus.ACCEPTED, ProposalStatus.DECLINED):
        decision = proposal.decision
        label = _("Ja") if decision.is_yes else _("Nej")
        steps.append(
            Step(
                label,
                reader.day(timezone.localdate(decision.at), today),
                "done" if decision.is_yes else "refused",
            )
        )
    else:
        due = _("senast %(day)s") % {"day": reader.day(proposal.response_due_date, today)}
        steps.append(Step(_("Svar"), due, "now" if status == ProposalStatus.RECEIVED else "todo"))
    return steps
