"""
The header: links by what the person may do, what waits for her, her basket and her name.

Read when a page asks for it: the roles and departments that the page has read anyway, and one statement of counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agreements.models import Agreement
from assortment.models import CouncilSeat, Proposal
from assortment.states import ProposalStatus
from categories.delegations import delegators_of
from categories.models import CategoryAssignment
from core.compiled import compiled_once
from core.components import Link, Navigation, SignedIn
from notices.models import Letter, Notice
from notices.operations.reading import mark_opened
from notices.states import LetterStatus
from organizations.models import Absence, Delegation, DelegationScope, Department, Membership, Role, User
from organizations.permissions import Roles, roles_on
from organizations.region import region_name
from procurement.models import RequisitionLine
from procurement.states import LineStatus
from procurement.waiting import attests_to_give, deliveries_due, lines_to_decide
from shop.views.departments import DepartmentChoice, department_choice

MOST_LINKS = 6
RECEIVING = tuple(
    f"shop:{each}"
    for each in (
        "receive_delivery",
        "receipt",
        "receipt_take_back",
        "receipt_send_back",
        "complaint_settle",
        "reception",
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the header, and which pages lie there."""

    label: str
    name: str
    pages: tuple[str, ...] = ()
    count: int = 0
    needs_you: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits, in numbers; ``posts`` are the categories that she answers for or steps in for, ``owned`` her agreements."""

    asked: int
    deliveries: int
    queue: int
    attests: int
    basket: int
    posts: int
    owned: int
    delegations: int
    unread: int
    unread_here: int
    letters: int
    votes: int
    seats: int
    questions: int


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates the header of whoever is signed in, and whose program it is."""
    return {
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "region_name": SimpleLazyObject(region_name),
    }


def _navigation(request: HttpRequest) -> Navigation | None:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return None
    if hasattr(request, "lacks_second_factor"):
        return None
    day = timezone.localdate()
    roles = roles_on(user, day)
    orders = department_choice(request)  # type: ignore[arg-type]
    counts = _counts(user, orders, day, request.get_full_path())
    if counts.unread_here and request.method == "GET":
        counts = replace(counts, unread=counts.unread - counts.unread_here)
        mark_opened(address=request.get_full_path(), by=user, at=timezone.now())
    match = request.resolver_match
    current = match.view_name if match else ""
    links = [_link(place, current) for place in _places(roles, orders, counts)]
    visible_links = [link for link in links if link is not None]
    extra = visible_links[MOST_LINKS:]
    if len(orders.choices) > 1:
        extra.append(Link(_("Byt enhet"), reverse("shop:choose_department")))
    extra.append(Link(_("Mina förslag"), reverse("shop:proposals"), counts.questions or None))
    if counts.seats and not (counts.posts or roles.is_head):
        extra.append(Link(_("Sortimentsråd"), reverse("desk:proposals"), counts.votes or None))
    extra.append(Link(_("Frånvaro och ersättare"), reverse("desk:absence"), counts.delegations or None))
    if Role.ADMINISTRATOR in roles.everywhere and counts.letters:
        unsent = Link(_("Brev som inte gick att skicka"), reverse("notices:unsent_letters"), counts.letters)
        extra.append(unsent)
    extra.append(Link(_("Riktlinje för inköp"), reverse("desk:guideline")))
    extra.append(Link(_("Mitt konto"), reverse("organizations:account")))
    return Navigation(
        links=visible_links[:MOST_LINKS],
        person=SignedIn(user.full_name, _unit(user, roles, orders), extra),
        basket_url=reverse("shop:basket") if orders.department else "",
        basket_count=counts.basket,
        basket_is_current=current == "shop:basket",
        home_url=reverse("home"),
        notices_url=reverse("notices:notices"),
        unread_count=counts.unread,
        notices_is_current=current in ("notices:notices", "notices:choices"),
    )


def _link(place: Place, current: str) -> Link | None:
    try:
        url = reverse(place.name)
    except NoReverseMatch:
        return None
    return Link(
        place.label,
        url,
        place.count or None,
        is_current=current == place.name or current in place.pages,
        count_needs_you=place.needs_you,
    )


def _unit(user: User, roles: Roles, orders: DepartmentChoice) -> str:
    """What stands under the name: the department that is ordered for, or what the person is."""
    if orders.department is not None:
        return orders.department.name
    return user.title


