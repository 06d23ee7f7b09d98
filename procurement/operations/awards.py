"""
What is bought under no agreement, held against the direct-award limit: the parts that approvals share.

Two approvals in one category of one authority are made one after the other, so that both cannot slip under the limit: whoever
comes second waits until the first is done, and then counts it. Used inside an operation's transaction, which has locked the
requisitions; before any agreement is locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from django.db import connection
from django.utils import timezone

from audit import trail
from core.bulk import update_rows
from organizations.models import User
from procurement.direct_award import NO_EXCEPTION, Award, LimitException, SimilarPurchases
from procurement.events import Event
from procurement.gates import Terms
from procurement.models import RequisitionLine, RoutingRule
from procurement.operations.telling import Handover, tell_of_handover
from procurement.posts import Posts
from procurement.similar_purchases import authorities_of, similar_purchases

Kind = tuple[int, int]
"""Similar purchases have one authority and one category."""


@dataclass(slots=True)
class Awards:
    """Similar purchases of the lines that are approved together; each that passes is one of them for the next."""

    kinds: Mapping[int, Kind]
    """By the line's id; those that have no category are left out."""
    similar: dict[Kind, SimilarPurchases]
    of_heads: frozenset[int] = frozenset()
    """Ids of the lines that a head of procurement decides."""
    exception: LimitException = NO_EXCEPTION
    after: dict[int, SimilarPurchases] = field(default_factory=dict)
    """What similar purchases come to with each line that has passed, by its id."""

    def award_of(self, line: RequisitionLine, terms: Terms) -> Award | None:
        """What the gate asks of a line; None when it is bought under an agreement."""
        if terms.agreement is not None:
            return None
        kind = self.kinds.get(line.pk)
        return Award(
            similar=self.similar[kind] if kind else None,
            is_of_head=line.pk in self.of_heads,
            exception=self.exception,
        )

    def count(self, line: RequisitionLine, terms: Terms) -> None:
        """Let a line that has passed be one of those before the next."""
        kind = self.kinds.get(line.pk)
        if kind is not None and terms.agreement is None:
            self.similar[kind] = self.after[line.pk] = self.similar[kind].with_another(terms.amount)

    def exception_of(self, line: RequisitionLine) -> LimitException:
        """The ground on which a line passed the limit; none where it did not pass it."""
        after = self.after.get(line.pk)
        return self.exception if after is not None and after.is_above_limit else NO_EXCEPTION


def locked_awards(
    lines_with_terms: Iterable[tuple[RequisitionLine, Terms]],
    *,
    of_heads: frozenset[int],
    exception: LimitException,
    day: date,
) -> Awards:
    """
    Read the similar purchases of what is to be bought under no agreement, and let nobody else approve such until we are done.

    Three statements, and one more for each authority but the first; none when everything is bought under agreements.
    """
    outside = [
        line for line, terms in lines_with_terms if terms.agreement is None and line.category_id is not None
    ]
    if not outside:
        return Awards(MappingProxyType({}), {}, of_heads, exception)
    authorities = authorities_of(line.requisition.department.administration_id for line in outside)
    kinds = {
        line.pk: (authorities[line.requisition.department.administration_id], line.category_id or 0)
        for line in outside
    }
    _lock(sorted(set(kinds.values())))
    categories: dict[int, set[int]] = defaultdict(set)
    for authority, category in kinds.values():
        categories[authority].add(category)
    similar = {
        (authority, category): each
        for authority, ids in categories.items()
        for category, each in similar_purchases(authority, sorted(ids), day=day).items()
    }
    return Awards(kinds, similar, of_heads, exception)


def ask_the_head(
    lines: Sequence[RequisitionLine], terms: Mapping[int, Terms], *, by: User, at: datetime
) -> None:
    """
    Let lines that would pass the limit wait for a head of procurement, and tell her.

    What whoever tried to approve them had chosen goes with them. One that is with a head already, or that no head may decide, stays
    where it is.

    :param terms: by the line's id.
    """
    if not lines:
        return
    posts = Posts.read([line.requisition.requester_id for line in lines], [], day=timezone.localdate(at))
    handovers: dict[int, Handover] = defaultdict(Handover)
    moved_lines, entries = [], []
    for line in lines:
        chosen = terms[line.pk]
        facts = {
            "category": line.category.name if line.category else "",
            "category_en": line.category.name_en if line.category else "",
            "supplier": chosen.supplier.pk,
            "unit_price": str(chosen.unit_price),
        }
        route = posts.head_for(
            RoutingRule.DIRECT_AWARD, requester_id=line.requisition.requester_id, facts=facts
        )
        heads = {head.pk for head in posts.heads if head.is_at_work}
        if route is None or (line.routing_rule == route.rule and line.responsible_id in heads):
            continue
        before = line.responsible.full_name if line.responsible else ""
        line.responsible = posts.people[route.responsible.pk]
        line.routing_rule, line.routing_facts = route.rule, dict(route.facts)
        moved_lines.append(line)
        handovers[route.responsible.pk].lines += 1
        handovers[route.responsible.pk].before.add(before)
        entries.append(
            trail.entry(
                Event.LINE_MOVED,
                subject=line,
                by=by,
                at=at,
                rule=route.rule,
                before=before,
                responsible=route.responsible.full_name,
                amount=str(chosen.amount),
                supplier=chosen.supplier.name,
            )
        )
    update_rows(moved_lines, ["responsible", "routing_rule", "routing_facts"])
    trail.record_entries(entries)
    tell_of_handover(handovers, by=by, at=at)


def _lock(kinds: Sequence[Kind]) -> None:
    """Wait for whoever approves such purchases now; in one order, so that two never wait for each other."""
    keys = [f"direct award {authority} {category}" for authority, category in kinds]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(each, 0)) FROM unnest(%s::text[]) AS each", [keys]
        )
