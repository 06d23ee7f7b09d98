"""
No page grows with the region: what is many is paged, searched for or typed, never drawn whole.

A region has 7 000 people, 1 500 departments, 1 500 suppliers and 300 agreements. Each page is asked for there by who sees most.
"""

from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from lxml import html

from agreements.models import Agreement, Supplier
from categories.models import Category, CategoryAssignment
from organizations.models import (
    AccountingCode,
    BudgetFrame,
    DeliveryPlace,
    Department,
    Dimension,
    Membership,
    Role,
    User,
)
from tests.cast import ALWAYS, NOW, TODAY, Cast, category
from tests.config.test_every_url import doors, world
from tests.long import takes_long
from tests.pages import signed_in

PEOPLE, DEPARTMENTS, SUPPLIERS, AGREEMENTS, ROOTS, LEAVES, ACCOUNTS = 7000, 1500, 1500, 300, 10, 300, 1000
MOST_OPTIONS = 800
"""In one list to choose from: the rules that a paragraph may stand behind are the most that stand in one."""
MOST_ROWS = 400
"""Of tables and lists of a page together."""
MOST_BYTES = 400_000
ASKED_BY_PROGRAMS = ("/api/", "/scim/")
ASKED_BY = ("head",)
"""Who sees the most; `make test-long` asks the others as well."""
THE_OTHERS = ("manager", "controller", "administrator", "auditor")


@pytest.fixture(scope="module")
def pages(stage: Cast) -> list[str]:
    """The address of each page, in a world as large as a region where each has something to show."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.utils.timezone.now", lambda: NOW)
        world(stage)
    addresses = [address for _name, address in doors(stage) if not address.startswith(ASKED_BY_PROGRAMS)]
    grown(stage)
    return addresses


def grown(cast: Cast) -> None:
    """Add what a region has many of."""
    departments = Department.objects.bulk_create(
        Department(
            administration=cast.administration,
            cost_center=f"7{n:04}",
            name=f"Enhet {n}",
            activity=cast.activity,
        )
        for n in range(DEPARTMENTS)
    )
    DeliveryPlace.objects.bulk_create(
        DeliveryPlace(department=each, name="Förrådet", street="Gatan 1", postcode="621 84", city="Visby")
        for each in departments
    )
    year = DateRange(TODAY.replace(month=1, day=1), TODAY.replace(year=TODAY.year + 1, month=1, day=1))
    BudgetFrame.objects.bulk_create(
        BudgetFrame(department=each, valid_during=year, amount=Decimal(100_000)) for each in departments
    )
    people = User.objects.bulk_create(
        User(
            email=f"person{n}@gotland.example",
            first_name=f"Person {n}",
            last_name="Ek",
            title="Sjuksköterska",
        )
        for n in range(PEOPLE)
    )
    Membership.objects.bulk_create(
        Membership(
            user=each,
            role=Role.BUDGET_HOLDER if n < DEPARTMENTS else Role.REQUESTER,
            department=departments[n % DEPARTMENTS],
            amount_limit=Decimal(10_000),
            valid_during=ALWAYS,
        )
        for n, each in enumerate(people)
    )
    AccountingCode.objects.bulk_create(
        AccountingCode(dimension=Dimension.ACCOUNT, code=f"9{n:04}", name=f"Konto {n}")
        for n in range(ACCOUNTS)
    )
    suppliers = Supplier.objects.bulk_create(
        Supplier(
            name=f"Leverantör {n} AB", org_number=f"55{n:04}-0000", order_email="order@leverantor.example"
        )
        for n in range(SUPPLIERS)
    )
    roots = [category(f"5{n}", f"Område {n}", account=cast.account) for n in range(ROOTS)]
    leaves = Category.objects.bulk_create(
        Category(
            code=f"{root.code}.{n}", name=f"Kategori {n}", parent=root, kind="both", account=cast.account,
            tree_code=f"{root.tree_code}.{n}",
        )
        for root in roots
        for n in range(100, 100 + LEAVES // ROOTS)
    )  # fmt: skip
    for each in leaves:
        each.lineage = [each.parent_id or 0, each.pk]
    Category.objects.bulk_update(leaves, ["lineage"])
    CategoryAssignment.objects.bulk_create(
        CategoryAssignment(category=each, manager=cast.manager, valid_during=ALWAYS) for each in leaves
    )
    Agreement.objects.bulk_create(
        Agreement(
            number=f"RA {n}", title=f"Avtal {n}", category=leaves[n], supplier=suppliers[n],
            procedure=cast.agreement.procedure, valid_during=cast.agreement.valid_during,
            long_term_reason="x", ceiling_amount=Decimal(100_000),
        )
        for n in range(AGREEMENTS)
    )  # fmt: skip


def drawn(client: Client, address: str) -> list[str]:
    """What is too much on a page, in words."""
    answer = client.get(address)
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
        if answer.streaming:
            list(answer)
        return []
    page = html.fromstring(answer.content.decode() or "<p></p>")
    options = max((len(each.xpath(".//option")) for each in page.xpath("//select | //datalist")), default=0)
    rows = len(page.xpath("//tr | //li"))
    ticks = len(page.xpath("//input[@type='checkbox' or @type='radio']"))
    measures = {
        "options": (options, MOST_OPTIONS),
        "rows": (rows, MOST_ROWS),
        "ticks": (ticks, MOST_ROWS),
        "bytes": (len(answer.content), MOST_BYTES),
    }
    return [f"{count} {what}" for what, (count, most) in measures.items() if count > most]


@pytest.mark.parametrize("role", [*ASKED_BY, *(pytest.param(role, marks=takes_long) for role in THE_OTHERS)])
def test_no_page_grows_with_the_region(
    db: None, at_nine: None, stage: Cast, pages: list[str], role: str
) -> None:
    client = signed_in(getattr(stage, role))
    too_much = {address: excess for address in pages if (excess := drawn(client, address))}
    assert too_much == {}