def _places(roles: Roles, orders: DepartmentChoice, counts: Counts) -> Iterable[Place]:
    """The union of what the roles open, the most used first, each once."""
    places: list[Place] = []
    if counts.posts or roles.is_head:
        places += _manager_places(roles, counts)
    if orders.department is not None:
        places += _orderer_places(counts, is_manager=bool(places))
    if roles.receives_for and orders.department is None:
        receiving = Place(_("Ta emot"), "shop:receive", RECEIVING[:-1])
        places += [Place(_("Godsmottagning"), "shop:reception"), receiving]
    if counts.owned and not (counts.posts or roles.is_head):
        places += [Place(_("I dag"), "desk:today"), _agreements()]
    if roles.attests_for:
        places.append(
            Place(
                _("Attest"),
                "desk:attests",
                ("desk:attest", "desk:attest_refuse"),
                counts.attests,
                True,
            )
        )
        places.append(_spending(_("Enhetens inköp")))
    if Role.ADMINISTRATOR in roles.everywhere:
        starting = ("office:readiness", "office:leaving", "office:merging")
        places.append(Place(_("Kom igång"), "office:getting_started", starting))
    if roles.is_controller:
        places += [
            _savings(),
            Place(_("Import"), "history:imports"),
            _reports(),
        ]
    if roles.is_auditor:
        places += [
            _trail(),
            _savings(),
            _reports(),
            _agreements(),
            _orders(),
        ]
    if roles.is_head:
        places += [_trail()]
    if Role.ADMINISTRATOR in roles.everywhere:
        places += [_registers(), Place(_("Personalkatalog"), "provisioning:directory")]
    if roles.sees_region:
        places.append(_governance())
    places.append(_catalogue())
    if roles.sees_region or counts.posts:
        places.append(_registers())
    if roles.sees_region:
        places.append(_spending(_("Enheternas inköp")))
    if roles.is_controller:
        places.append(Place(_("I dag"), "desk:today"))
    once: dict[str, Place] = {}
    for place in places:
        once.setdefault(place.name, place)
    return once.values()


def _manager_places(roles: Roles, counts: Counts) -> list[Place]:
    queue_pages = (
        "desk:line",
        "desk:decide",
        "desk:decided",
        "desk:queue_ask",
        "desk:queue_reject",
    )
    places = [
        Place(_("I dag"), "desk:today", ("reporting:outside_agreements", "reporting:leakage_cost")),
        Place(_("Kö"), "desk:queue", queue_pages, counts.queue, bool(counts.queue)),
    ]
    if roles.is_head:
        places.append(Place(pgettext("navigation", "Ansvar"), "desk:assignments", ("desk:category",)))
    return [
        *places,
        _agreements(),
        _savings(),
        *([_reports()] if roles.is_head else []),
        _proposals(counts),
        _orders(),
    ]


def _orderer_places(counts: Counts, *, is_manager: bool) -> list[Place]:
    own_pages = (
        "shop:requisition",
        "shop:requisition_history",
        "shop:line_revise",
        "shop:line_withdraw",
        "shop:line_other_day",
    )
    start = Place(_("Beställ") if is_manager else _("Start"), "shop:start")
    return [
        start,
        _catalogue(),
        Place(_("Mina beställningar"), "shop:requisitions", own_pages, counts.asked, bool(counts.asked)),
        Place(_("Ta emot"), "shop:receive", RECEIVING, counts.deliveries),
    ]


def _spending(label: str) -> Place:
    return Place(label, "desk:spending_departments", ("desk:spending", "desk:spending_lines"))


def _trail() -> Place:
    pages = ("desk:delegated", "desk:observations", "desk:observation")
    return Place(_("Spår"), "desk:trail", pages)


def _catalogue() -> Place:
    lists = ("favourites", "templates", "template", "template_make", "template_change", "template_remove")
    pages = ("item", "scan", "free_text", "service", *lists)
    return Place(_("Katalog"), "shop:catalogue", tuple(f"shop:{each}" for each in pages))


def _proposals(counts: Counts) -> Place:
    """What the operation proposes, for those who answer; how many votes wait for those of them who vote too."""
    pages = tuple(f"desk:{each}" for each in ("proposal", "searches", "search", "candidates", "candidate"))
    return Place(_("Förslag"), "desk:proposals", pages, counts.votes, bool(counts.votes))


def _agreements() -> Place:
    pages = (
        *("agreement", "competition", "price_proposals", "price_proposal", "price_raise"),
        *("supplier_proposals", "supplier_proposal"),
    )
    return Place(_("Avtal"), "desk:agreements", tuple(f"desk:{each}" for each in pages))


