"""What an index clause gave lapses where its supplier wins with another price, and is not asked for again."""

from agreements.models import IndexClause
from catalog.models import PriceProposal
from catalog.states import PriceProposalStatus
from tests.cast import Cast
from tests.competing import won
from tests.office.test_index_clauses import clause, run

__all__ = ["clause"]


def test_what_an_index_gave_lapses_once(cast: Cast, clause: IndexClause) -> None:
    (proposal,) = run()
    won(cast, cast.gloves, cast.chair)
    (part,) = proposal.parts.all()
    assert (part.status, part.index_clause) == (PriceProposalStatus.LAPSED, clause)
    assert [row.price.item for row in part.rows.all()] == [cast.gloves]
    assert [row.price.item for row in proposal.rows.all()] == [cast.gown]
    run()
    assert PriceProposal.objects.count() == 2


def test_all_that_an_index_gave_lapses_and_is_not_asked_for_again(cast: Cast, clause: IndexClause) -> None:
    (proposal,) = run()
    won(cast, cast.gloves, cast.gown)
    run()
    (proposal,) = PriceProposal.objects.all()
    assert (proposal.status, proposal.decided_by) == (PriceProposalStatus.LAPSED, cast.manager)
