"""
Separation of duties: decider, attester and receiver of a line are three people (DESIGN, rule 1; DOMAIN 3.3).

It counts whether the decision was made in one's own name or in somebody's place, and whether or not it stands.
"""

from collections.abc import Iterable, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from core.compiled import compiled_once
from core.errors import NotPermitted
from procurement.models import BudgetAttest, LineDecision, RequisitionLine


class ReceiverHasDecided(NotPermitted):
    """
    The receiver of a line is another than those who decided or attested it.

    Neither the one who did it nor the one on whose behalf it was done receives the line, even if the decision was
    undone or the attest was superseded by a larger one.
    """

    code = "receiver_has_decided"
    sentence = _("Den som har beslutat eller attesterat raden får inte också ta emot den.")


class DeciderHasAttested(NotPermitted):
    """Whoever has attested a requisition, or in whose place it was done, decides none of its lines."""

    code = "decider_has_attested"
    sentence = _("Du har attesterat beställningen, så någon annan beslutar om raden.")


class AttesterDecides(NotPermitted):
    """Whoever has decided a line of a requisition, or has one to decide, does not attest it."""

    code = "attester_decides"
    sentence = _("Du beslutar om rader i beställningen, så någon annan attesterar den.")


_ATTESTS = BudgetAttest.objects.filter(requisition=OuterRef("requisition"), decided_by__isnull=False)

ATTESTERS = {
    "attesting": ArraySubquery(_ATTESTS.values("decided_by")),
    "attested_for": ArraySubquery(_ATTESTS.values("on_behalf_of")),
}
"""What lines are annotated with, to know who has attested them without a question more."""


def attesters_on(line: RequisitionLine) -> frozenset[int]:
    """Ids of everybody who has had a hand in attesting a line that is annotated with ATTESTERS."""
    people = (*line.attesting, *line.attested_for)  # type: ignore[attr-defined]
    return frozenset(person for person in people if person is not None)


def attesters_of(requisition_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """
    Ids of everybody who has had a hand in attesting each of these requisitions: one query.

    An attest that was refused or superseded counts too.
    """
    ids = set(requisition_ids)
    attests = BudgetAttest.objects.filter(requisition__in=ids, decided_by__isnull=False)
    return {pk: attesters_in(each for each in attests if each.requisition_id == pk) for pk in ids}


def attesters_in(attests: Iterable[BudgetAttest]) -> frozenset[int]:
    """Ids of everybody who has had a hand in these attests of one requisition."""
    return frozenset(
        person for each in attests for person in (each.decided_by_id, each.on_behalf_of_id) if person
    )


def deciders_in(requisition_id: int) -> frozenset[int]:
    """Ids of everybody who has decided a line of the requisition, or has one to decide: one query."""
    decisions = LineDecision.objects.filter(line__requisition=requisition_id)
    waiting = RequisitionLine.objects.undecided().filter(requisition=requisition_id)
    people = (
        decisions.order_by()
        .values_list("by")
        .union(
            decisions.order_by().values_list("on_behalf_of"), waiting.order_by().values_list("responsible")
        )
    )
    return frozenset(filter(None, (person for (person,) in people)))


def deciders_of(line_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Ids of everybody who has had a hand in deciding or attesting each of these lines: one query."""
    return {
        line.pk: frozenset(
            person
            for person in (
                *line.deciding,  # type: ignore[attr-defined]
                *line.decided_for,  # type: ignore[attr-defined]
                *attesters_on(line),
                line.decided_by_id,
            )
            if person is not None
        )
        for line in _lines_with_deciders(list(line_ids))
    }


def people_involved(line_ids: Sequence[int]) -> frozenset[int]:
    """Ids of everybody who has ordered any of these lines, or has had a hand in deciding or attesting it: two queries."""
    requesters = (
        RequisitionLine.objects.filter(pk__in=line_ids).order_by().values_list("requisition__requester")
    )
    return frozenset(pk for (pk,) in requesters.distinct()).union(*deciders_of(line_ids).values())


@compiled_once
def _lines_with_deciders(ids: list[int]) -> QuerySet[RequisitionLine]:
    decisions = LineDecision.objects.filter(line=OuterRef("pk"))
    return (
        RequisitionLine.objects.filter(pk__among=ids)
        .only("decided_by")
        .annotate(
            deciding=ArraySubquery(decisions.values("by")),
            decided_for=ArraySubquery(decisions.values("on_behalf_of")),
            **ATTESTERS,
        )
    )
