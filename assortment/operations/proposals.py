"""What whoever proposes does: propose, answer a question, take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assortment import permissions
from assortment.answering import response_day, route_of
from assortment.events import Event
from assortment.models import AffectedItem, Proposal, ProposalFile, ProposalKind, ProposalReply
from assortment.notices import PROPOSAL_NEWS
from assortment.operations.notices import put_away_answered
from assortment.states import PROPOSAL_TRANSITIONS, ProposalStatus
from attachments.detection import AcceptedFile
from attachments.operations import attach
from audit import trail
from catalog.models import Item
from catalog.nearest import nearest_items
from catalog.states import ItemStatus
from categories.models import Category
from core.addresses import place
from core.bulk import insert_rows, insert_unless
from core.errors import InvalidInput, KeyIsTaken, WrongState
from core.keys import KeyHasOtherContent, content_hash
from core.states import move
from core.transactions import operation
from core.verdicts import require
from core.working_days import add_working_days, working_days_between
from notices.operations.telling import News, tell
from organizations.models import Department, User

MOST_DISTANCE = 0.5
"""How far the name of an item may be from the text for its category to be taken."""


class ItemIsMissing(InvalidInput):
    """A replacement and a removal say which item they are about."""

    code = "proposal_item_is_missing"
    sentence = _("Ange vilken artikel det gäller.")


class ReplacedByItself(InvalidInput):
    """An item is not exchanged for itself."""

    code = "proposal_replaced_by_itself"
    sentence = _("En artikel kan inte ersättas av sig själv.")


class ProposedItemHasLeft(WrongState):
    """What has left the assortment for good does not come in again, nor instead of something else."""

    code = "proposed_item_has_left"
    sentence = _("%(item)s har utgått ur sortimentet och kan inte tas in igen.")


class ItemHasLeftAlready(WrongState):
    """What has left the assortment is not taken out of it once more."""

    code = "proposed_item_has_left_already"
    sentence = _("%(item)s har redan utgått ur sortimentet.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody proposes, in her words; ``items`` are those that would go out."""

    kind: str
    title: str
    reason: str
    items: Sequence[Item] = ()
    new_item: Item | None = None
    category: Category | None = None
    yearly_quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    supplier_name: str = ""
    evidence: str = ""
    medical_safety: str = ""
    device_class: str = ""


@operation
def propose(
    *,
    wish: Wish,
    department: Department | None,
    by: User,
    at: datetime,
    files: Sequence[AcceptedFile] = (),
    key: UUID | None = None,
) -> Proposal:
    """
    Propose an item, a replacement or a removal, with pictures or documents. Anybody may.

    It goes to whoever answers for the category: the one that is named, else that of the item, else that of the item with
    the most similar name; without any, to the head of procurement.

    :param key: made when the form is drawn, or the caller's: the same key with the same content gives the first proposal back.
    :raises ItemIsMissing: a replacement or a removal of nothing.
    :raises ReplacedByItself: the item is to be exchanged for itself.
    :raises ProposedItemHasLeft: the item that is to come in has left for good.
    :raises ItemHasLeftAlready: so has the one that is to be taken out.
    :raises KeyIsTaken: somebody else has used the key.
    :raises KeyHasOtherContent: it was used for something else.
    """
    content = content_hash(wish, department, [file.sha256 for file in files]) if key else ""
    if earlier := _earlier_proposal(key, content, by):
        return earlier
    try:
        proposal = make_proposal(wish, department=department, by=by, at=at, key=key, key_content=content)
    except KeyIsTaken:
        same = _earlier_proposal(key, content, by)
        if same is None:
            raise
        return same
    attachments = attach(files=files, by=by, at=at)
    insert_rows([ProposalFile(proposal=proposal, attachment=attachment) for attachment in attachments])
    return proposal


def make_proposal(
    wish: Wish,
    *,
    department: Department | None,
    by: User,
    at: datetime,
    key: UUID | None = None,
    key_content: str = "",
) -> Proposal:
    """
    Write a proposal, inside the operation that leads to it.

    :raises KeyIsTaken: the key was used at the same moment.
    """
    day = timezone.localdate(at)
    is_about_items = wish.kind != ProposalKind.ITEM
    if is_about_items and not wish.items:
        raise ItemIsMissing
    if wish.new_item is not None and wish.new_item.pk in {item.pk for item in wish.items}:
        raise ReplacedByItself
    require_not_left(wish.new_item)
    if wish.kind == ProposalKind.REMOVAL:
        _require_in_use(wish.items)
    category = wish.category or _category_of(wish, at)
    proposal = Proposal(
        kind=wish.kind,
        title=wish.title,
        reason=wish.reason,
        yearly_quantity=wish.yearly_quantity,
        unit=wish.unit,
        unit_price=wish.unit_price,
        supplier_name=wish.supplier_name,
        evidence=wish.evidence,
        medical_safety=wish.medical_safety,
        device_class=wish.device_class,
        new_item=wish.new_item,
        category=category,
        proposer=by,
        department=department,
        proposed_at=at,
        response_due_date=response_day(category, proposer_id=by.pk, day=day),
        key=key,
        key_content=key_content,
    )
    if not insert_unless(proposal, constraint="proposal_key_unique"):
        raise KeyIsTaken
    if is_about_items:
        insert_rows([AffectedItem(proposal=proposal, item=item) for item in dict.fromkeys(wish.items)])
    trail.record(
        Event.PROPOSED,
        subject=proposal,
        by=by,
        at=at,
        category=category.name if category else "",
        items=[item.number for item in wish.items],
        last_date=proposal.response_due_date.isoformat(),
    )
    return proposal


