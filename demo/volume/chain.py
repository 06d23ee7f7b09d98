"""
Two years of requisitions through the whole chain, most of them received, the last days still waiting.

Rows get numbers of their own, so that what belongs together is found by arithmetic. Ceilings are raised by what was
committed, as if the agreements had been procured for a region of this size.
"""

from demo.volume.tables import NOW, TODAY, draw, insert, number, renumber, run, without_indexes

DAYS = 730
NOTHING = {"approved_unit": "''"}
"""What an undecided line has where others have nothing at all."""
NEEDS = (
    "Höj- och sänkbart skrivbord till expeditionen",
    "Ergonomisk stol till receptionen",
    "Reservdel till diskdesinfektorn på avdelningen",
    "Hyllor till förrådet, djup 40 cm",
    "Mörkläggningsgardiner till tre rum",
    "Laddskåp för surfplattor",
    "Märkning av rör i undercentralen",
    "Leksaker till väntrummet",
    "Skyltar till entrén",
    "Trädgårdsmöbler till innergården",
)
TABLES = (
    "Requisition",
    "RequisitionLine",
    "LineDecision",
    "PurchaseOrder",
    "OrderLine",
    "Allocation",
    "Receipt",
    "ReceiptLine",
)


def write_chain(requisitions: int) -> None:
    """Write so many requisitions, and what came of them."""
    if not requisitions:
        return
    first = {name: number(f"SELECT max(id) FROM {{{name}}}") + 1 for name in TABLES}
    _gather_places()
    with without_indexes(*TABLES):
        _plan_lines(requisitions)
        _write_requisitions(first["Requisition"], requisitions)
        _write_lines(first["Requisition"], first["RequisitionLine"])
        _write_orders(first)
        _write_receipts(first)
        _raise_ceilings(first["RequisitionLine"])
    renumber(*TABLES)


def _gather_places() -> None:
    """Departments with someone who orders and somewhere to deliver, categories with who answers for them."""
    run(
        "CREATE TEMP TABLE volume_place AS"
        " SELECT row_number() OVER (ORDER BY department.id) - 1 AS place, count(*) OVER () AS places,"
        " department.id AS department_id, department.activity_id, member.user_id AS requester_id, delivery.id AS delivery_id"
        " FROM {Department} department"
        " JOIN LATERAL (SELECT min(user_id) AS user_id FROM {Membership} WHERE department_id = department.id"
        " AND role = 'requester') member ON member.user_id IS NOT NULL"
        " JOIN LATERAL (SELECT min(id) AS id FROM {DeliveryPlace} WHERE department_id = department.id) delivery"
        " ON delivery.id IS NOT NULL"
    )
    run(
        "CREATE TEMP TABLE volume_post AS"
        " SELECT row_number() OVER (ORDER BY category.id) - 1 AS place, count(*) OVER () AS posts,"
        " category.id AS category_id, nearest.manager_id, nearest.account_id, agreement.id AS agreement_id,"
        " agreement.supplier_id FROM {Category} category"
        " JOIN LATERAL (SELECT manager_id, coalesce(category.account_id, above.account_id) AS account_id"
        " FROM {CategoryAssignment} assignment JOIN {Category} above ON above.id = assignment.category_id"
        f" WHERE assignment.category_id = ANY(category.lineage) AND assignment.valid_during @> {TODAY}"
        " ORDER BY array_position(category.lineage, above.id) DESC LIMIT 1) nearest ON true"
        " LEFT JOIN LATERAL (SELECT id, supplier_id FROM {Agreement} WHERE category_id = category.id"
        f" AND valid_during @> {TODAY} ORDER BY id LIMIT 1) agreement ON true"
        " WHERE NOT EXISTS (SELECT FROM {Category} below WHERE below.parent_id = category.id)"
    )


