"""Prices under an agreement do not rise by a list alone: its rises become price proposals."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from catalog.operations import price_lists
from core.addresses import address_of
from core.components import Link
from organizations.models import User
from registers.models import Import
from registers.raises import Raises
from reporting.price_volumes import bought_of


def _refuse(of_import: Import, by: User | None, at: datetime) -> None:
    day = timezone.localdate(at)
    price_lists.refuse_rises(of_import, by, at)
    price_lists.compute_effects(of_import, at, bought=lambda items: bought_of(items, day=day))


def _propose(of_import: Import, by: User, at: datetime) -> None:
    day = timezone.localdate(at)
    price_lists.propose_rises(of_import, by, at, bought=lambda items: bought_of(items, day=day))


def _links(of_import: Import) -> Sequence[Link]:
    proposals = of_import.price_proposals.filter(split_from=None).for_display().order_by("pk")
    return [
        Link(
            gettext("Prisförslag för %(agreement)s, %(supplier)s")
            % {"agreement": each.agreement.number, "supplier": each.supplier},
            address_of(each),
            each.price_count,  # type: ignore[attr-defined]
        )
        for each in proposals
    ]


RAISES = Raises(
    within="agreement",
    refuse=_refuse,
    differing=price_lists.differing_rises,
    propose=_propose,
    take_back=price_lists.withdraw_rises,
    links=_links,
)