def require_not_left(item: Item | None) -> None:
    """
    See to it that an item can still come in.

    :raises ProposedItemHasLeft: it has left for good.
    """
    if item is not None and item.status == ItemStatus.RETIRED:
        raise ProposedItemHasLeft(item=item.names)


def _require_in_use(items: Sequence[Item]) -> None:
    for item in items:
        if item.status == ItemStatus.RETIRED:
            raise ItemHasLeftAlready(item=item.names)


def _earlier_proposal(key: UUID | None, content: str, by: User) -> Proposal | None:
    """
    Give the proposal that was made with a key, if there is one.

    :raises KeyIsTaken: it is somebody else's.
    :raises KeyHasOtherContent: it is of something else.
    """
    earlier = Proposal.objects.filter(key=key).first() if key else None
    if earlier is not None and earlier.proposer_id != by.pk:
        raise KeyIsTaken
    if earlier is not None and earlier.key_content != content:
        raise KeyHasOtherContent
    return earlier


@operation
def reply(*, proposal: Proposal, text: str, by: User, at: datetime) -> Proposal:
    """
    Answer the question about one's proposal. The working days that it waited are added to the day of the answer, and to the last day of
    a vote that had not ended when it was asked.

    :raises NotTheProposer: somebody else proposed it.
    :raises NothingIsAsked: no question waits.
    """
    proposal = Proposal.objects.locked().select_related("proposer", "category").get(pk=proposal.pk)
    require(permissions.can_reply(by, proposal, at=at))
    question = proposal.questions.select_related("by").latest("at", "pk")
    ProposalReply.objects.create(question=question, by=by, at=at, text=text)
    waiting_days = working_days_between(timezone.localdate(question.at), timezone.localdate(at))
    status = ProposalStatus.ASSESSED if proposal.council_id else ProposalStatus.RECEIVED
    move(proposal, to=status, transitions=PROPOSAL_TRANSITIONS)
    proposal.response_due_date = add_working_days(proposal.response_due_date, waiting_days)
    through = proposal.vote_through_date
    if through is not None and through >= timezone.localdate(question.at):
        proposal.vote_through_date = add_working_days(through, waiting_days)
    proposal.save(update_fields=["status", "response_due_date", "vote_through_date"])
    trail.record(Event.REPLIED, subject=proposal, by=by, at=at, text=text)
    _notify_responders(proposal, "replied", text, by=by, at=at, also=[question.by_id])
    return proposal


@operation
def withdraw(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """
    Take one's proposal back.

    :raises NotTheProposer: somebody else proposed it.
    :raises ProposalIsDecided: it has its answer.
    """
    proposal = Proposal.objects.locked().select_related("proposer", "category").get(pk=proposal.pk)
    require(permissions.can_withdraw(by, proposal, at=at))
    move(proposal, to=ProposalStatus.WITHDRAWN, transitions=PROPOSAL_TRANSITIONS)
    proposal.save(update_fields=["status"])
    trail.record(Event.WITHDRAWN, subject=proposal, by=by, at=at)
    put_away_answered(proposal, at=at)
    _notify_responders(proposal, "withdrawn", "", by=by, at=at)
    return proposal


def _category_of(wish: Wish, at: datetime) -> Category | None:
    """The category of the item that it is about, or of the one whose name is most like the title."""
    if wish.items:
        return wish.items[0].category
    matches = nearest_items([wish.title], day=timezone.localdate(at)).get(wish.title, [])
    match = next((each for each in matches if each.distance <= MOST_DISTANCE), None)
    return Item.objects.select_related("category").get(pk=match.item_id).category if match else None


def _notify_responders(
    proposal: Proposal, how: str, text: str, *, by: User, at: datetime, also: Sequence[int] = ()
) -> None:
    route = route_of(proposal, timezone.localdate(at))
    people = dict.fromkeys([*([route.responsible.pk] if route else []), *also])
    facts = {"how": how, "what": proposal.title, "who": by.full_name, "text": text}
    address = place("proposal", proposal.pk)
    tell([News(person, PROPOSAL_NEWS, address, facts) for person in people], by=by, at=at)