def _plan_lines(requisitions: int) -> None:
    """Say what each line asks for and what became of it, by the age of its requisition."""
    at = f"date_trunc('day', {NOW}) - make_interval(days => ({DAYS} - n::bigint * {DAYS} / {requisitions})::int)"
    statement = f"""
CREATE TEMP TABLE volume_line AS
SELECT row_number() OVER (ORDER BY n, position) - 1 AS id, planned.*,
    CASE WHEN age > 14 AND luck < 930 THEN 'received' WHEN age > 3 AND luck < 950 THEN 'ordered'
         WHEN age > 3 AND luck < 970 THEN 'rejected' WHEN age > 3 AND luck < 985 THEN 'withdrawn'
         WHEN age > 3 THEN 'cancelled' WHEN luck < 30 THEN 'returned' ELSE 'awaiting' END AS status
FROM (
    SELECT n, position, at, extract(day FROM {NOW} - at)::int AS age, {draw("n * 16 + position", 21, 1000)} AS luck,
        {draw("n * 16 + position", 22, 1000)} < 80 AS is_free,
        1 + {draw("n * 16 + position", 23, 12)} AS quantity, {draw("n", 24, "places")} AS place,
        {draw("n * 16 + position", 25, "posts")} AS post,
        (SELECT min(id) FROM {{Item}}) + {draw("n * 16 + position", 26, "items")} AS wanted_id,
        {draw("n * 16 + position", 27, len(NEEDS))} AS need
    FROM (SELECT n, ({at}) + make_interval(mins => (420 + {draw("n", 28, 540)})::int) AS at,
             (ARRAY[1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 1, 1, 2, 3, 4, 1, 2, 4])[1 + {draw("n", 29, 20)}] AS lines
          FROM generate_series(0, {requisitions - 1}) AS n) AS requisition
    CROSS JOIN generate_series(1, lines) AS position
    CROSS JOIN (SELECT max(places) AS places FROM volume_place) AS of_places
    CROSS JOIN (SELECT max(posts) AS posts FROM volume_post) AS of_posts
    CROSS JOIN (SELECT max(id) - min(id) + 1 AS items FROM {{Item}}) AS of_items
) AS planned
"""
    run(statement)
    run("CREATE INDEX ON volume_line (n); ANALYZE volume_line, volume_place, volume_post")


def _write_requisitions(first: int, requisitions: int) -> None:
    insert(
        "Requisition",
        {
            "id": f"{first} + line.n",
            "number": "'V' || lpad(line.n::text, 8, '0')",
            "department_id": "place.department_id",
            "requester_id": "place.requester_id",
            "charged_department_id": "place.department_id",
            "activity_id": "place.activity_id",
            "delivery_place_id": "place.delivery_id",
            "needed_by_date": "line.at::date + 7",
            "created_at": "line.at",
            "submitted_at": "line.at",
        },
        "FROM volume_line line JOIN volume_place place ON place.place = line.place WHERE line.position = 1",
    )


