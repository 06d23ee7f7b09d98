"""Six years of deliveries from the system that was used before; a few items are bought most of the times."""

from demo.volume.tables import TODAY, draw, insert, number, run, without_indexes

SOURCE = "äldre system"
YEARS = 6


def write_history(lines: int) -> None:
    """Write so many delivered lines."""
    if not lines:
        return
    run(
        "CREATE TEMP TABLE volume_bought AS"
        " SELECT row_number() OVER (ORDER BY item.id) - 1 AS place, count(*) OVER () AS items, item.id, item.number,"
        " item.name, item.order_unit, item.units_per_order_unit, item.category_id, category.name AS category_name,"
        " category.code AS category_code, category.lineage AS category_lineage, supplier.org_number,"
        " price.unit_price, price.agreement_id, price.supplier_id, supplier.name AS supplier_name"
        " FROM {Item} item JOIN {Category} category ON category.id = item.category_id"
        " JOIN LATERAL (SELECT * FROM {Price} WHERE item_id = item.id ORDER BY id LIMIT 1) price ON true"
        " JOIN {Supplier} supplier ON supplier.id = price.supplier_id WHERE mod(item.id, 16) = 0"
    )
    run(
        "CREATE TEMP TABLE volume_buyer AS SELECT row_number() OVER (ORDER BY department.id) - 1 AS place,"
        " count(*) OVER () AS buyers, department.id, department.name, cost_center, administration_id,"
        " administration.name AS administration_name FROM {Department} department"
        " JOIN {Administration} administration ON administration.id = administration_id"
    )
    run("CREATE UNIQUE INDEX ON volume_bought (place); ANALYZE volume_bought, volume_buyer")
    items = number("SELECT max(items) FROM volume_bought")
    buyers = number("SELECT max(buyers) FROM volume_buyer")
    # The square of a drawn share: half of the lines fall on a quarter of the items.
    item_place = f"(power({draw('n', 41, 1_000_000)} / 1000000.0, 2) * {items})::bigint"
    day = (
        f"({TODAY} - {365 * YEARS} + mod(n::bigint * {365 * YEARS - 1} / {lines}, {365 * YEARS})::int)::date"
    )
    price = f"round(unit_price * (85 + 2 * ({YEARS} - extract(year FROM age({TODAY}, day))) + {draw('n', 42, 11)}) / 100, 2)"
    with without_indexes("PurchaseHistoryLine"):
        insert(
            "PurchaseHistoryLine",
            {
                "source": f"'{SOURCE}'",
                "external_id": "line.n",
                "delivered_date": "line.day",
                "administration_id": "buyer.administration_id",
                "administration_name": "buyer.administration_name",
                "cost_center": "buyer.cost_center",
                "department_name": "buyer.name",
                "supplier_org_number": "bought.org_number",
                "category_code": "bought.category_code",
                "category_lineage": "bought.category_lineage",
                "supplier_name": "bought.supplier_name",
                "category_name": "bought.category_name",
                "item_key": "bought.number",
                "description": "bought.name",
                "quantity": "line.quantity",
                "unit": "bought.order_unit",
                "units_per_order_unit": "bought.units_per_order_unit",
                "unit_price": "line.price",
                "amount": "round(line.price * line.quantity, 2)",
                "department_id": "buyer.id",
                "supplier_id": "bought.supplier_id",
                "category_id": "bought.category_id",
                "agreement_id": "bought.agreement_id",
                "item_id": "bought.id",
            },
            f"FROM (SELECT n, day, quantity, buyer, drawn, {price} AS price FROM (SELECT n, {day} AS day,"
            f" 1 + {draw('n', 43, 20)} AS quantity, {draw('n', 44, buyers)} AS buyer,"
            f" least({item_place}, {items - 1}) AS drawn FROM generate_series(0, {lines - 1}) AS n) AS dated"
            " JOIN volume_bought ON volume_bought.place = drawn) AS line"
            " JOIN volume_bought bought ON bought.place = line.drawn JOIN volume_buyer buyer ON buyer.place = line.buyer",
        )
