"""
Separation of duties: who has decided or attested a line does not receive it (DESIGN, rule 1; DOMAIN 3.3).

It counts whether the decision was made in one's own name or in somebody's place, and whether or not it stands.
"""

from collections.abc import Iterable

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


def deciders_of(line_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Ids of everybody who has had a hand in deciding or attesting each of these lines: one query."""
    return {
        line.pk: frozenset(
            person
            for person in (
                *line.deciding,  # type: ignore[attr-defined]
                *line.decided_for,  # type: ignore[attr-defined]
                *line.attesting,  # type: ignore[attr-defined]
                *line.attested_for,  # type: ignore[attr-defined]
                line.decided_by_id,
            )
            if person is not None
        )
        for line in _lines_with_deciders(list(line_ids))
    }


@compiled_once
def _lines_with_deciders(ids: list[int]) -> QuerySet[RequisitionLine]:
    decisions = LineDecision.objects.filter(line=OuterRef("pk"))
    attests = BudgetAttest.objects.filter(requisition=OuterRef("requisition"))
    return (
        RequisitionLine.objects.filter(pk__among=ids)
        .only("decided_by")
        .annotate(
            deciding=ArraySubquery(decisions.values("by")),
            decided_for=ArraySubquery(decisions.values("on_behalf_of")),
            attesting=ArraySubquery(attests.values("decided_by")),
            attested_for=ArraySubquery(attests.values("on_behalf_of")),
        )
    )