def _write_lines(first_requisition: int, first: int) -> None:
    """Write the lines and their decisions; a free text knows its category, an item its price."""
    run(
        "CREATE TEMP TABLE volume_asked AS SELECT line.*, post.manager_id, post.account_id,"
        " CASE WHEN line.is_free THEN post.category_id ELSE item.category_id END AS category_id,"
        " CASE WHEN line.is_free THEN NULL ELSE item.id END AS item_id,"
        " CASE WHEN line.is_free THEN needs[1 + line.need] ELSE item.name END AS description,"
        " CASE WHEN line.is_free THEN 'st' ELSE item.order_unit END AS unit,"
        " CASE WHEN line.is_free THEN 1 ELSE item.units_per_order_unit END AS units,"
        " CASE WHEN line.is_free THEN 450 + 10 * line.luck ELSE price.unit_price END AS unit_price,"
        " CASE WHEN line.is_free THEN post.agreement_id ELSE price.agreement_id END AS agreement_id,"
        " coalesce(CASE WHEN line.is_free THEN post.supplier_id ELSE price.supplier_id END,"
        " (SELECT min(id) FROM {Supplier})) AS supplier_id, price.lead_days"
        " FROM volume_line line JOIN {Item} item ON item.id = line.wanted_id"
        " JOIN LATERAL (SELECT * FROM {Price} WHERE item_id = item.id"
        f" AND valid_during @> {TODAY}"
        " ORDER BY agreement_id NULLS LAST LIMIT 1) price ON true"
        " JOIN volume_post post ON CASE WHEN line.is_free THEN post.place = line.post"
        " ELSE post.category_id = item.category_id END"
        " CROSS JOIN (SELECT %(needs)s::text[] AS needs) AS needs",
        {"needs": list(NEEDS)},
    )
    run("ANALYZE volume_asked")
    decided = "status IN ('received', 'ordered', 'cancelled')"
    amount = "round(unit_price * quantity, 2)"
    approved = {
        "approved_quantity": "quantity",
        "approved_unit": "unit",
        "approved_units_per_order_unit": "units",
        "approved_unit_price": "unit_price",
        "approved_amount": amount,
        "approved_item_id": "item_id",
        "approved_agreement_id": "agreement_id",
        "approved_supplier_id": "supplier_id",
        "decided_by_id": "manager_id",
        "decided_at": "at + interval '20 hours'",
        "order_due_at": "at + interval '24 hours'",
    }
    insert(
        "RequisitionLine",
        {
            "id": f"{first} + id",
            "requisition_id": f"{first_requisition} + n",
            "position": "position",
            "kind": "CASE WHEN is_free THEN 'free_text' ELSE 'item' END",
            "item_id": "item_id",
            "description": "description",
            "quantity": "quantity",
            "unit": "unit",
            "units_per_order_unit": "units",
            "unit_price": "unit_price",
            "is_price_estimated": "is_free",
            "amount": amount,
            "category_id": "category_id",
            "agreement_id": "agreement_id",
            "supplier_id": "CASE WHEN is_free AND agreement_id IS NULL THEN NULL ELSE supplier_id END",
            "account_id": "account_id",
            "charged_department_id": "department_id",
            "delivery_place_id": "delivery_id",
            "needed_by_date": "at::date + 7",
            "lead_days": "lead_days",
            "status": "status",
            "responsible_id": "manager_id",
            "routing_rule": "'manager'",
            "response_due_date": "at::date + 2",
            "submitted_at": "at",
            **{
                name: f"CASE WHEN {decided} THEN {value} ELSE {NOTHING.get(name, 'NULL')} END"
                for name, value in approved.items()
            },
        },
        "FROM volume_asked JOIN volume_place USING (place)",
    )
    insert(
        "LineDecision",
        {
            "line_id": f"{first} + id",
            "kind": "CASE WHEN status = 'rejected' THEN 'rejected' WHEN status = 'returned' THEN 'returned' ELSE 'approved' END",
            "by_id": "manager_id",
            "rule": "'manager'",
            "at": "at + interval '20 hours'",
            "reason_code": "CASE WHEN status = 'rejected' THEN 'not_needed' ELSE '' END",
            "item_id": "item_id",
            "quantity": "quantity",
            "unit_price": "unit_price",
        },
        "FROM volume_asked WHERE status NOT IN ('awaiting', 'withdrawn')",
    )


def _write_orders(first: dict[str, int]) -> None:
    """An order for each supplier and agreement of a requisition."""
    run(
        "CREATE TEMP TABLE volume_ordered AS SELECT *, dense_rank() OVER (ORDER BY n, supplier_id, agreement_id) - 1 AS order_number,"
        " row_number() OVER (PARTITION BY n, supplier_id, agreement_id ORDER BY id) AS order_position"
        " FROM volume_asked WHERE status IN ('received', 'ordered')"
    )
    insert(
        "PurchaseOrder",
        {
            "id": f"{first['PurchaseOrder']} + order_number",
            "number": "'VO' || lpad(order_number::text, 9, '0')",
            "supplier_id": "supplier_id",
            "agreement_id": "agreement_id",
            "delivery_place_id": "delivery_id",
            "status": "'sent'",
            "created_at": "at + interval '24 hours'",
            "created_by_id": "manager_id",
            "next_attempt_at": "at + interval '24 hours'",
            "sent_at": "at + interval '25 hours'",
        },
        "FROM volume_ordered JOIN volume_place USING (place) WHERE order_position = 1",
    )
    insert(
        "OrderLine",
        {
            "id": f"{first['OrderLine']} + id",
            "order_id": f"{first['PurchaseOrder']} + order_number",
            "position": "order_position",
            "item_id": "item_id",
            "description": "description",
            "quantity": "quantity",
            "unit": "unit",
            "units_per_order_unit": "units",
            "unit_price": "unit_price",
            "amount": "round(unit_price * quantity, 2)",
            "requested_date": "at::date + 1 + lead_days",
            "expected_date": "at::date + 1 + lead_days",
        },
        "FROM volume_ordered",
    )
    insert(
        "Allocation",
        {
            "id": f"{first['Allocation']} + id",
            "line_id": f"{first['RequisitionLine']} + id",
            "order_line_id": f"{first['OrderLine']} + id",
            "quantity": "quantity",
            "received_quantity": "CASE WHEN status = 'received' THEN quantity ELSE 0 END",
        },
        "FROM volume_ordered",
    )


