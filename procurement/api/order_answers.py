"""What changes in orders that suppliers have, as programs say it: answers, settling what a supplier wants changed, needing less or on
another day.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.api import DayField, QuantityField, UnitPriceField
from procurement.api.inputs import MOST_LINES, Input, text
from procurement.models import AnswerOutcome
from procurement.models.answers import LINE_OUTCOMES
from procurement.operations.answered_lines import LineAnswer


class LineAnswerInput(Input):
    """
    What the supplier says of one line; what is not given is as ordered.

    Where another day is asked for (`asked_date`), `delivery_date` answers it: that day, or the day that held.
    """

    position = serializers.IntegerField(min_value=1, max_value=32_767)
    outcome = serializers.ChoiceField(choices=[(each.value, each.label) for each in LINE_OUTCOMES])
    quantity = QuantityField(required=False, allow_null=True)
    unit_price = UnitPriceField(required=False, allow_null=True)
    delivery_date = DayField(required=False, allow_null=True)
    comment = text(200)


class OrderAnswerInput(Input):
    """What the supplier has answered; the same `key` again gives the first answer back."""

    key = serializers.UUIDField()
    version = serializers.IntegerField(min_value=1, max_value=32_767)
    lines = serializers.ListField(child=LineAnswerInput(), min_length=1, max_length=MOST_LINES)
    reference = text(60)
    note = text(2000)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[LineAnswer]:
        """Make each line what the operation takes."""
        return [
            LineAnswer(
                position=line["position"],
                outcome=AnswerOutcome(line["outcome"]),
                quantity=line.get("quantity"),
                unit_price=line.get("unit_price"),
                delivery_date=line.get("delivery_date"),
                comment=line["comment"],
            )
            for line in lines
        ]


class SettleInput(Input):
    """Which of the changes are agreed to and which are not, by the numbers of the lines on the order."""

    version = serializers.IntegerField(min_value=1, max_value=32_767)
    agreed = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=32_767), max_length=MOST_LINES, default=list
    )
    declined = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=32_767), max_length=MOST_LINES, default=list
    )


class ReducedRowInput(Input):
    """How many are still to come of what a requisition line has of the order."""

    allocation = serializers.IntegerField(min_value=1)
    coming = QuantityField(min_value=0)


class ReduceInput(Input):
    """Which rows become smaller, and why; what is left out stands."""

    version = serializers.IntegerField(min_value=1, max_value=32_767)
    coming = serializers.ListField(child=ReducedRowInput(), min_length=1, max_length=MOST_LINES)
    reason = serializers.CharField(max_length=200, allow_blank=True)

    def validate_coming(self, rows: list[dict[str, Any]]) -> dict[int, Decimal]:
        """Make the rows what the operation takes."""
        return {row["allocation"]: row["coming"] for row in rows}


class OtherDayInput(Input):
    """The day on which a line is needed instead, by the line's number on the order."""

    position = serializers.IntegerField(min_value=1, max_value=32_767)
    day = DayField()


class OtherDaysInput(Input):
    """Which lines are needed on another day, and why; what is left out stands."""

    version = serializers.IntegerField(min_value=1, max_value=32_767)
    days = serializers.ListField(child=OtherDayInput(), min_length=1, max_length=MOST_LINES)
    reason = serializers.CharField(max_length=200, allow_blank=True)

    def validate_days(self, rows: list[dict[str, Any]]) -> dict[int, date]:
        """Make the rows what the operation takes."""
        return {row["position"]: row["day"] for row in rows}
