"""What changes in a region, through the registers in which people change it."""

from datetime import date, datetime

from categories.models import Category
from organizations.models import Membership, User
from registers.cells import Cell
from registers.operations.rows import add_row, change_row
from registers.register import REGISTERS
from tests.cast import NOW


def assign_category(
    *,
    category: Category,
    manager: User,
    deputy: User | None = None,
    from_date: date,
    by: User,
    at: datetime = NOW,
) -> None:
    """Let somebody answer for a category from a day on."""
    cells: dict[str, Cell] = {"category": category.code, "manager": manager.email, "from_date": from_date}
    if deputy is not None:
        cells["deputy"] = deputy.email
    add_row(register=REGISTERS["posts"], cells=cells, by=by, at=at)


def end_membership(*, membership: Membership, last_date: date, by: User, at: datetime = NOW) -> None:
    """End a role after a day."""
    change_row(
        register=REGISTERS["roles"],
        row_id=membership.pk,
        cells={"through_date": last_date},
        by=by,
        at=at,
    )


def close_account(*, user: User, by: User, at: datetime = NOW) -> None:
    """Close an account, and name nobody who takes over."""
    change_row(register=REGISTERS["people"], row_id=user.pk, cells={"is_active": "nej"}, by=by, at=at)
