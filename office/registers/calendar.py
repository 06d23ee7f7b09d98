"""When the region orders, and when it is closed."""

from django.utils.translation import gettext_lazy as _

from core.models import ClosedDay
from office.permissions import can_see_registers, is_administrator, is_head
from office.registers import calendar_previews
from procurement.models import OrderTime, Weekday
from procurement.operations.order_times import settle_order_times
from registers.columns import Column
from registers.kinds import Choice, First, Last
from registers.register import Group, Register

ORDER_TIMES = Register(
    name="order_times",
    group=Group.AGREEMENTS,
    title=_("Beställningstider"),
    one=_("beställningstid"),
    model=OrderTime,
    columns=[
        Column("weekday", _("Veckodag"), kind=Choice(dict(Weekday.choices), is_in_order=True), is_key=True),
        Column(
            "number",
            _("Tid nr"),
            is_key=True,
            is_required=False,
            note=_("Tomt är 1. Fler tider samma dag har var sitt nummer."),
        ),
        Column(
            "time",
            _("Klockslag"),
            is_required=True,
            note=_("Då skickas det som är godkänt till leverantörerna."),
        ),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    settle=settle_order_times,
    preview=calendar_previews.of_order_time,
    filtered=["weekday"],
)

CLOSED_DAYS = Register(
    name="closed_days",
    title=_("Stängda dagar"),
    one=_("stängd dag"),
    model=ClosedDay,
    columns=[
        Column(
            "day",
            _("Dag"),
            is_key=True,
            note=_("Lördagar, söndagar och helgdagar är redan stängda."),
        ),
        Column("reason", _("Varför"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    settle=settle_order_times,
    preview=calendar_previews.of_closed_day,
    searched=["reason"],
)
