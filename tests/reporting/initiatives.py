"""Initiatives and deliveries to start a test from: the gloves of DOMAIN's examples."""

from datetime import date
from decimal import Decimal
from itertools import count

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from agreements.models import Agreement, Procedure, Supplier
from catalog.models import Item, Price
from history.models import PurchaseHistoryLine
from organizations.models import Department
from reporting.models import BaselineMethod, InitiativeStage, Saving, SavingInitiative, SavingsRun
from reporting.operations import baselines, savings
from tests.cast import NOW, Cast
from tests.database.world_cache import remembered

EFFECTIVE = date(2020, 9, 1)
numbers = count(1)


def old_agreement(
    cast: Cast, *, ends: date = EFFECTIVE, price: str = "61.00", item: Item | None = None
) -> Agreement:
    """The gloves' agreement before the present one, with one price."""
    agreement = Agreement.objects.create(
        number=f"RA 2016-{next(numbers):03}",
        title="Handskar",
        category=cast.medical,
        supplier=cast.supplier,
        procedure=Procedure.OPEN,
        valid_during=DateRange(date(2016, 1, 1), ends),
        estimated_amount=Decimal(1000),
        ceiling_amount=Decimal(1000),
    )
    Price.objects.create(
        item=item or cast.gloves,
        agreement=agreement,
        supplier=cast.supplier,
        unit_price=Decimal(price),
        valid_during=DateRange(date(2016, 1, 1), ends),
    )
    return agreement


def initiative(
    cast: Cast, *, method: BaselineMethod = BaselineMethod.HIST_AVG, effective: date = EFFECTIVE
) -> SavingInitiative:
    """The present agreement as an initiative; nothing is frozen yet."""
    return SavingInitiative.objects.create(
        code=f"SI-{next(numbers)}",
        name="Handskar, nytt avtal",
        category=cast.medical,
        old_agreement=old_agreement(cast, ends=effective) if method == BaselineMethod.PREV_CONTRACT else None,
        new_agreement=cast.agreement,
        method=method,
        stage=InitiativeStage.DECIDED,
        effective_date=effective,
    )


def delivered(
    cast: Cast,
    day: date,
    quantity: str,
    price: str,
    *,
    item: Item | None = None,
    department: Department | None = None,
    currency: str = "SEK",
    is_ours: bool = True,
    units: int | None = None,
    amount: Decimal | None = None,
    agreement: Agreement | None = None,
    supplier: Supplier | None = None,
) -> PurchaseHistoryLine:
    """
    A line delivered to the ward (or to a department that is not in our register), from an older system.

    In packs of so many units, or of the item's.
    """
    what = item or cast.gloves
    return PurchaseHistoryLine.objects.create(
        source="ledger",
        external_id=str(next(numbers)),
        delivered_date=day,
        department_name="",
        supplier_name="",
        category_name="",
        item_key="",
        description=str(what),
        quantity=Decimal(quantity),
        units_per_order_unit=units,
        unit_price=Decimal(price),
        amount=Decimal(quantity) * Decimal(price) if amount is None else amount,
        currency=currency,
        item=what,
        department=(department or cast.ward) if is_ours else None,
        supplier=supplier or cast.supplier,
        category=what.category,
        agreement=agreement,
    )


def example_deliveries(cast: Cast) -> None:
    """Example A's year before: 2 000 boxes à 62.00 and 3 000 à 64.00, and 200 à 63.20 to make it 5 200."""
    delivered(cast, date(2019, 9, 1), "2000", "62.00")
    delivered(cast, date(2020, 8, 31), "3000", "64.00")
    delivered(cast, date(2020, 3, 1), "200", "63.20")


def confirmed(
    cast: Cast, *, method: BaselineMethod = BaselineMethod.HIST_AVG, effective: date = EFFECTIVE
) -> SavingInitiative:
    """An initiative whose baselines finance has confirmed."""
    new_initiative = initiative(cast, method=method, effective=effective)
    baselines.freeze_baselines(initiative=new_initiative, at=NOW, by=cast.head)
    baselines.confirm_baselines(initiative=new_initiative, version=1, by=cast.controller, at=NOW)
    return new_initiative


def frozen(cast: Cast, made: SavingInitiative) -> SavingInitiative:
    """An initiative whose baselines are frozen and wait for finance."""
    baselines.freeze_baselines(initiative=made, at=NOW, by=cast.head)
    return made


def computed() -> SavingsRun:
    """The register brought up to date."""
    return savings.compute_savings(run=savings.request_savings_run(by=None, at=NOW), at=NOW)


@remembered
def example_b(cast: Cast) -> SavingInitiative:
    """Example B: from September 2020, 1 500 boxes on contract and 200 off it, 1 200 of them October–December."""
    example_deliveries(cast)
    new_initiative = confirmed(cast)
    delivered(cast, date(2020, 9, 15), "300", "58.00")
    delivered(cast, date(2020, 10, 15), "1000", "58.00")
    delivered(cast, date(2020, 11, 30), "200", "63.20")
    delivered(cast, date(2020, 12, 31), "200", "58.00")
    computed()
    return new_initiative


def columns(model: type[Model], *but: str) -> str:
    return ", ".join(
        str(field.column) for field in model._meta.local_concrete_fields if field.column not in ("id", *but)
    )


def many_savings(amount: int) -> None:
    """So many more lines in the register, each like the one that was saved on last, and statistics that know of them."""
    example = Saving.objects.latest("pk")
    delivered, saved = columns(PurchaseHistoryLine, "external_id"), columns(Saving, "history_line_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH line AS (
                INSERT INTO history_purchasehistoryline ({delivered}, external_id)
                SELECT {delivered}, gen_random_uuid() FROM history_purchasehistoryline, generate_series(1, %s)
                WHERE id = %s RETURNING id AS line_id
            )
            INSERT INTO reporting_saving ({saved}, history_line_id)
            SELECT {saved}, line_id FROM reporting_saving, line WHERE id = %s""",
            [amount, example.history_line_id, example.pk],
        )
        cursor.execute("ANALYZE history_purchasehistoryline, reporting_saving")
