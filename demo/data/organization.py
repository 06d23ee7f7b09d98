"""The organisation: codes, administrations, departments and their places, people and roles."""

from dataclasses import dataclass
from decimal import Decimal

from demo.data.files import table


@dataclass(frozen=True, slots=True)
class AccountingCode:
    """A konto, verksamhet or projekt."""

    dimension: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Administration:
    """An administration."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department with its ansvar code."""

    cost_center: str
    name: str
    administration: str
    activity: str


@dataclass(frozen=True, slots=True)
class DeliveryPlace:
    """Where a department's goods are put down."""

    cost_center: str
    name: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person; those marked as demo login are shown on the sign-in page."""

    email: str
    first_name: str
    last_name: str
    title: str
    is_demo_login: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role. Category managers are named in the categories instead."""

    email: str
    role: str
    cost_center: str
    amount_limit: Decimal | None


accounting_codes = table("accounting_codes.csv", AccountingCode)
administrations = table("administrations.csv", Administration)
departments = table("departments.csv", Department)
delivery_places = table("delivery_places.csv", DeliveryPlace)
people = table("people.csv", Person)
memberships = table("memberships.csv", Membership)
