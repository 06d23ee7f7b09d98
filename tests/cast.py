"""
The cast: a small region whose people have fixed names and a fixed meaning in every test.

``build()`` makes it with plain rows; what happens in it afterwards is made by real operations (``tests/worlds.py``).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, Procedure, Supplier, Threshold, ThresholdKind
from catalog.models import Item, Price
from catalog.states import ItemStatus
from categories.models import Category, CategoryAssignment, CategoryPolicy
from organizations.models import (
    AccountingCode,
    Administration,
    Authority,
    Delegation,
    DeliveryPlace,
    Department,
    Dimension,
    Membership,
    Role,
    User,
)

TODAY = date(2021, 5, 18)
NOW = datetime(2021, 5, 18, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
ALWAYS = DateRange(date(2018, 1, 1), None)

FOLLOW_UP = {
    ThresholdKind.SPLIT_DAYS: 5,
    ThresholdKind.PAIR_ORDERS: 5,
    ThresholdKind.PAIR_PERCENT: 60,
    ThresholdKind.NEAR_PERCENT: 5,
    ThresholdKind.NEAR_COUNT: 3,
    ThresholdKind.NEAR_TIMES: 2,
    ThresholdKind.ODD_DAYS: 2,
    ThresholdKind.NIGHT_BEGINS: 22,
    ThresholdKind.NIGHT_ENDS: 6,
}
"""By which values questions about purchases are asked."""


@dataclass
class Cast:
    """Everybody and everything, by the part they play."""

    authority: Authority
    administration: Administration
    ward: Department
    """Medicinavdelning 1: the requester's department."""
    home: Department
    """Säboenhet Hemse: the stranger's department, in the same administration."""
    place: DeliveryPlace
    home_place: DeliveryPlace
    account: AccountingCode
    activity: AccountingCode
    requester: User
    """Elin orders for the ward, up to 10 000 kr by herself."""
    colleague: User
    """Oskar orders for the ward too, so he can receive."""
    stranger: User
    """Jonas orders for the home; the ward is none of his business."""
    budget_holder: User
    """Marianne attests for the ward up to 200 000 kr."""
    manager: User
    """Karin answers for medical supplies."""
    deputy: User
    """Sofia is Karin's deputy, and manager of office supplies."""
    office_deputy: User
    head: User
    controller: User
    auditor: User
    administrator: User
    medical: Category
    gloves_category: Category
    office: Category
    services: Category
    supplier: Supplier
    paper_supplier: Supplier
    agreement: Agreement
    """Ceiling 100 000 kr, nothing committed."""
    gloves: Item
    """58.00 a box under the agreement."""
    gown: Item
    """149.00 a pack under the agreement."""
    chair: Item
    """3 480.00, office, without agreement."""


def person(email: str, first_name: str, last_name: str, title: str = "") -> User:
    """Create a person who can log in with the password ``rauk``."""
    user = User(email=f"{email}@gotland.example", first_name=first_name, last_name=last_name, title=title)
    user.password = PASSWORD_HASH
    user.save()
    return user


PASSWORD_HASH = "md5$salt$e9b8a1160bd538a11cfc1314671f5dd1"


def category(code: str, name: str, *, account: AccountingCode, parent: Category | None = None) -> Category:
    """Create a category in its place in the tree."""
    new_category = Category.objects.create(
        code=code,
        name=name,
        parent=parent,
        kind="both",
        account=account,
        tree_code=f"{parent.tree_code}.{code}" if parent else code,
    )
    new_category.lineage = [*(parent.lineage if parent else []), new_category.pk]
    new_category.save()
    return new_category


def item(number: str, name: str, within: Category, *, unit: str, factor: int = 1) -> Item:
    """Create a standard item."""
    return Item.objects.create(
        number=number,
        name=name,
        category=within,
        base_unit="st",
        order_unit=unit,
        units_per_order_unit=factor,
        status=ItemStatus.STANDARD,
    )


def many_items(cast: Cast, count: int) -> list[Item]:
    """Create so many gloves at one krona under the agreement; the numbers tell how many they are."""
    items = [
        item(f"{count}-{number}", f"Artikel {number}", cast.gloves_category, unit="st")
        for number in range(count)
    ]
    for each in items:
        Price.objects.create(
            item=each,
            agreement=cast.agreement,
            supplier=cast.supplier,
            unit_price=Decimal(1),
            valid_during=ALWAYS,
        )
    return items


def membership(
    user: User, role: Role, department: Department | None = None, limit: str | None = None
) -> Membership:
    """Give a person a role."""
    return Membership.objects.create(
        user=user,
        role=role,
        department=department,
        amount_limit=Decimal(limit) if limit else None,
        valid_during=ALWAYS,
    )


def delegation(delegator: User, delegate: User, *, valid_during: DateRange = ALWAYS) -> Delegation:
    """Let a person act for another, who has accepted."""
    return Delegation.objects.create(
        delegator=delegator, delegate=delegate, valid_during=valid_during, reason="Semester", accepted_at=NOW
    )


