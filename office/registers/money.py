"""What the organisation costs, and the initiatives that are to save."""

from django.utils.translation import gettext_lazy as _

from office.permissions import can_see_registers, is_finance, is_head
from office.registers.categories import OPEN_CATEGORY
from registers.columns import Column
from registers.kinds import First, Last, Reference
from registers.register import Group, Register
from reporting.models import OrganisationCost, ReportText, SavingInitiative

COSTS = Register(
    name="organisation_costs",
    group=Group.MONEY,
    title=_("Organisationskostnader"),
    one=_("organisationskostnad"),
    model=OrganisationCost,
    columns=[
        Column("from_date", _("Från och med"), field="during", kind=First(), is_key=True),
        Column("through_date", _("Till och med"), field="during", kind=Last(), is_required=True),
        Column("persons", _("Årsarbetare"), is_required=True),
        Column("amount", _("Kostnad"), is_required=True),
        Column("note", _("Anmärkning")),
    ],
    may_see=can_see_registers,
    may_change=is_finance,
)

INITIATIVES = Register(
    name="initiatives",
    group=Group.MONEY,
    title=_("Besparingsinitiativ"),
    one=_("besparingsinitiativ"),
    model=SavingInitiative,
    columns=[
        Column("code", _("Kod"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_required=True),
        Column("old_agreement", _("Tidigare avtal"), kind=Reference(by="number")),
        Column("new_agreement", _("Nytt avtal"), kind=Reference(by="number")),
        Column("method", _("Baslinjens metod"), is_required=True),
        Column("effective_date", _("Gäller från"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_finance,
    searched=["code", "name"],
    filtered=["category"],
)

REPORT_TEXTS = Register(
    name="report_texts",
    group=Group.MONEY,
    title=_("Rapporttexter"),
    one=_("rapporttext"),
    model=ReportText,
    columns=[
        Column("part", _("Del av återrapporten"), is_key=True),
        Column("text", _("Text"), is_required=True),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    searched=["text"],
)
