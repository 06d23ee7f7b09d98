"""A region whose savings are measured: its departments, items, agreements and baselines, and what was delivered."""

from datetime import UTC, date, datetime
from typing import Any

ROOTS, CATEGORIES, ADMINISTRATIONS, DEPARTMENTS, ITEMS = 4, 40, 20, 200, 2000
"""How many of each; a category has a supplier and an agreement of its own."""
NOW = datetime(2021, 2, 1, 9, tzinfo=UTC)
CONTROLLER = "ekonom@bank.example"

# A line of every item in turn, each day of the year in turn, in a department in turn, a little above or below the new price;
# every eighth from another supplier than the agreement's, outside agreements.
DELIVER = """
INSERT INTO history_purchasehistoryline (
    source, external_id, delivered_date, item_key, description, quantity, unit, units_per_order_unit, unit_price, amount,
    currency, note, item_id, administration_id, administration_name, department_id, department_name, cost_center,
    category_id, category_code, category_name, category_lineage, agreement_id, supplier_id, supplier_name, supplier_org_number)
SELECT 'bench', n::text, date '2020-01-01' + (n * 7 %% 366)::int, i.number, i.name, 1 + n %% 9, 'st', i.units_per_order_unit,
       10 + n %% 3, (10 + n %% 3) * (1 + n %% 9), 'SEK', '', i.id, a.id, a.name, d.id, d.name, d.cost_center, c.id, c.code, c.name,
       c.lineage, CASE WHEN n %% 8 > 0 THEN g.id END, s.id, s.name, s.org_number
FROM generate_series(1, %(lines)s) AS n
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM catalog_item) i ON i.place = n %% %(items)s
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM organizations_department) d ON d.place = n / 7 %% %(departments)s
JOIN organizations_administration a ON a.id = d.administration_id
JOIN categories_category c ON c.id = i.category_id
JOIN agreements_agreement g ON g.category_id = c.id
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS count FROM agreements_supplier) first
    ON first.id = g.supplier_id
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM agreements_supplier) s
    ON s.place = (first.place + (n %% 8 = 0)::int) %% first.count
"""


def make_region() -> None:
    """Make the region, with a confirmed baseline for each item."""
    from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: PLC0415

    from organizations.models import (  # noqa: PLC0415
        AccountingCode,
        Administration,
        Authority,
        Department,
        Dimension,
        Membership,
        Role,
        User,
    )

    authority = Authority.objects.create(name="Bänkregionen", org_number="212000-0001")
    administrations = [
        Administration.objects.create(code=f"B{n}", name=f"Förvaltning {n}", authority=authority)
        for n in range(ADMINISTRATIONS)
    ]
    activity = AccountingCode.objects.create(dimension=Dimension.ACTIVITY, code="1", name="Vård")
    Department.objects.bulk_create(
        Department(
            cost_center=str(1000 + n),
            name=f"Enhet {n}",
            administration=administrations[n % ADMINISTRATIONS],
            activity=activity,
        )
        for n in range(DEPARTMENTS)
    )
    roots = [_category(f"{n + 1}", f"Område {n}", None) for n in range(ROOTS)]
    for n in range(CATEGORIES):
        _category(f"{n % ROOTS + 1}{n:03}", f"Kategori {n}", roots[n % ROOTS])
    controller = User.objects.create(email=CONTROLLER, first_name="E", last_name="K")
    Membership.objects.create(
        user=controller, role=Role.CONTROLLER, valid_during=DateRange(date(2020, 1, 1), None)
    )
    _assortment(controller)


def _category(code: str, name: str, parent: Any) -> Any:
    from categories.models import Category, CategoryKind  # noqa: PLC0415

    category = Category.objects.create(code=code, name=name, kind=CategoryKind.GOODS, parent=parent)
    category.lineage = [*(parent.lineage if parent else ()), category.pk]
    category.save()
    return category


def _assortment(controller: Any) -> None:
    """Suppliers, agreements, items, prices and baselines, by category."""
    from django.db.backends.postgresql.psycopg_any import DateRange  # noqa: PLC0415

    from agreements.models import Agreement, Procedure, Supplier  # noqa: PLC0415
    from catalog.models import Item, Price  # noqa: PLC0415
    from catalog.states import ItemStatus  # noqa: PLC0415
    from categories.models import Category  # noqa: PLC0415
    from reporting.models import Baseline, BaselineMethod, InitiativeStage, SavingInitiative  # noqa: PLC0415

    year = DateRange(date(2020, 1, 1), date(2021, 1, 1))
    for place, category in enumerate(Category.objects.exclude(parent=None).order_by("pk")):
        supplier = Supplier.objects.create(
            name=f"Bänk {place} AB", org_number=f"556{place:03}-0001", order_email="order@bank.example"
        )
        agreement = Agreement.objects.create(
            number=f"A{place}", title=f"Avtal {place}", category=category, supplier=supplier,
            procedure=Procedure.OPEN, diary_number=f"RS 2019/{place + 1}", valid_during=year, ceiling_amount=10**12,
            estimated_amount=10**11,
        )  # fmt: skip
        items = Item.objects.bulk_create(
            Item(number=f"{100000 + n}", name=f"Artikel {n}", category=category, base_unit="st", order_unit="st",
                 units_per_order_unit=1, status=ItemStatus.PROPOSED)
            for n in range(place, ITEMS, CATEGORIES)
        )  # fmt: skip
        Price.objects.bulk_create(
            Price(item=item, agreement=agreement, supplier=supplier, unit_price="11.0000", units_per_order_unit=1,
                  valid_during=year)
            for item in items
        )  # fmt: skip
        initiative = SavingInitiative.objects.create(
            code=f"B-{place}", name=f"Priser {place}", category=category, method=BaselineMethod.HIST_AVG,
            stage=InitiativeStage.DECIDED, effective_date=date(2020, 1, 1),
        )  # fmt: skip
        Baseline.objects.bulk_create(
            Baseline(
                initiative=initiative, item=item, method=BaselineMethod.HIST_AVG, category=category,
                category_code=category.code, category_name=category.name, category_lineage=category.lineage, unit="st",
                units_per_order_unit=1, unit_price="12.0000", new_unit_price="11.0000", annual_quantity=500,
                counts_during=year, frozen_at=NOW, confirmed_by=controller, confirmed_at=NOW,
            )
            for item in items
        )  # fmt: skip


def deliver(lines: int) -> None:
    """Write the lines, outside what triggers do for each, and note their months."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        # An agreement that lacks what an active one must have is a draft.
        cursor.execute("UPDATE agreements_agreement SET status = 'active'")
        cursor.execute(DELIVER, {"lines": lines, "items": ITEMS, "departments": DEPARTMENTS})
        cursor.execute("SET session_replication_role = origin")
        for note in ("uncountedmonth", "changedmonth"):
            cursor.execute(
                f"INSERT INTO reporting_{note} (month) SELECT DISTINCT date_trunc('month', delivered_date)::date"
                " FROM history_purchasehistoryline"
            )
        for table in (
            "history_purchasehistoryline",
            "reporting_baseline",
            "catalog_price",
            "catalog_item",
            "agreements_agreement",
        ):
            cursor.execute(f"VACUUM ANALYZE {table}")