def _savings() -> Place:
    pages = (
        "reporting:saving_lines",
        "reporting:uncounted_lines",
        "reporting:net",
        "reporting:costs",
        "reporting:baselines",
        "reporting:initiative",
        "reporting:freeze_baselines",
        "reporting:confirm_baselines",
        "history:price_savings",
        "history:price_saving_lines",
        "spend:beside",
        "spend:rows",
        "spend:accounts",
        "spend:suppliers",
        "spend:matched",
    )
    return Place(_("Besparingar"), "reporting:savings", pages)


def _governance() -> Place:
    """What the board, the audit and the director have asked for."""
    pages = ("board_assignment", "recommendation", "implementation_plan")
    return Place(_("Styrning"), "desk:governance", tuple(f"desk:{each}" for each in pages))


def _reports() -> Place:
    return Place(_("Rapporter"), "reporting:reports", ("reporting:report", "reporting:report_new"))


def _registers() -> Place:
    pages = ("rows", "row", "add", "change", "end", "remove", "template", "imports", "import")
    return Place(_("Register"), "registers:index", tuple(f"registers:{each}" for each in pages))


def _orders() -> Place:
    awards = ("desk:direct_awards", "desk:direct_award_category", "desk:award_record")
    names = (
        "order_answer",
        "order_changes",
        "order_reduce",
        "order_other_days",
        "order_cancel",
        "decline_day",
    )
    changes = tuple(f"desk:{each}" for each in names)
    return Place(_("Inköpsordrar"), "desk:orders", ("desk:order", *changes, *awards))


def _counts(user: User, orders: DepartmentChoice, day: date, page: str) -> Counts:
    """Count everything in one statement."""
    (row,) = _count_row(user, [each.pk for each in orders.choices], orders.department, day, page)
    return Counts(**{each.name: getattr(row, f"{each.name}_count") for each in fields(Counts)})


@compiled_once
def _count_row(
    user: User, departments: list[int], ordered_for: Department | None, day: date, page: str
) -> QuerySet[User]:
    """Every page asks this, and Django takes longer to write it than PostgreSQL to answer."""
    drafts = RequisitionLine.objects.filter(
        status=LineStatus.DRAFT,
        requisition__submitted_at=None,
        requisition__requester=user,
        requisition__department=ordered_for,
    )
    ordering = Membership.objects.on(day).filter(user=user, role=Role.REQUESTER)
    absences = Absence.objects.on(day).filter(user=OuterRef("manager"))
    posts = CategoryAssignment.objects.on(day).filter(
        Q(manager=user)
        | Q(deputy=user) & (Q(Exists(absences)) | Q(manager__is_active=False))
        | Q(manager__in=delegators_of(user, day, DelegationScope.DECISIONS))
    )
    return (
        User.objects.filter(Q(pk=user))
        .only("pk")
        .annotate(
            asked_count=_number(
                RequisitionLine.objects.filter(
                    status=LineStatus.RETURNED,
                    requisition__requester=user,
                    requisition__department__in=ordering.values("department"),
                )
            ),
            deliveries_count=_number(deliveries_due(departments, day), "order_line__order"),
            queue_count=_number(lines_to_decide(user, day)),
            attests_count=_number(attests_to_give(user, day)),
            basket_count=_number(drafts),
            posts_count=_number(posts),
            owned_count=_number(Agreement.objects.filter(owner=user)),
            delegations_count=_number(Delegation.objects.to_answer(user, day)),
            unread_count=_number(Notice.objects.unread().filter(recipient=user)),
            unread_here_count=_number(Notice.objects.unread().filter(recipient=user).at_place(page)),
            letters_count=_number(Letter.objects.filter(status=LetterStatus.NOT_SENT)),
            votes_count=_number(Proposal.objects.to_vote_on(user, day)),
            seats_count=_number(CouncilSeat.objects.on(day).filter(user=user)),
            questions_count=_number(Proposal.objects.filter(proposer=user, status=ProposalStatus.RETURNED)),
        )
    )


def _number(rows: QuerySet[Any], of: str = "pk") -> Coalesce:
    """Count rows inside another statement."""
    return Coalesce(
        Subquery(
            rows.order_by()
            .annotate(one=F("pk") * 0)
            .values("one")
            .annotate(n=Count(of, distinct=True))
            .values("n")
        ),
        0,
    )
