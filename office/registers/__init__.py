"""The declaration of every register, in the order in which a region needs them."""

from office.registers import organisation  # isort: skip
from office.registers import people  # isort: skip
from office.registers import plans  # isort: skip
from office.registers import categories  # isort: skip
from office.registers import category_plans  # isort: skip
from office.registers import suppliers  # isort: skip
from office.registers import agreements  # isort: skip
from office.registers import thresholds  # isort: skip
from office.registers import indices  # isort: skip
from office.registers import classifications  # isort: skip
from office.registers import assortment  # isort: skip
from office.registers import codes  # isort: skip
from office.registers import labels  # isort: skip
from office.registers import price_lists  # isort: skip
from office.registers import money  # isort: skip
from office.registers import budgets  # isort: skip
from office.registers import purchases  # isort: skip
from office.registers import booked_costs  # isort: skip
from office.registers import calendar  # isort: skip
from office.registers import governance  # isort: skip
from office.registers import handovers  # isort: skip

__all__ = [
    "agreements",
    "assortment",
    "booked_costs",
    "budgets",
    "calendar",
    "categories",
    "category_plans",
    "classifications",
    "codes",
    "governance",
    "handovers",
    "indices",
    "labels",
    "money",
    "organisation",
    "people",
    "plans",
    "price_lists",
    "purchases",
    "suppliers",
    "thresholds",
]
