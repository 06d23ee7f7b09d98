"""Write down each night what could be one choice, and make a proposal of it."""

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assortment import permissions
from assortment.models import Candidate, CandidateKind, CandidateNight, Proposal, ProposalKind
from assortment.operations.proposals import Wish, make_proposal
from assortment.standardising import ALIKE, KEEP_ITEMS, KEEP_ITEMS_OF_EACH, MOST_BOUGHT, NEEDS, items_on
from core import formatting
from core.bulk import insert_unless
from core.errors import WrongState
from core.languages import current_language
from core.transactions import operation
from core.verdicts import require
from organizations.models import Department, User

NIGHT = time(2, 0)
YEAR = timedelta(days=365)


class CandidateIsProposed(WrongState):
    """It has been turned into a proposal."""

    code = "candidate_is_proposed"
    sentence = _("Det finns redan ett förslag om det här.")


@operation
def compute_candidates(*, at: datetime) -> bool:
    """
    Write down the candidates of the day, unless it is done or it is not two in the morning yet; whether it was done now.

    Those that are no longer so go; one that has become a proposal keeps it as long as it is found.
    """
    day = timezone.localdate(at)
    night = CandidateNight(day=day, made_at=at)
    if timezone.localtime(at).time() < NIGHT or not insert_unless(night, constraint="candidate_night_once"):
        return False
    facts: dict[str, date | datetime | int] = {
        "day": day,
        "since": day - YEAR,
        "moment": at,
        "since_moment": at - YEAR,
        "most_bought": MOST_BOUGHT,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute("DELETE FROM assortment_candidateitem")
        cursor.execute("DROP TABLE IF EXISTS assortment_compared")
        compared, prices = items_on(day)
        cursor.execute(compared, {**facts, **prices})
        cursor.execute(KEEP_ITEMS, facts)
        cursor.execute(KEEP_ITEMS_OF_EACH, facts)
        cursor.execute(NEEDS, facts)
    Candidate.objects.filter(computed_on__lt=day).delete()
    CandidateNight.objects.filter(day__lt=day).delete()
    return True


@operation
def propose_candidate(
    *, candidate: Candidate, department: Department | None, by: User, at: datetime
) -> Proposal:
    """
    Make a proposal of a candidate: the cheapest item instead of the others, or an item for a need that returns.

    Somebody else than the one who proposes decides it, and the council votes as on any other.

    :raises CandidateIsNotYours: she does not answer for the category.
    :raises CandidateIsProposed: it is a proposal already, which was not taken back.
    """
    locked = Candidate.objects.select_for_update(no_key=True, of=("self",))
    candidate = locked.select_related("proposal", "category", "cheapest_item").get(pk=candidate.pk)
    require(permissions.can_standardise(by, candidate.category_id, at=at))
    if candidate.is_proposed:
        raise CandidateIsProposed
    dearer = candidate.items.exclude(item=candidate.cheapest_item_id or 0).select_related("item__category")
    items = [each.item for each in dearer.order_by("-worth", "pk")]
    is_of_items = candidate.kind == CandidateKind.ITEMS
    wish = Wish(
        kind=ProposalKind.REPLACEMENT if is_of_items else ProposalKind.ITEM,
        title=candidate.title[:200],
        reason=_reason(candidate),
        items=items if is_of_items else (),
        new_item=candidate.cheapest_item,
        category=candidate.category,
        unit=candidate.unit,
    )
    proposal = make_proposal(wish, department=department, by=by, at=at)
    candidate.proposal = proposal
    candidate.save(update_fields=["proposal"])
    return proposal


def _reason(candidate: Candidate) -> str:
    """What the computation says, as the reason of the proposal; in the language of the one who proposes."""
    kr = {
        name: formatting.kr(amount, 0, language=current_language())
        for name, amount in (("amount", candidate.amount), ("worth", candidate.worth))
    }
    if candidate.kind == CandidateKind.ITEMS:
        text = gettext(
            "%(choices)s artiklar liknar varandra och kostade tillsammans %(amount)s de senaste tolv månaderna."
            " Med den billigaste av dem hade det kostat %(worth)s mindre."
        )
    else:
        text = gettext(
            "Samma behov har skrivits i fritext %(times)s gånger på tolv månader, för tillsammans %(amount)s."
            " Till det lägsta priset hade det kostat %(worth)s mindre."
        )
    return text % {"choices": candidate.choices, "times": candidate.times, **kr}
