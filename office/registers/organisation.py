"""The region's organisation: authority, administrations, the coding string, departments and where goods are delivered."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Exists, F, Model, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.components import Link
from core.errors import InvalidInput
from office.operations.telling import tell_of_closing
from office.permissions import can_see_registers, is_administrator, is_finance
from office.plans import notes_of, planning
from office.registers import previews
from office.registers.addresses import NotAPeppolAddress
from office.registers.planning import IsChangedAfterwards, nothing_planned_after
from organizations.events import Event
from organizations.models import (
    AccountingCode,
    Administration,
    AdministrationChange,
    Authority,
    DeliveryPlace,
    Department,
    DepartmentChange,
    Dimension,
    User,
)
from organizations.permissions import can_arrange_organisation
from procurement.operations.moving_baskets import tell_of_stranded_baskets
from procurement.operations.succession import settle_people
from registers.columns import Column
from registers.kinds import Reference
from registers.register import Group, Register, Rule


def _arranging(by: User, department: Model, at: datetime) -> list[Link]:
    """An open department may be merged into another, or change from a day to come."""
    assert isinstance(department, Department)  # noqa: S101, for the types
    if not department.is_open_on(timezone.localdate(at)) or not can_arrange_organisation(by, at=at):
        return []
    return [
        Link(gettext("Slå ihop"), reverse("office:merging", args=[department.pk])),
        planning("department_changes", cost_center=department.cost_center),
    ]


def _planning_administration(by: User, administration: Model, at: datetime) -> list[Link]:
    """An open administration may change, or be merged into another, from a day to come."""
    assert isinstance(administration, Administration)  # noqa: S101, for the types
    if not administration.is_open_on(timezone.localdate(at)) or not can_arrange_organisation(by, at=at):
        return []
    return [planning("administration_changes", code=administration.code)]


def _to_come(department: Model, day: date) -> Sequence[Link]:
    assert isinstance(department, Department)  # noqa: S101, for the types
    return notes_of("department_changes", department.planned_changes.select_related("into", "administration"))


def _to_come_of_administration(administration: Model, day: date) -> Sequence[Link]:
    assert isinstance(administration, Administration)  # noqa: S101, for the types
    return notes_of("administration_changes", administration.planned_changes.select_related("into"))


def _settle_departments(by: User | None, at: datetime) -> None:
    """Move what waits, and tell those who order for a department that closes."""
    settle_people(by, at)
    tell_of_closing(by=by, at=at)
    tell_of_stranded_baskets(at=at)


class AdministrationIsClosed(InvalidInput):
    """An open department belongs to an administration that is open as long as it is."""

    code = "department_in_closed_administration"
    sentence = _("Förvaltningen är stängd. Välj en som är öppen så länge enheten är det.")


class HasOpenDepartments(InvalidInput):
    """An administration that closes has no department left, today or by a plan."""

    code = "administration_has_departments"
    sentence = _(
        "Förvaltningen har enheter som är öppna den dagen. Flytta eller stäng dem först, eller låt förvaltningen gå upp"
        " i en annan."
    )


def _department_is_within_an_open_one() -> Q:
    """While the department is open its administration is, or a plan moves it by then."""
    planned_moves = DepartmentChange.objects.to_come().filter(
        Q(administration__isnull=False) | Q(into__isnull=False),
        department=OuterRef("pk"),
        from_date__lte=OuterRef("administration__closed_date"),
    )
    is_within = Q(administration__closed_date=None) | Q(closed_date__lte=F("administration__closed_date"))
    return is_within | Q(Exists(planned_moves))


def _has_nothing_open() -> Q:
    """No department of it is open when it closes, but those that a plan moves by then."""
    planned_moves = DepartmentChange.objects.to_come().filter(
        Q(administration__isnull=False) | Q(into__isnull=False),
        department=OuterRef("pk"),
        from_date__lte=OuterRef(OuterRef("closed_date")),
    )
    open_departments = Department.objects.filter(administration=OuterRef("pk")).filter(
        Q(closed_date=None) | Q(closed_date__gt=OuterRef("closed_date")), ~Exists(planned_moves)
    )
    return Q(closed_date=None) | ~Q(Exists(open_departments))


AUTHORITIES = Register(
    name="authorities",
    title=_("Myndigheter"),
    one=_("myndighet"),
    model=Authority,
    columns=[
        Column("org_number", _("Organisationsnummer"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column(
            "peppol_id",
            _("Peppol-adress"),
            note=_("Dit leverantörer skickar e-fakturor. Lämna tom när det är organisationsnumret."),
        ),
        Column("invoice_name", _("Fakturor på papper till")),
        Column("invoice_street", _("Fakturans gatuadress")),
        Column("invoice_postcode", _("Fakturans postnummer")),
        Column("invoice_city", _("Fakturans ort")),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    sentences={"authority_peppol_address": NotAPeppolAddress},
    searched=["org_number", "name"],
)

ADMINISTRATIONS = Register(
    name="administrations",
    title=_("Förvaltningar"),
    one=_("förvaltning"),
    model=Administration,
    columns=[
        Column("code", _("Kod"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("authority", _("Myndighet"), kind=Reference(by="org_number"), is_required=True),
        Column("closed_date", _("Stängd från")),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    ends="closed_date",
    rules=[
        Rule(_has_nothing_open(), HasOpenDepartments, "closed_date"),
        Rule(
            nothing_planned_after(AdministrationChange, "administration", "into")
            & nothing_planned_after(DepartmentChange, "administration"),
            IsChangedAfterwards,
            "closed_date",
        ),
    ],
    actions=_planning_administration,
    acts=[Event.ADMINISTRATION_MERGED],
    notes=_to_come_of_administration,
    searched=["code", "name"],
)

ACCOUNTING_CODES = Register(
    name="accounting_codes",
    group=Group.MONEY,
    title=_("Kodsträng"),
    one=_("kod"),
    model=AccountingCode,
    columns=[
        Column("dimension", _("Dimension"), is_key=True, others=("SIE-dimension",)),
        Column("code", _("Kod"), is_key=True, others=("SIE-kod",)),
        Column("name", _("Namn"), is_required=True, others=("SIE-namn",)),
        Column("closed_date", _("Stängd från")),
    ],
    may_see=can_see_registers,
    may_change=is_finance,
    ends="closed_date",
    preview=previews.of_code,
    preview_file=previews.of_codes_in_file,
    searched=["code", "name"],
    filtered=["dimension"],
)

DEPARTMENTS = Register(
    name="departments",
    title=_("Enheter"),
    one=_("enhet"),
    model=Department,
    columns=[
        Column("cost_center", _("Ansvar"), is_key=True, others=("Kostnadsställe",)),
        Column("name", _("Namn"), is_required=True),
        Column("administration", _("Förvaltning"), kind=Reference(by="code"), is_required=True),
        Column(
            "activity",
            _("Verksamhet"),
            kind=Reference(model=AccountingCode, by="code", among={"dimension": Dimension.ACTIVITY.value}),
            is_required=True,
        ),
        Column("closed_date", _("Stängd från")),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    ends="closed_date",
    settle=_settle_departments,
    preview=previews.of_department,
    preview_file=previews.of_departments_in_file,
    acts=[Event.DEPARTMENT_MERGED, Event.DEPARTMENT_MOVED],
    rules=[
        Rule(_department_is_within_an_open_one(), AdministrationIsClosed, "administration"),
        Rule(
            nothing_planned_after(DepartmentChange, "department", "into"), IsChangedAfterwards, "closed_date"
        ),
    ],
    actions=_arranging,
    notes=_to_come,
    searched=["cost_center", "name"],
    filtered=["administration"],
)

DELIVERY_PLACES = Register(
    name="delivery_places",
    title=_("Leveransplatser"),
    one=_("leveransplats"),
    model=DeliveryPlace,
    columns=[
        Column("cost_center", _("Ansvar"), field="department", kind=Reference(by="cost_center"), is_key=True),
        Column("name", _("Namn"), is_key=True),
        Column("street", _("Gatuadress"), is_required=True),
        Column("postcode", _("Postnummer"), is_required=True),
        Column("city", _("Ort"), is_required=True),
        Column("closed_date", _("Stängd från")),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    ends="closed_date",
    preview=previews.of_place,
    preview_file=previews.of_places_in_file,
    searched=["cost_center", "name", "street", "city"],
)
