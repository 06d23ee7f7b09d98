"""The region's organisation: authority, administrations, the coding string, departments and where goods are delivered."""

from datetime import datetime

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.components import Link
from office.permissions import can_see_registers, is_administrator, is_finance
from office.registers import previews
from organizations.models import (
    AccountingCode,
    Administration,
    Authority,
    DeliveryPlace,
    Department,
    Dimension,
    User,
)
from organizations.permissions import can_arrange_organisation
from procurement.operations.responsibility import settle_people
from registers.columns import Column
from registers.kinds import Reference
from registers.register import Group, Register


def _merging(by: User, department: Model, at: datetime) -> list[Link]:
    """An open department may be merged into another."""
    assert isinstance(department, Department)  # noqa: S101, for the types
    if not department.is_open_on(timezone.localdate(at)) or not can_arrange_organisation(by, at=at):
        return []
    return [Link(gettext("Slå ihop"), reverse("office:merging", args=[department.pk]))]


AUTHORITIES = Register(
    name="authorities",
    title=_("Myndigheter"),
    one=_("myndighet"),
    model=Authority,
    columns=[
        Column("org_number", _("Organisationsnummer"), is_key=True),
        Column("name", _("Namn"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
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
    settle=settle_people,
    preview=previews.of_department,
    actions=_merging,
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
    searched=["cost_center", "name", "street", "city"],
)
