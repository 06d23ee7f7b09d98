"""
Routing: who answers for a line, and by which rule (pure: facts in, route out).

DESIGN, "Routing": the item's category, then the nearest category up the tree with a manager on that day;
the deputy when the manager is away, has left or is in conflict (is the requester, or acts for the requester by
delegation); further up when the deputy cannot either; the head of procurement when none is left.

What nobody has decided when its time is out goes on: to the deputy, then to the head of procurement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.escalation import Lateness, Step
from procurement.routing_rules import RoutingRule

SENTENCES = {
    RoutingRule.MANAGER: _("%(responsible)s är kategoriansvarig för %(category)s."),
    RoutingRule.MANAGER_ABOVE: _("%(own)s hör till %(category)s, som %(responsible)s ansvarar för."),
    RoutingRule.DEPUTY_AWAY: _("%(responsible)s är ersättare för %(manager)s, som är ledig %(until)s."),
    RoutingRule.DEPUTY_CONFLICT: _(
        "%(responsible)s är ersättare, eftersom %(manager)s inte får besluta om sin egen beställning."
    ),
    RoutingRule.DEPUTY_LEFT: _("%(responsible)s är ersättare för %(manager)s, som har slutat."),
    RoutingRule.HEAD: _("%(responsible)s är inköpschef och beslutar när ingen annan kan."),
    RoutingRule.TRIAGE: _("%(responsible)s är inköpschef och fördelar behov som saknar kategori."),
    RoutingRule.DIRECT_AWARD: _(
        "%(responsible)s är inköpschef och avgör om raden får köpas utan avtal, när %(category)s går över gränsen för"
        " direktupphandling."
    ),
    RoutingRule.HANDED_OVER: _("%(manager)s lämnade över raden till %(responsible)s."),
    RoutingRule.LATE_DEPUTY: _(
        "%(responsible)s är ersättare för %(late)s, som inte har beslutat. Svarsdagen var %(due)s."
    ),
    RoutingRule.LATE_HEAD: _(
        "%(responsible)s är inköpschef. %(late)s skulle ha beslutat, och svarsdagen var %(due)s."
    ),
}
"""Why a line is with its responsible person, by rule."""

OF_HEADS = frozenset({RoutingRule.HEAD, RoutingRule.TRIAGE, RoutingRule.DIRECT_AWARD, RoutingRule.LATE_HEAD})
"""Rules by which any head of procurement who is free may have the line."""

HELD = {RoutingRule.LATE_DEPUTY: Step.DEPUTY, RoutingRule.LATE_HEAD: Step.HEAD}
"""How far what is with somebody by a rule has gone on; it does not go back."""

LIKENESS = _("Kategorin är vald efter %(item)s, som liknar behovet.")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may answer for a line; ``away_through`` is her last day of absence, if absent."""

    pk: int
    full_name: str
    away_through: date | None = None
    has_left: bool = False
    """Whether her account is closed."""

    @property
    def is_at_work(self) -> bool:
        """Neither away nor gone."""
        return self.away_through is None and not self.has_left


@dataclass(frozen=True, slots=True)
class Post:
    """A category with a manager, and perhaps a deputy, on the day in question."""

    category: str
    manager: Person
    deputy: Person | None = None
    category_en: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers, by which rule, and the facts that the explaining sentence needs (JSON)."""

    responsible: Person
    rule: RoutingRule
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_of_a_head(self) -> bool:
        """Whether it is with a head of procurement, and not with who answers for its category."""
        return self.rule in OF_HEADS


def route(
    *, category: str | None, posts: Sequence[Post], heads: Sequence[Person], in_conflict: frozenset[int]
) -> Route | None:
    """
    Find who answers for a line.

    :param category: name of the line's category, or None when it has none.
    :param posts: posts on the line's category and above, nearest first.
    :param heads: heads of procurement.
    :param in_conflict: ids of the requester and of whoever acts for the requester by delegation.
    :returns: None when nobody can decide without deciding on her own request.
    """

    def is_free(person: Person) -> bool:
        return person.pk not in in_conflict and not person.has_left

    for post in posts:
        facts = {
            "own": category,
            "category": post.category,
            "category_en": post.category_en,
            "manager": post.manager.full_name,
        }
        if is_free(post.manager) and post.manager.away_through is None:
            rule = RoutingRule.MANAGER if post.category == category else RoutingRule.MANAGER_ABOVE
            return Route(post.manager, rule, facts)
        if post.deputy is not None and is_free(post.deputy) and post.deputy.away_through is None:
            if post.manager.has_left:
                return Route(post.deputy, RoutingRule.DEPUTY_LEFT, facts)
            if not is_free(post.manager):
                return Route(post.deputy, RoutingRule.DEPUTY_CONFLICT, facts)
            until = post.manager.away_through
            absence_facts = {"until": until.isoformat() if until else ""}
            return Route(post.deputy, RoutingRule.DEPUTY_AWAY, facts | absence_facts)
    return route_to_head(
        RoutingRule.TRIAGE if category is None else RoutingRule.HEAD, heads=heads, in_conflict=in_conflict
    )


def route_to_head(
    rule: RoutingRule,
    *,
    heads: Sequence[Person],
    in_conflict: frozenset[int],
    facts: Mapping[str, Any] | None = None,
) -> Route | None:
    """
    Find the head of procurement who gets a line by a rule: one who is at work, before one who is away.

    :returns: None when there is none who may decide it.
    """
    free = [head for head in heads if head.pk not in in_conflict and not head.has_left]
    free.sort(key=lambda head: (head.away_through is not None, head.pk))
    return Route(free[0], rule, facts or {}) if free else None


def escalated(
    ordinary: Route,
    lateness: Lateness,
    *,
    posts: Sequence[Post],
    heads: Sequence[Person],
    in_conflict: frozenset[int],
) -> Route:
    """
    Find who answers for a line whose time is out; whoever did when nobody else is there to take it.

    :param ordinary: who answers for it as long as there is time.
    :param heads: heads of procurement; asked for when it has come so far.
    """
    late = ordinary.responsible
    facts = {**ordinary.facts, "late": late.full_name, "due": lateness.due.isoformat()}

    def is_there(person: Person) -> bool:
        return person.pk not in in_conflict and person.pk != late.pk and person.is_at_work

    if lateness.step == Step.HEAD:
        if any(head.pk == late.pk for head in heads):
            return ordinary
        for head in sorted(heads, key=lambda head: head.pk):
            if is_there(head):
                return Route(head, RoutingRule.LATE_HEAD, facts)
    if lateness.step >= Step.DEPUTY:
        deputy = next((post.deputy for post in posts if post.manager.pk == late.pk), None)
        if deputy is not None and is_there(deputy):
            return Route(deputy, RoutingRule.LATE_DEPUTY, facts)
    return ordinary


def sentence(rule: str, facts: Mapping[str, Any], *, responsible: str, until: str = "", due: str = "") -> str:
    """
    Say why a line is with this person.

    :param until: how long the manager is away, by ``facts["until"]``, in the reader's words.
    :param due: the day by which it should have been decided, by ``facts["due"]``, in the same words.
    """
    names = {"responsible": responsible, "until": until, "due": due} | {
        key: facts.get(key, "") for key in ("own", "category", "manager", "item", "late")
    }
    text = SENTENCES[RoutingRule(rule)] % names
    if facts.get("note"):
        text += f" ”{facts['note']}”"
    if facts.get("item"):
        text += " " + LIKENESS % names
    return text
