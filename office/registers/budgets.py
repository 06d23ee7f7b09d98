"""How much departments may spend."""

from django.utils.translation import gettext_lazy as _

from office.permissions import can_see_registers, is_finance
from organizations.models import BudgetFrame
from registers.columns import Column
from registers.kinds import First, Last, Reference
from registers.register import Group, Register

BUDGET_FRAMES = Register(
    name="budget_frames",
    group=Group.MONEY,
    title=_("Budgetramar"),
    one=_("budgetram"),
    model=BudgetFrame,
    columns=[
        Column(
            "cost_center",
            _("Ansvar"),
            others=("Kostnadsställe",),
            field="department",
            kind=Reference(by="cost_center"),
            is_key=True,
        ),
        Column("amount", _("Ram"), others=("Budget", "Belopp"), is_required=True),
        Column("consequence", _("När ramen inte räcker")),
        Column("decision", _("Beslut"), others=("Beslutsreferens", "Diarienummer")),
        Column("from_date", _("Från och med"), field="valid_during", kind=First(), is_required=True),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last(), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_finance,
    ends="through_date",
    is_of_periods=True,
    searched=["cost_center", "decision"],
    filtered=["cost_center", "consequence"],
)
