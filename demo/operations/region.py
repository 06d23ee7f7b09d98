"""Write the registers of the demo region: who, what, from whom, under which agreement, at which price."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, CodeOfConduct, Supplier
from catalog.models import Item, ItemCeiling, Price, Substitution, Synonym
from categories.models import Category, CategoryAssignment, CategoryPolicy
from core.money import to_amount
from demo import data
from demo.history import draw
from organizations.models import (
    AccountingCode,
    Administration,
    Authority,
    DeliveryPlace,
    Department,
    Dimension,
    Membership,
    User,
)
from reporting.models import BaselineMethod, OrganisationCost, SavingInitiative

PASSWORD = "rauk-demo"  # noqa: S105, known to all on purpose; load_demo refuses wherever it would matter
FIRST_DAY = date(2018, 11, 1)
BLOCKED_REASON = "Återkallad av tillverkaren. Använd inte det som finns i förrådet."
LEAD_DAYS = {"30": 5, "3030": 12, "40": 6, "50": 2, "60": 8, "1080": 4}
ORDERED_RARELY = Decimal(1)
"""Below so many a week and department there is no usual quantity to compare with."""


@dataclass(slots=True)
class Registers:
    """What was written, by the names that the files use."""

    users: dict[str, User] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    accounts: dict[tuple[str, str], AccountingCode] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    initiatives: dict[str, SavingInitiative] = field(default_factory=dict)


def write_registers(*, today: date) -> Registers:
    """Write every register in the order in which they refer to each other."""
    registers = Registers()
    _write_organisation(registers)
    _write_people(registers)
    _write_categories(registers)
    _write_suppliers(registers)
    _write_agreements(registers, today)
    _write_items(registers, today)
    _write_prices(registers, today)
    _write_initiatives(registers, today)
    _write_costs(today)
    return registers


def _write_organisation(registers: Registers) -> None:
    codes = [
        AccountingCode(dimension=row.dimension, code=row.code, name=row.name)
        for row in data.accounting_codes()
    ]
    registers.accounts = {
        (code.dimension, code.code): code for code in AccountingCode.objects.bulk_create(codes)
    }
    authority = Authority.objects.create(name="Region Gotland", org_number="212000-0803")
    administrations = Administration.objects.bulk_create(
        Administration(authority=authority, code=row.code, name=row.name) for row in data.administrations()
    )
    by_code = {administration.code: administration for administration in administrations}
    departments = Department.objects.bulk_create(
        Department(
            administration=by_code[row.administration],
            cost_center=row.cost_center,
            name=row.name,
            activity=registers.accounts[Dimension.ACTIVITY, row.activity],
        )
        for row in data.departments()
    )
    registers.departments = {department.cost_center: department for department in departments}
    DeliveryPlace.objects.bulk_create(
        DeliveryPlace(
            department=registers.departments[row.cost_center],
            name=row.name,
            street=row.street,
            postcode=row.postcode,
            city=row.city,
        )
        for row in data.delivery_places()
    )


def _write_people(registers: Registers) -> None:
    administrators = {row.email for row in data.memberships() if row.role == "administrator"}
    opens, shut = make_password(PASSWORD), make_password(None)
    users = User.objects.bulk_create(
        User(
            email=row.email,
            first_name=row.first_name,
            last_name=row.last_name,
            title=row.title,
            password=opens if row.is_demo_login else shut,
            is_staff=row.email in administrators,
            is_superuser=row.email in administrators,
        )
        for row in data.people()
    )
    registers.users = {user.email: user for user in users}
    Membership.objects.bulk_create(
        Membership(
            user=registers.users[row.email],
            role=row.role,
            department=registers.departments[row.cost_center] if row.cost_center else None,
            amount_limit=row.amount_limit,
            valid_during=DateRange(FIRST_DAY, None),
        )
        for row in data.memberships()
    )


def _write_categories(registers: Registers) -> None:
    """Parents come before children in the file, so each level is written before the next."""
    waiting = list(data.categories())
    while waiting:
        level = [row for row in waiting if not row.parent or row.parent in registers.categories]
        waiting = [row for row in waiting if row not in level]
        parents = registers.categories
        written = Category.objects.bulk_create(
            Category(
                code=row.code,
                parent=parents.get(row.parent),
                tree_code=f"{parents[row.parent].tree_code}.{row.code}" if row.parent else row.code,
                name=row.name,
                name_en=row.name_en,
                kind=row.kind,
                cpv_code=row.cpv,
                account=registers.accounts[Dimension.ACCOUNT, row.account],
            )
            for row in level
        )
        for category in written:
            category.lineage = [*(category.parent.lineage if category.parent else []), category.pk]
        Category.objects.bulk_update(written, ["lineage"])
        registers.categories |= {category.code: category for category in written}
    always = DateRange(FIRST_DAY, None)
    CategoryAssignment.objects.bulk_create(
        CategoryAssignment(
            category=registers.categories[row.code],
            manager=registers.users[row.manager_email],
            deputy=registers.users[row.deputy_email],
            valid_during=always,
        )
        for row in data.categories()
    )
    CategoryPolicy.objects.bulk_create(
        CategoryPolicy(
            category=registers.categories[row.code],
            response_days=row.response_days,
            standing_approval_limit=row.standing_approval_limit,
            set_by=registers.users[row.manager_email],
            valid_during=always,
        )
        for row in data.categories()
    )


def _write_suppliers(registers: Registers) -> None:
    standings = [
        CodeOfConduct.APPROVED,
        CodeOfConduct.APPROVED,
        CodeOfConduct.SIGNED,
        CodeOfConduct.NOT_STARTED,
    ]
    suppliers = Supplier.objects.bulk_create(
        Supplier(
            name=row.name,
            org_number=row.org_number,
            gln=row.gln,
            order_email=row.email,
            code_of_conduct=standings[draw(row.org_number, len(standings))],
        )
        for row in data.suppliers()
    )
    registers.suppliers = {supplier.org_number: supplier for supplier in suppliers}


def _write_agreements(registers: Registers, today: date) -> None:
    agreements = Agreement.objects.bulk_create(
        Agreement(
            number=row.number_on(today),
            diary_number=row.diary_number_on(today),
            title=row.title,
            category=registers.categories[row.category],
            supplier=registers.suppliers[row.supplier_org_number],
            procedure=row.procedure,
            call_off_method=row.call_off_method,
            price_clause=row.price_clause,
            valid_during=DateRange(row.starts(today), row.ends(today)),
            option_months=row.option_months,
            notice_months=row.notice_months,
            estimated_amount=row.estimated_amount,
            ceiling_amount=row.ceiling_amount,
            committed_amount=to_amount(row.ceiling_amount * row.committed_before_percent / 100),
        )
        for row in data.agreements()
    )
    registers.agreements = {
        row.number: agreement for row, agreement in zip(data.agreements(), agreements, strict=True)
    }


def _write_items(registers: Registers, today: date) -> None:
    buyers: dict[str, int] = {}
    for buyer in data.buyers():
        buyers[buyer.category] = buyers.get(buyer.category, 0) + 1
    items = Item.objects.bulk_create(
        Item(
            number=row.number,
            name=row.name,
            name_en=row.name_en,
            description=row.description,
            family=row.family,
            size=row.size,
            category=registers.categories[row.category],
            kind=row.kind,
            base_unit=row.base_unit,
            order_unit=row.order_unit,
            units_per_order_unit=row.units_per_order_unit,
            gtin=row.gtin or None,
            criteria_level=row.criteria_level,
            picture=row.picture,
            status=row.status,
            blocked_reason=BLOCKED_REASON if row.status == "blocked" else "",
            last_order_date=_days(today, row.last_order_offset_days),
            usual_weekly_quantity=_usual(row.normal_weekly_quantity / buyers[row.category]),
        )
        for row in data.items()
    )
    registers.items = {item.number: item for item in items}
    Substitution.objects.bulk_create(
        Substitution(
            from_item=registers.items[row.number],
            to_item=registers.items[row.replacement],
            factor=row.replacement_factor or 1,
            valid_during=DateRange(today - timedelta(days=60), None),
        )
        for row in data.items()
        if row.replacement
    )
    ItemCeiling.objects.bulk_create(
        ItemCeiling(
            agreement=registers.agreements[row.agreement],
            item=registers.items[row.item],
            ceiling_quantity=row.ceiling_quantity,
            committed_quantity=row.committed_quantity,
        )
        for row in data.item_ceilings()
    )
    Synonym.objects.bulk_create(Synonym(term=row.term, means=row.means) for row in data.synonyms())


def _usual(quantity: Decimal) -> Decimal | None:
    """What one department usually orders in a week, in whole order units."""
    return quantity.quantize(Decimal(1)) if quantity >= ORDERED_RARELY else None


def _days(today: date, offset: int | None) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


def _write_prices(registers: Registers, today: date) -> None:
    present = {row.item: row for row in data.present_items()}
    prices: list[Price] = []
    for row in data.items():
        prices += _item_prices(registers, row, today, present.get(row.number))
    initiatives = {initiative.code: initiative for initiative in data.initiatives()}
    for history in data.history_items():
        if history.initiative:
            prices += _history_prices(registers, history, initiatives[history.initiative])
    Price.objects.bulk_create(prices)


def _item_prices(
    registers: Registers, row: data.Item, today: date, changed: data.PresentItem | None
) -> list[Price]:
    """The price today, and what it was before: under the agreement before, or before the last indexation."""
    item, supplier = registers.items[row.number], registers.suppliers[row.supplier_org_number]
    lead = LEAD_DAYS.get(row.category) or LEAD_DAYS.get(row.category[:2], 3)
    if not row.agreement_present:
        since = DateRange(today - timedelta(days=400), None)
        return [Price(item=item, supplier=supplier, unit_price=row.price, lead_days=lead, valid_during=since)]
    agreement = registers.agreements[row.agreement_present]
    terms = next(each for each in data.agreements() if each.number == row.agreement_present)
    start, end = terms.starts(today), terms.ends(today)

    def price(amount: Decimal, lower: date, upper: date) -> Price:
        during = DateRange(lower, upper)
        return Price(
            item=item,
            agreement=agreement,
            supplier=supplier,
            unit_price=amount,
            lead_days=lead,
            valid_during=during,
        )

    if changed is not None:
        initiative = next(each for each in data.initiatives() if each.code == changed.initiative)
        old = registers.agreements[initiative.old_agreement]
        before = Price(
            item=item,
            agreement=old,
            supplier=old.supplier,
            unit_price=changed.old_price,
            lead_days=lead,
            valid_during=old.valid_during,
        )
        return [before, price(row.price, start, end)]
    change = data.month_start(today, -4)
    if agreement.price_clause == "index" and start < change - timedelta(days=90):
        return [price(_before_index(row), start, change), price(row.price, change, end)]
    return [price(row.price, start, end)]


def _before_index(row: data.Item) -> Decimal:
    """The price before the last indexation, one to eight per cent from today's; the same for a whole family."""
    if row.previous_price is not None:
        return row.previous_price
    percent = draw(f"index {row.family or row.number}", 13) - 4
    changed = row.price * (100 - (percent or 3)) / 100
    step = Decimal("0.10") if row.price < 100 else Decimal("0.50")
    return (changed / step).quantize(Decimal(1)) * step


