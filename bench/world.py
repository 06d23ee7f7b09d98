"""The bench's region: a department, category and manager for each client; one agreement for all, or one each."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from agreements.models import Agreement, Procedure, Supplier
from bench.seat import CLIENTS, LINES, Seat
from catalog.models import Item, Price
from catalog.states import ItemStatus
from categories.models import Category, CategoryAssignment, CategoryPolicy
from organizations.models import (
    AccountingCode,
    Administration,
    Authority,
    DeliveryPlace,
    Department,
    Dimension,
    KeyScope,
    Membership,
    Role,
    User,
)
from organizations.operations import api_tokens

ALWAYS = DateRange(date(2020, 1, 1), None)


def build() -> dict[str, list[Seat]]:
    """Make the region in an empty database; give each client a seat under a shared agreement, and one under its own."""
    authority = Authority.objects.create(name="Bänkregionen", org_number="999000-0000")
    administration = Administration.objects.create(authority=authority, code="B", name="Bänkförvaltningen")
    account = AccountingCode.objects.create(dimension=Dimension.ACCOUNT, code="4610", name="Material")
    activity = AccountingCode.objects.create(dimension=Dimension.ACTIVITY, code="512", name="Slutenvård")
    supplier = Supplier.objects.create(
        name="Nordmedica AB", org_number="999000-0001", order_email="order@nord.example"
    )
    root = _category("1", account, None)
    head = _person("head", Role.HEAD_OF_PROCUREMENT, None)
    CategoryAssignment.objects.create(category=root, manager=head, valid_during=ALWAYS)
    shared = _agreement("RA 1", root, supplier)
    return {
        "shared": [
            _seat(number, administration, account, activity, root, shared) for number in range(CLIENTS)
        ],
        "own": [
            _seat(number, administration, account, activity, root, _agreement(f"RA {number}", root, supplier))
            for number in range(CLIENTS + 10, 2 * CLIENTS + 10)
        ],
    }


def _agreement(number: str, category: Category, supplier: Supplier) -> Agreement:
    return Agreement.objects.create(
        number=number,
        title="Allt",
        category=category,
        supplier=supplier,
        procedure=Procedure.OPEN,
        valid_during=DateRange(date(2020, 1, 1), date(2100, 1, 1)),
        estimated_amount=Decimal(10**12),
        ceiling_amount=Decimal(10**12),
        long_term_reason="Bänken mäts länge",
    )


def _seat(
    number: int,
    administration: Administration,
    account: AccountingCode,
    activity: AccountingCode,
    root: Category,
    agreement: Agreement,
) -> Seat:
    department = Department.objects.create(
        administration=administration, cost_center=f"9{number:03d}", name=f"Enhet {number}", activity=activity
    )
    place = DeliveryPlace.objects.create(
        department=department, name="Förråd", street="Storgatan 1", postcode="621 00", city="Visby"
    )
    requester = _person(f"requester{number}", Role.REQUESTER, department)
    receiver = _person(f"receiver{number}", Role.REQUESTER, department)
    manager = _person(f"manager{number}", None, None)
    category = _category(f"1{number}", account, root)
    CategoryAssignment.objects.create(category=category, manager=manager, valid_during=ALWAYS)
    CategoryPolicy.objects.create(category=category, set_by=manager, valid_during=ALWAYS)
    items = [
        Item.objects.create(
            number=f"{number}{each:03d}",
            name=f"Artikel {number} {each}",
            category=category,
            base_unit="st",
            order_unit="ask",
            status=ItemStatus.STANDARD,
        )
        for each in range(LINES)
    ]
    for item in items:
        Price.objects.create(
            item=item,
            agreement=agreement,
            supplier=agreement.supplier,
            unit_price=Decimal("58.00"),
            valid_during=ALWAYS,
        )
    return Seat(
        department=department.pk,
        cost_center=department.cost_center,
        needed_by=str(timezone.localdate() + timedelta(days=7)),
        place=place.pk,
        account=account.pk,
        activity=activity.pk,
        category=category.pk,
        supplier=agreement.supplier_id,
        agreement=agreement.pk,
        requester=requester.pk,
        manager=manager.pk,
        receiver=receiver.pk,
        items=tuple(item.pk for item in items),
        numbers=tuple(item.number for item in items),
        requester_key=_key(requester),
        manager_key=_key(manager),
        receiver_key=_key(receiver),
    )


def _person(email: str, role: Role | None, department: Department | None) -> User:
    person = User.objects.create_user(
        f"{email}@bench.example", first_name=email.capitalize(), last_name="Bänk"
    )
    if role:
        Membership.objects.create(user=person, role=role, department=department, valid_during=ALWAYS)
    return person


def _category(code: str, account: AccountingCode, parent: Category | None) -> Category:
    category = Category.objects.create(
        code=code, name=f"Kategori {code}", kind="goods", tree_code=code, parent=parent, account=account
    )
    category.lineage = [*(parent.lineage if parent else []), category.pk]
    category.save(update_fields=["lineage"])
    return category


def _key(person: User) -> str:
    return api_tokens.create_token(
        user=person, name="bench", days=30, scope=KeyScope.DECIDE, by=person, at=timezone.now()
    )[1]
