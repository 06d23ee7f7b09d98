"""Hand in the registers of the demo region, through the doors that every region's files come in by."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Supplier
from catalog.models import Item
from categories.models import Category
from core.errors import WrongState
from demo import data
from demo.operations.files import Row, files, later_files
from organizations.models import AccountingCode, Department, User
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS
from reporting.models import SavingInitiative

PASSWORD = "rauk-demo"  # noqa: S105, known to all on purpose; load_demo refuses wherever it would matter


class NotTakenIn(WrongState):
    """A row of the demo's files was refused."""

    code = "demo_not_taken_in"
    sentence = _("Rader i %(register)s som inte togs emot: %(count)s. %(reason)s")


@dataclass(slots=True)
class Registers:
    """What was handed in, by the names that the files use."""

    users: dict[str, User] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    accounts: dict[tuple[str, str], AccountingCode] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    initiatives: dict[str, SavingInitiative] = field(default_factory=dict)


def hand_in_registers(*, today: date, at: datetime) -> Registers:
    """Hand in every register, in the order in which they refer to each other, and give what is then there."""
    for handed_in in (files(today), later_files(today)):
        for name, rows in handed_in.items():
            hand_in(name, rows, at=at)
    _set_demo_passwords()
    return _registers(today)


def hand_in(name: str, rows: Iterable[Row], *, at: datetime, source: str = "") -> None:
    """
    Hand in one file, have it compared and written.

    :param source: the system that purchases come from.
    :raises NotTakenIn: a row was refused.
    """
    register_import = request_import(
        register=REGISTERS[name],
        file_name=f"{source or name}.csv",
        content=io.BytesIO(file_of(rows)),
        source=source,
        by=None,
        at=at,
    )
    register_import = apply_import(of_import=run_import(of_import=register_import, at=at), by=None, at=at)
    refusals = register_import.changes.filter(kind="refused")
    for change in refusals[:1]:
        raise NotTakenIn(count=refusals.count(), register=name, reason=f"{change.key}: {change.reason}")


def file_of(rows: Iterable[Row]) -> bytes:
    """A register's template, filled in."""
    listed = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(chain.from_iterable(listed))), delimiter=";")
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue().encode()


def _set_demo_passwords() -> None:
    """Give those who are shown on the sign-in page the password that it shows."""
    emails = [row.email for row in data.people() if row.is_demo_login]
    User.objects.filter(email__in=emails).update(password=make_password(PASSWORD))


def _registers(today: date) -> Registers:
    """What is there now, by the names that the files use."""
    agreements = {agreement.number: agreement for agreement in Agreement.objects.select_related("supplier")}
    initiatives = {initiative.code: initiative for initiative in SavingInitiative.objects.all()}
    return Registers(
        users={user.email: user for user in User.objects.all()},
        departments={
            department.cost_center: department
            for department in Department.objects.select_related("administration__authority", "activity")
        },
        accounts={(code.dimension, code.code): code for code in AccountingCode.objects.all()},
        categories={
            category.code: category for category in Category.objects.select_related("parent", "account")
        },
        suppliers={supplier.org_number: supplier for supplier in Supplier.objects.all()},
        agreements={row.number: agreements[row.number_on(today)] for row in data.agreements()},
        items={item.number: item for item in Item.objects.select_related("category__account")},
        initiatives={row.code: initiatives[row.code.format(year=today.year)] for row in data.initiatives()},
    )
