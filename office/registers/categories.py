"""The category tree, who answers for each part of it, and by which policy."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assortment.models import CouncilSeat
from categories.events import Event
from categories.models import Category, CategoryAssignment, CategoryPolicy
from categories.operations.tree import settle_tree
from categories.permissions import can_assign_category
from core import reader
from core.components import Link
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_head
from office.plans import notes_of, planning
from office.registers import category_previews
from organizations.models import AccountingCode, Dimension, User
from procurement.operations.rerouting import move_waiting
from registers.columns import Column
from registers.kinds import First, Last, Reference
from registers.register import Group, Register, Rule

OPEN_CATEGORY = Reference(model=Category, by="code", among={"merged_into": None})
"""A category that has not been merged into another."""


class DeputyIsManager(InvalidInput):
    """The deputy is somebody else than the manager."""

    code = "deputy_is_manager"
    sentence = _("Ersättaren måste vara någon annan än den som ansvarar.")


class EscalatesOutOfTurn(InvalidInput):
    """What waits goes to the deputy first, and to the head of procurement later."""

    code = "escalates_out_of_turn"
    sentence = _(
        "Det som väntar går till ersättaren minst en arbetsdag efter svarsdagen, och till inköpschefen senare än så."
    )


class LeadTimeOutOfRange(InvalidInput):
    """A procurement takes between a month and five years."""

    code = "lead_time_out_of_range"
    sentence = _("Ange upphandlingstiden som 1 till 60 månader.")


class CategoryUnderItself(InvalidInput):
    """A category stands under another, and in the end under the top."""

    code = "category_under_itself"
    sentence = _("En kategori kan inte ligga under sig själv.")


def _tree_and_work(by: User | None, at: datetime) -> None:
    """Draw the tree again, and move what waits with what has been moved."""
    settle_tree()
    move_waiting(by=by, at=at)


def _work(by: User | None, at: datetime) -> None:
    """Move what waits to who answers now."""
    move_waiting(by=by, at=at)


def _arranging(by: User, category: Model, at: datetime) -> list[Link]:
    """An open category may be merged into another, or change from a day to come."""
    assert isinstance(category, Category)  # noqa: S101, for the types
    if category.merged_into_id is not None or not can_assign_category(by, at=at):
        return []
    return [
        Link(gettext("Slå ihop"), reverse("office:merging_category", args=[category.pk])),
        planning("category_changes", category=category.code),
    ]


def _merged_or_to_come(category: Model, day: date) -> Sequence[Link]:
    """What is to come for it, or what goes on in its place."""
    assert isinstance(category, Category)  # noqa: S101, for the types
    into, closed = category.merged_into, category.closed_date
    if into is None or closed is None:
        return notes_of("category_changes", category.planned_changes.select_related("parent", "into"))
    text = gettext("Ingår i %(into)s från och med %(day)s.") % {"into": into, "day": reader.long_day(closed)}
    return [Link(text, reverse("registers:row", args=["categories", into.pk]))]


CATEGORIES = Register(
    name="categories",
    group=Group.CATEGORIES,
    title=_("Kategorier"),
    one=_("kategori"),
    model=Category,
    columns=[
        Column("code", _("Kod"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("name_en", _("Namn på engelska")),
        Column("parent", _("Ligger under"), kind=OPEN_CATEGORY),
        Column("kind", _("Varor eller tjänster"), is_required=True),
        Column("cpv_code", _("CPV-kod"), others=("cpv",)),
        Column(
            "account",
            _("Konto"),
            kind=Reference(model=AccountingCode, by="code", among={"dimension": Dimension.ACCOUNT.value}),
        ),
        Column("is_risk", _("Riskkategori"), note=_("Avtal här ska ha krav på uppförandekod.")),
        Column(
            "lead_months",
            _("Upphandlingstid, månader"),
            note=_("Från start till nytt avtal. Tomt är som för kategorin ovanför, eller nio månader."),
        ),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    rules=[Rule(holds=~Q(lineage=[]), refusal=CategoryUnderItself, column="parent")],
    sentences={"category_lead_months": LeadTimeOutOfRange},
    settle=_tree_and_work,
    preview=category_previews.of_category,
    actions=_arranging,
    notes=_merged_or_to_come,
    acts=[Event.CATEGORY_MERGED, Event.CATEGORY_ASSIGNED],
    searched=["code", "name", "name_en"],
    filtered=["kind"],
)

POSTS = Register(
    name="posts",
    group=Group.CATEGORIES,
    title=_("Ansvar för kategorier"),
    one=_("ansvar"),
    model=CategoryAssignment,
    columns=[
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_key=True),
        Column(
            "manager", _("Ansvarig"), kind=Reference(by="email", among={"is_active": True}), is_required=True
        ),
        Column("deputy", _("Ersättare"), kind=Reference(by="email", among={"is_active": True})),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    sentences={"assignment_deputy_is_another": DeputyIsManager},
    settle=_work,
    preview=category_previews.of_post,
    searched=["category", "manager", "deputy"],
    filtered=["category", "manager"],
)

POLICIES = Register(
    name="policies",
    group=Group.CATEGORIES,
    title=_("Policyer för kategorier"),
    one=_("policy"),
    model=CategoryPolicy,
    columns=[
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_key=True),
        Column("response_days", _("Svarstid i arbetsdagar")),
        Column("proposal_response_days", _("Svarstid för förslag i arbetsdagar")),
        Column("reminder_days", _("Påminn så många arbetsdagar före svarsdagen")),
        Column("deputy_days", _("Till ersättaren så många arbetsdagar efter")),
        Column("head_days", _("Till inköpschefen så många arbetsdagar efter")),
        Column("standing_approval_limit", _("Gräns för stående godkännande")),
        Column("needs_clinical_approval", _("Ersättningar granskas kliniskt")),
        Column(
            "set_by",
            _("Beslutad av"),
            kind=Reference(by="email", among={"is_active": True}),
            is_required=True,
        ),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    sentences={"policy_escalates_in_turn": EscalatesOutOfTurn},
    searched=["category"],
    filtered=["category"],
)

COUNCIL_SEATS = Register(
    name="council_seats",
    group=Group.CATEGORIES,
    title=_("Sortimentsråd"),
    one=_("plats i sortimentsråd"),
    model=CouncilSeat,
    columns=[
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_key=True),
        Column(
            "email",
            _("E-post"),
            field="user",
            kind=Reference(by="email", among={"is_active": True}),
            is_key=True,
        ),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    searched=["category", "email"],
    filtered=["category"],
)
