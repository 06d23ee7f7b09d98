"""Hand lines over to somebody else who may decide them, with a word about why."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import update_rows
from core.errors import DomainError, InvalidInput, WrongState
from core.transactions import operation
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import RequisitionLine, RoutingRule
from procurement.operations.decidable import Outcome, locked_lines, permitted_of
from procurement.operations.deciding import acting_for
from procurement.operations.putting_away import put_away_for
from procurement.operations.rerouting import place_anew
from procurement.operations.telling import Handover, tell_of_handover
from procurement.posts import Posts
from procurement.routing import Person
from procurement.separation_of_duties import attesters_of, attesters_on

LONGEST_NOTE = 500


class CannotTakeOver(InvalidInput):
    """Who takes over a line must be one who may decide it: by a post or as head, at work, and not in conflict."""

    code = "cannot_take_over"
    sentence = _("%(name)s kan inte besluta om raden just nu. Välj någon annan.")


class HasItAlready(WrongState):
    """The line is with that person."""

    code = "has_it_already"
    sentence = _("%(name)s har redan raden.")


@operation
def hand_over(
    *, lines: Sequence[RequisitionLine], to: User, by: User, at: datetime, note: str = ""
) -> Outcome:
    """
    Give waiting lines to somebody else who may decide them; their response days stay.

    They stay with her as long as she may decide them; when she no longer may, they go to whom routing finds. An attest
    that she was to give goes to somebody else, since she decides now. A line that is past the limit of direct award
    goes to another head of procurement only, and stays so.

    :returns: which lines were handed over, and why the others were not (not permitted, already decided, or she may not
        decide them).
    """
    day, note = timezone.localdate(at), note.strip()[:LONGEST_NOTE]
    outcome, permitted = permitted_of(locked_lines(lines), permissions.can_hand_over, by=by, at=at)
    posts = _posts([line for line, _capacity in permitted], day)
    entries, handover = [], Handover(note=note)
    moved_lines, waited_for = [], set()
    for line, capacity in permitted:
        refusal = _refusal(line, to, posts, attesters=attesters_on(line))
        if refusal is not None:
            outcome.refused.append((line, refusal))
            continue
        before = line.responsible.full_name if line.responsible else ""
        waited_for.add(line.responsible_id)
        alike = {"item": line.routing_facts["item"]} if "item" in line.routing_facts else {}
        line.responsible = to
        if line.routing_rule != RoutingRule.DIRECT_AWARD:
            line.routing_rule = RoutingRule.HANDED_OVER
            line.routing_facts = {"manager": by.full_name, "note": note, **alike}
        handover.lines += 1
        handover.before.add(before)
        entries.append(
            trail.entry(
                Event.LINE_HANDED_OVER,
                subject=line,
                by=by,
                at=at,
                on_behalf_of=capacity.on_behalf_of,
                rule=capacity.rule,
                before=before,
                responsible=to.full_name,
                **({"comment": note} if note else {}),
            )
        )
        outcome.done.append(line)
        moved_lines.append((line, capacity))
    update_rows(outcome.done, ["responsible", "routing_rule", "routing_facts"])
    trail.record_entries(entries)
    place_anew(outcome.done, by=by, at=at, in_place_of=acting_for(moved_lines))
    if handover.lines:
        tell_of_handover({to.pk: handover}, by=by, at=at)
    put_away_for(waited_for, at=at)
    return outcome


def colleagues_for(lines: Sequence[RequisitionLine], *, day: date) -> list[User]:
    """Those who could take over every one of the lines, in the order of routing; ``lines`` come with their categories."""
    posts = _posts(lines, day)
    attesters = attesters_of({line.requisition_id for line in lines})
    able: dict[int, None] | None = None
    for line in lines:
        may = [
            person
            for person in _eligible_people(line, posts)
            if person != line.responsible_id and person not in attesters[line.requisition_id]
        ]
        able = dict.fromkeys(may if able is None else (person for person in able if person in may))
    return [posts.people[person] for person in able or ()]


def _posts(lines: Sequence[RequisitionLine], day: date) -> Posts:
    return Posts.read(
        [line.requisition.requester_id for line in lines],
        [line.category for line in lines if line.category],
        day=day,
    )


def _refusal(
    line: RequisitionLine, to: User, posts: Posts, *, attesters: frozenset[int]
) -> DomainError | None:
    if to.pk == line.responsible_id:
        return HasItAlready(name=to.full_name)
    cannot = to.pk not in _eligible_people(line, posts) or to.pk in attesters
    return CannotTakeOver(name=to.full_name) if cannot else None


def _eligible_people(line: RequisitionLine, posts: Posts) -> dict[int, Person]:
    return posts.who_may_decide(
        line.category, requester_id=line.requisition.requester_id, rule=line.routing_rule
    )