def _write_receipts(first: dict[str, int]) -> None:
    """Orders come whole on their day; one line in fifty had something wrong with it."""
    insert(
        "Receipt",
        {
            "id": f"{first['Receipt']} + order_number",
            "key": "md5('receipt ' || order_number)::uuid",
            "department_id": "min(department_id)",
            "received_by_id": "min(requester_id)",
            "received_at": "min(at) + interval '4 days'",
        },
        "FROM volume_ordered JOIN volume_place USING (place) WHERE status = 'received' GROUP BY order_number",
    )
    insert(
        "ReceiptLine",
        {
            "receipt_id": f"{first['Receipt']} + order_number",
            "allocation_id": f"{first['Allocation']} + ordered.id",
            "administration_id": "administration.id",
            "administration_name": "administration.name",
            "department_id": "department.id",
            "department_name": "department.name",
            "cost_center": "department.cost_center",
            "category_id": "category.id",
            "category_code": "category.code",
            "category_name": "category.name",
            "category_lineage": "category.lineage",
            "supplier_id": "supplier.id",
            "supplier_name": "supplier.name",
            "supplier_org_number": "supplier.org_number",
            "delivered_date": "((ordered.at + interval '4 days') AT TIME ZONE 'Europe/Stockholm')::date",
            "item_id": "item_id",
            "description": "description",
            "agreement_id": "ordered.agreement_id",
            "unit": "unit",
            "units_per_order_unit": "units",
            "quantity": "quantity",
            "unit_price": "unit_price",
            "amount": "round(unit_price * quantity, 2)",
            "deviation": f"CASE WHEN {draw('ordered.id', 31, 50)} = 0 THEN 'damaged' ELSE 'none' END",
            "deviation_quantity": f"CASE WHEN {draw('ordered.id', 31, 50)} = 0 THEN 1 ELSE 0 END",
        },
        "FROM volume_ordered ordered JOIN volume_place place USING (place)"
        " JOIN {Department} department ON department.id = place.department_id"
        " JOIN {Administration} administration ON administration.id = department.administration_id"
        " JOIN {Supplier} supplier ON supplier.id = ordered.supplier_id"
        " JOIN {Category} category ON category.id = ordered.category_id WHERE ordered.status = 'received'",
    )


def _raise_ceilings(first_line: int) -> None:
    run(
        "UPDATE {Agreement} agreement SET ceiling_amount = ceiling_amount + round(committed * 1.3),"
        " estimated_amount = estimated_amount + committed, committed_amount = committed_amount + committed,"
        f" committed_at = {NOW} - interval '1 year'"
        " FROM (SELECT approved_agreement_id, sum(approved_amount) AS committed FROM {RequisitionLine}"
        f" WHERE id >= {first_line} AND status IN ('received', 'ordered') GROUP BY 1) AS sums"
        " WHERE approved_agreement_id = agreement.id"
    )
    run(
        "INSERT INTO {Commitment} (agreement_id, at, amount, is_opening)"
        f" SELECT id, coalesce(committed_at, {NOW}), committed_amount - written, false"
        " FROM (SELECT agreement.*, (SELECT coalesce(sum(amount), 0) FROM {Commitment}"
        " WHERE agreement_id = agreement.id) AS written FROM {Agreement} agreement) AS sums"
        " WHERE committed_amount <> written"
    )
