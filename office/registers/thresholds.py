"""The values that the region holds purchases against: amounts of the procurement acts, and what follow-up asks by."""

from django.utils.translation import gettext_lazy as _

from agreements.models import Threshold, ThresholdKind
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_head
from office.registers.categories import OPEN_CATEGORY
from registers.columns import Column
from registers.kinds import Choice, First, Last, Number
from registers.register import Group, Register


class ThresholdNotPossible(InvalidInput):
    """An amount is above zero, and what follow-up asks by is a whole number within its range."""

    code = "threshold_not_possible"
    sentence = _(
        "Värdet går inte för den gränsen. Ett belopp är över noll, och de andra är hela tal. Filmallen säger hur stora de får vara."
    )


class ThresholdIsForAll(InvalidInput):
    """What follow-up asks by is the same for all that is bought."""

    code = "threshold_is_for_all"
    sentence = _("Bara en beloppsgräns kan gälla en kategori. Lämna kategorin tom.")


THRESHOLDS = Register(
    name="thresholds",
    group=Group.AGREEMENTS,
    title=_("Gränser"),
    one=_("gräns"),
    model=Threshold,
    columns=[
        Column(
            "kind",
            _("Gräns"),
            kind=Choice(
                dict(ThresholdKind.choices),
                is_in_order=True,
                meanings={kind.value: kind.meaning for kind in ThresholdKind},
            ),
            is_key=True,
            note=_("De tre första är lagens belopp. Med de andra ställs frågor om inköp."),
        ),
        Column(
            "category",
            _("Kategori"),
            kind=OPEN_CATEGORY,
            is_key=True,
            is_required=False,
            note=_("Tomt gäller allt. Annars det som köps i kategorin, som sociala tjänster."),
        ),
        Column(
            "value",
            _("Värde"),
            kind=Number(digits=16, places=2, is_bare=True),
            is_required=True,
            others=("Belopp", "amount"),
            note=_("Kronor för lagens belopp. Vad de andra räknas i och får vara står i filmallen."),
        ),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    ends="through_date",
    is_of_periods=True,
    sentences={
        "threshold_is_possible": ThresholdNotPossible,
        "threshold_of_category_is_amount": ThresholdIsForAll,
    },
    filtered=["kind", "category"],
)