def build() -> Cast:
    """Build the region."""
    authority = Authority.objects.create(name="Region Gotland", org_number="212000-0803")
    administration = Administration.objects.create(
        authority=authority, code="HSF", name="Hälso- och sjukvårdsförvaltningen"
    )
    account = AccountingCode.objects.create(
        dimension=Dimension.ACCOUNT, code="4610", name="Sjukvårdsmaterial"
    )
    activity = AccountingCode.objects.create(
        dimension=Dimension.ACTIVITY, code="512", name="Slutenvård medicin"
    )
    ward = Department.objects.create(
        administration=administration, cost_center="2140", name="Medicinavdelning 1", activity=activity
    )
    home = Department.objects.create(
        administration=administration, cost_center="3310", name="Säboenhet Hemse", activity=activity
    )
    place, home_place = (
        DeliveryPlace.objects.create(
            department=ward,
            name="Visby lasarett, plan 4, förråd 4:12",
            street="Sankt Göransgatan 5",
            postcode="621 84",
            city="Visby",
        ),
        DeliveryPlace.objects.create(
            department=home,
            name="Hemse, godsmottagning",
            street="Storgatan 1",
            postcode="623 50",
            city="Hemse",
        ),
    )
    requester = person("elin.bergvall", "Elin", "Bergvall", "Sjuksköterska")
    colleague = person("oskar.lindahl", "Oskar", "Lindahl", "Undersköterska")
    stranger = person("jonas.kvarnstrom", "Jonas", "Kvarnström", "Enhetssamordnare")
    budget_holder = person("marianne.klintberg", "Marianne", "Klintberg", "Avdelningschef")
    manager = person("karin.sundblad", "Karin", "Sundblad", "Kategoriansvarig")
    deputy = person("sofia.ekdahl", "Sofia", "Ekdahl", "Kategoriansvarig")
    office_deputy = person("mikael.norrby", "Mikael", "Norrby", "Kategoriansvarig")
    head = person("helena.stenmark", "Helena", "Stenmark", "Inköpschef")
    controller = person("lars.wedin", "Lars", "Wedin", "Ekonom")
    auditor = person("rut.revisor", "Rut", "Hägg", "Revisor")
    administrator = person("adam.admin", "Adam", "Forss", "Systemadministratör")
    membership(requester, Role.REQUESTER, ward, "10000")
    membership(colleague, Role.REQUESTER, ward, "10000")
    membership(stranger, Role.REQUESTER, home, "10000")
    membership(budget_holder, Role.BUDGET_HOLDER, ward, "200000")
    membership(head, Role.HEAD_OF_PROCUREMENT)
    membership(controller, Role.CONTROLLER)
    membership(auditor, Role.AUDITOR)
    membership(administrator, Role.ADMINISTRATOR)
    medical = category("10", "Sjukvårdsmaterial", account=account)
    gloves_category = category("10.1", "Handskar", account=account, parent=medical)
    office = category("20", "Kontor", account=account)
    services = category("30", "Konsulttjänster", account=account)
    CategoryAssignment.objects.create(category=medical, manager=manager, deputy=deputy, valid_during=ALWAYS)
    CategoryAssignment.objects.create(
        category=office, manager=deputy, deputy=office_deputy, valid_during=ALWAYS
    )
    CategoryAssignment.objects.create(
        category=services, manager=deputy, deputy=office_deputy, valid_during=ALWAYS
    )
    CategoryPolicy.objects.create(category=medical, response_days=2, set_by=manager, valid_during=ALWAYS)
    supplier = Supplier.objects.create(
        name="Nordmedica AB", org_number="556000-0001", order_email="order@nordmedica.example"
    )
    paper_supplier = Supplier.objects.create(
        name="Kustpapper AB", org_number="556000-0002", order_email="order@kustpapper.example"
    )
    agreement = Agreement.objects.create(
        number="RA 2020-014",
        diary_number="RS 2020/653",
        title="Handskar och skyddskläder",
        category=medical,
        supplier=supplier,
        procedure=Procedure.OPEN,
        valid_during=DateRange(date(2020, 1, 1), date(2024, 1, 1)),
        estimated_amount=Decimal("80000"),
        ceiling_amount=Decimal("100000"),
    )
    gloves = item(
        "104412", "Undersökningshandske nitril, puderfri, blå", gloves_category, unit="ask", factor=100
    )
    gown = item("104600", "Skyddsrock engångs, fluidresistent", medical, unit="förp", factor=10)
    chair = item("201100", "Kontorsstol ergonomisk, tyg, svart", office, unit="st")
    for each, unit_price, under, seller in (
        (gloves, "58.00", agreement, supplier),
        (gown, "149.00", agreement, supplier),
        (chair, "3480.00", None, paper_supplier),
    ):
        Price.objects.create(
            item=each, agreement=under, supplier=seller, unit_price=Decimal(unit_price), valid_during=ALWAYS
        )
    Threshold.objects.bulk_create(
        Threshold(kind=kind, value=value, valid_during=ALWAYS) for kind, value in FOLLOW_UP.items()
    )
    return Cast(
        authority, administration, ward, home, place, home_place, account, activity, requester, colleague, stranger,
        budget_holder, manager, deputy, office_deputy, head, controller, auditor, administrator, medical,
        gloves_category, office, services, supplier, paper_supplier, agreement, gloves, gown, chair,
    )  # fmt: skip
