"""Departments' templates, and prices that suppliers ask for, through the same doors as everybody's."""

from datetime import date, timedelta
from decimal import Decimal

from catalog.models import Price
from catalog.operations.price_proposals import propose_prices
from core.money import to_amount
from core.working_days import add_working_days
from demo import data
from demo.operations.proposals import moment
from demo.operations.region import Registers
from organizations.models import User
from procurement.operations.filling import Wish
from procurement.operations.templates import TemplateFacts, make_template
from reporting.price_volumes import volumes_of


def live_lists(registers: Registers, *, today: date) -> None:
    """Make the templates and propose the prices, each at its moment."""
    for template in data.order_templates():
        make_template(
            department=registers.departments[template.cost_center],
            facts=TemplateFacts(
                name=template.name, notes=template.notes, remind_weekday=template.remind_weekday
            ),
            wishes=[
                Wish(registers.items[row.item], row.quantity, row.unit)
                for row in data.order_template_items()
                if row.template == template.key
            ],
            by=User.objects.get(email=template.email),
            at=moment(add_working_days(today, template.days), template.time),
        )
    for row in data.price_proposals():
        _propose(row, registers, today)


def _propose(row: data.PriceProposal, registers: Registers, today: date) -> None:
    agreement, day = registers.agreements[row.agreement], add_working_days(today, row.days)
    begins = today + timedelta(days=row.starts_in_days)
    prices = Price.objects.filter(agreement=agreement, valid_during__contains=begins).select_related(
        "item", "supplier"
    )
    propose_prices(
        agreement=agreement,
        prices={price: to_amount(price.unit_price * (1 + row.percent / Decimal(100))) for price in prices},
        from_date=begins,
        reason=row.reason,
        volumes=volumes_of([price.item_id for price in prices], day=day),
        by=User.objects.get(email=row.email),
        at=moment(day, row.time),
    )
