"""People are told of new prices, inside the operations that give the reason."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from catalog.models import PriceProposal
from catalog.notices import PRICES_ANSWERED, PRICES_PASSED, PRICES_WAITING
from catalog.price_deciders import Deciders
from catalog.states import PriceProposalStatus
from core.addresses import address_of, place
from core.transactions import operation
from notices.kinds import Kind
from notices.models import Notice
from notices.operations.putting_away import put_away
from notices.operations.telling import News, tell
from organizations.models import User


def tell_of_waiting(proposals: Sequence[PriceProposal], *, by: User | None, at: datetime) -> None:
    """Tell whoever is to decide, once for an agreement and day however many proposals there are, until she has read it."""
    deciders = Deciders.on(timezone.localdate(at))
    news = []
    for proposal in PriceProposal.objects.for_display().filter(pk__in=[each.pk for each in proposals]):
        address = _agreement_address(proposal)
        news += [News(each.pk, PRICES_WAITING, address, _facts(proposal)) for each in deciders.of(proposal)]
    tell(_untold(news, PRICES_WAITING, since=_midnight(at)), by=by, at=at)


def put_away_answered(proposal: PriceProposal, *, at: datetime) -> None:
    """Let what people were told of a proposal that has its answer go away; of its agreement when nothing is left of it."""
    whole = proposal.split_from_id or proposal.pk
    undecided = PriceProposal.objects.undecided().filter(agreement=proposal.agreement_id)
    if not undecided.filter(pk=whole).exists():
        original = PriceProposal(pk=whole)
        put_away([PRICES_PASSED], addresses=[address_of(original)], at=at)
    if not undecided.exists():
        put_away([PRICES_WAITING], addresses=[_agreement_address(proposal)], at=at)


def tell_of_answer(proposal: PriceProposal, *, by: User, at: datetime) -> None:
    """Tell whoever registered a proposal what became of it."""
    if proposal.registered_by_id is None:
        return
    fresh = PriceProposal.objects.for_display().get(pk=proposal.pk)
    how = str(PriceProposalStatus(proposal.status))
    if how == "approved" and fresh.rows.exclude(agreed_price=None).exists():
        how = "lowered"
    facts = {
        **_facts(fresh),
        "how": how,
        "day": fresh.begins.isoformat(),
        "who": by.full_name,
        "text": fresh.decision_reason,
    }
    tell([News(proposal.registered_by_id, PRICES_ANSWERED, address_of(fresh), facts)], by=by, at=at)


def tell_of_giving_way(proposal: PriceProposal, *, begins: date | None, by: User, at: datetime) -> None:
    """
    Tell whoever registered an approved proposal that some of its prices give way to what the supplier has won with.

    :param begins: the day that they begin after that; None when they never hold.
    """
    if proposal.registered_by_id is None:
        return
    fresh = PriceProposal.objects.for_display().get(pk=proposal.pk)
    facts = {
        **_facts(fresh),
        "how": "later" if begins else "never",
        "day": (begins or fresh.begins).isoformat(),
        "who": by.full_name,
    }
    tell([News(proposal.registered_by_id, PRICES_ANSWERED, address_of(fresh), facts)], by=by, at=at)


@operation
def tell_of_passed(*, at: datetime) -> int:
    """
    Tell, once for each proposal whose day came without a decision, that the old prices stay.

    Whoever is to decide is told, and whoever registered it; returns how many proposals nobody had been told of.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('price proposals that passed'))")
    day = timezone.localdate(at)
    passed = list(PriceProposal.objects.undecided().for_display().filter(from_date__lte=day).order_by("pk"))
    if not passed:
        return 0
    deciders = Deciders.on(day)
    addresses = set(Notice.objects.filter(kind=PRICES_PASSED.name).values_list("address", flat=True))
    fresh = [each for each in passed if address_of(each) not in addresses]
    tell(
        (
            News(person, PRICES_PASSED, address_of(proposal), _facts(proposal))
            for proposal in fresh
            for person in _concerned(proposal, deciders)
        ),
        by=None,
        at=at,
    )
    return len(fresh)


def _concerned(proposal: PriceProposal, deciders: Deciders) -> list[int]:
    """Who is to decide, and who registered it."""
    people = {each.pk for each in deciders.of(proposal)}
    return sorted(people if proposal.registered_by_id is None else people | {proposal.registered_by_id})


def _agreement_address(proposal: PriceProposal) -> str:
    return f"{place('price_proposals')}#avtal-{proposal.agreement_id}"


def _facts(proposal: Any) -> dict[str, Any]:
    return {
        "agreement": proposal.agreement.title,
        "supplier": proposal.supplier.name,
        "day": proposal.from_date.isoformat(),
        "effect": str(proposal.total_effect),
    }


def _untold(news: Sequence[News], kind: Kind, *, since: datetime) -> list[News]:
    """Those that the person has no unread notice of since, the first of each."""
    notices = Notice.objects.unread().filter(
        kind=kind.name, recipient__in={each.person_id for each in news}, made_at__gte=since
    )
    notice_keys = set(notices.values_list("recipient", "address"))
    first = {(each.person_id, each.address): each for each in reversed(news)}
    return [each for key, each in reversed(first.items()) if key not in notice_keys]


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
