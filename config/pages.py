"""
Where each thing has its page.

The apps that keep requisitions, orders, items and the like do not know the pages above them. Django gives every such
model the address that stands here as its ``get_absolute_url``; what is not a template asks ``core.addresses``.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.urls import reverse


@lru_cache(maxsize=10_000)
def _page(name: str, *keys: object) -> str:
    """The address of a page; lists write hundreds of them, and the same ones again and again."""
    return reverse(name, args=keys)


ADDRESSES: dict[str, Callable[[Any], str]] = {
    "assortment.proposal": lambda proposal: _page("desk:proposal", proposal.pk),
    "agreements.agreement": lambda agreement: _page("desk:agreement", agreement.pk),
    "catalog.renewedcompetition": lambda competition: _page(
        "desk:competition", competition.agreement_id, competition.pk
    ),
    "catalog.priceproposal": lambda proposal: _page("desk:price_proposal", proposal.pk),
    "catalog.item": lambda item: _page("shop:item", item.number),
    "categories.category": lambda category: _page("desk:category", category.code),
    "governance.boardassignment": lambda assignment: _page("desk:board_assignment", assignment.pk),
    "governance.recommendation": lambda recommendation: _page("desk:recommendation", recommendation.pk),
    "procurement.awardrecord": lambda record: _page("desk:award_record", record.pk),
    "procurement.recall": lambda recall: _page("shop:recall", recall.pk),
    "procurement.ordertemplate": lambda template: _page("shop:template", template.pk),
    "procurement.purchaseorder": lambda order: _page("desk:order", order.number),
    "procurement.supplierproposal": lambda proposal: _page("desk:supplier_proposal", proposal.pk),
    "procurement.receipt": lambda receipt: _page("shop:receipt", receipt.pk),
    "procurement.requisition": lambda requisition: _page("shop:requisition", requisition.number),
    "procurement.requisitionline": lambda line: _page("desk:line", line.pk),
    "registers.import": lambda of_import: _page("registers:import", of_import.pk),
    "reporting.followupreport": lambda report: _page("reporting:report", report.pk),
}

PLACES: Mapping[str, str] = {
    "absence": "desk:absence",
    "absence_of": "desk:absence_of",
    "agreements": "desk:agreements",
    "attests": "desk:attests",
    "beside_the_system": "spend:beside",
    "basket": "shop:basket",
    "conversation": "shop:conversation",
    "deliveries": "shop:receive",
    "directory": "provisioning:directory",
    "governance": "desk:governance",
    "guideline": "desk:guideline",
    "item_files": "office:item_files",
    "late_orders": "desk:orders",
    "my_proposal": "shop:proposal",
    "notice_choices": "notices:choices",
    "notices": "notices:notices",
    "item_life_cycle": "desk:item",
    "price_proposals": "desk:price_proposals",
    "proposal": "desk:proposal",
    "proposals": "desk:proposals",
    "queue": "desk:queue",
    "readiness": "office:readiness",
    "recall": "shop:recall",
    "second_factors": "factors:factors",
    "today": "desk:today",
    "unsent_letters": "notices:unsent_letters",
}
"""Places that pages below them lead to, by the name that they use."""
