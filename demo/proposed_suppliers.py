"""The suppliers that are proposed with needs of the demo region, by requisition and position."""

from collections.abc import Mapping

from demo import data
from procurement.operations.proposing import ProposedSupplier


def proposed_suppliers() -> Mapping[tuple[str, int], ProposedSupplier]:
    """What is said of each, as the operations take it."""
    return {
        (each.requisition, each.position): ProposedSupplier(
            each.name, each.org_number, each.reason, each.has_interest, each.contact
        )
        for each in data.supplier_proposals()
    }
