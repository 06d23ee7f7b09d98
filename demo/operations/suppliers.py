"""The demo's suppliers, and where each stands with the code of conduct."""

from collections.abc import Mapping
from datetime import date, timedelta

from agreements.models import CodeOfConduct
from demo import data
from demo.history import draw

STANDINGS = [CodeOfConduct.APPROVED, CodeOfConduct.APPROVED, CodeOfConduct.SIGNED, CodeOfConduct.NOT_STARTED]
MONTHS = 24


def suppliers(today: date) -> list[Mapping[str, object]]:
    """The rows of the file; what shows the code of conduct ends within two years, for somebody within the month."""
    return [_supplier(row, today) for row in data.suppliers()]


def _supplier(row: data.Supplier, today: date) -> Mapping[str, object]:
    standing = STANDINGS[draw(row.org_number, len(STANDINGS))]
    through = today + timedelta(days=15 + 30 * draw(f"{row.org_number} visad", MONTHS))
    return {
        "org_number": row.org_number,
        "name": row.name,
        "gln": row.gln,
        "order_email": row.email,
        "code_of_conduct": standing.value,
        "code_of_conduct_through_date": "" if standing == CodeOfConduct.NOT_STARTED else through,
    }