def _history_prices(registers: Registers, row: data.HistoryItem, initiative: data.Initiative) -> list[Price]:
    item = registers.items[row.item]
    pairs = [(initiative.new_agreement, row.new_price)]
    if initiative.old_agreement and row.old_price is not None:
        pairs.append((initiative.old_agreement, row.old_price))
    found = [(registers.agreements[number], price) for number, price in pairs]
    return [
        Price(
            item=item,
            agreement=agreement,
            supplier=agreement.supplier,
            unit_price=price,
            valid_during=agreement.valid_during,
        )
        for agreement, price in found
    ]


def _write_initiatives(registers: Registers, today: date) -> None:
    initiatives = SavingInitiative.objects.bulk_create(
        SavingInitiative(
            code=row.code.format(year=today.year),
            name=row.name,
            category=registers.categories[row.category],
            old_agreement=registers.agreements.get(row.old_agreement),
            new_agreement=registers.agreements[row.new_agreement],
            method=BaselineMethod[row.method],
            effective_date=row.effective_on(today),
        )
        for row in data.initiatives()
    )
    registers.initiatives = {
        row.code: initiative for row, initiative in zip(data.initiatives(), initiatives, strict=True)
    }


def _write_costs(today: date) -> None:
    OrganisationCost.objects.bulk_create(
        OrganisationCost(
            during=DateRange(row.starts(today), row.ends(today) + timedelta(days=1)),
            persons=row.persons,
            amount=row.amount,
            note=row.note,
        )
        for row in data.organisation_costs()
        if row.era != "between" or row.starts(today).year < today.year - 1
    )
