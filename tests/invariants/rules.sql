-- What must hold after any chain of acts. Each block "-- rule: <sentence>" selects the rows that break it.

-- rule: nobody decides on a request of her own, or on the requester's behalf
SELECT d.id FROM procurement_linedecision d JOIN procurement_requisitionline l ON l.id = d.line_id
JOIN procurement_requisition q ON q.id = l.requisition_id WHERE q.requester_id IN (d.by_id, d.on_behalf_of_id);

-- rule: nobody attests a request of her own, or on the requester's behalf
SELECT b.id FROM procurement_budgetattest b JOIN procurement_requisition q ON q.id = b.requisition_id
WHERE q.requester_id IN (b.decided_by_id, b.on_behalf_of_id);

-- rule: nobody receives a line that she decided
SELECT rl.id FROM procurement_receiptline rl JOIN procurement_receipt r ON r.id = rl.receipt_id
JOIN procurement_allocation a ON a.id = rl.allocation_id JOIN procurement_requisitionline l ON l.id = a.line_id
WHERE l.decided_by_id = r.received_by_id;

-- rule: a submitted line is with one person who is not its requester, for a reason, with a day to answer
SELECT l.id FROM procurement_requisitionline l JOIN procurement_requisition q ON q.id = l.requisition_id
WHERE l.status <> 'draft' AND (l.responsible_id IS NULL OR l.responsible_id = q.requester_id OR l.routing_rule = ''
    OR l.response_due_date IS NULL OR l.submitted_at IS NULL);

-- rule: a line is a draft exactly while its requisition is a basket
SELECT l.id FROM procurement_requisitionline l JOIN procurement_requisition q ON q.id = l.requisition_id
WHERE (l.status = 'draft') <> (q.submitted_at IS NULL);

-- rule: what is committed under an agreement is what was approved of its live lines, less what will not come
SELECT a.number, a.committed_amount, s.amount FROM agreements_agreement a LEFT JOIN (
    SELECT approved_agreement_id AS id, sum(approved_amount - released_amount) AS amount
    FROM procurement_requisitionline WHERE status IN ('approved', 'ordered', 'partly_received', 'received') GROUP BY 1
) s ON s.id = a.id WHERE a.committed_amount <> coalesce(s.amount, 0) OR a.committed_amount > a.ceiling_amount;

-- rule: the same holds for the quantity under an item's own ceiling
SELECT c.id, c.committed_quantity, s.quantity FROM catalog_itemceiling c LEFT JOIN (
    SELECT approved_agreement_id AS agreement, approved_item_id AS item, sum(approved_quantity - released_quantity) AS quantity
    FROM procurement_requisitionline WHERE status IN ('approved', 'ordered', 'partly_received', 'received') GROUP BY 1, 2
) s ON s.agreement = c.agreement_id AND s.item = c.item_id
WHERE c.committed_quantity <> coalesce(s.quantity, 0) OR c.committed_quantity > c.ceiling_quantity;

-- rule: the changes that are written down sum to what is committed
SELECT a.number FROM agreements_agreement a LEFT JOIN agreements_commitment c ON c.agreement_id = a.id
GROUP BY a.id HAVING a.committed_amount <> coalesce(sum(c.amount), 0);

-- rule: a closed line with less than was approved has released the rest, and no other line has released anything
SELECT l.id FROM procurement_requisitionline l LEFT JOIN procurement_allocation a ON a.line_id = l.id
GROUP BY l.id HAVING l.released_quantity <> CASE WHEN l.status = 'received'
    THEN l.approved_quantity - coalesce(sum(a.received_quantity), 0) ELSE 0 END;

-- rule: an amount is price times quantity, half up
SELECT id FROM procurement_requisitionline WHERE amount <> round(unit_price * quantity, 2)
    OR approved_amount <> round(approved_unit_price * approved_quantity, 2)
UNION ALL SELECT id FROM procurement_orderline WHERE amount <> round(unit_price * quantity, 2)
UNION ALL SELECT id FROM procurement_receiptline WHERE amount <> round(unit_price * quantity, 2);

-- rule: a line is approved under an agreement in force that day and with the agreement's supplier
SELECT l.id FROM procurement_requisitionline l JOIN agreements_agreement a ON a.id = l.approved_agreement_id
WHERE a.supplier_id <> l.approved_supplier_id
    OR NOT a.valid_during @> (l.decided_at AT TIME ZONE 'Europe/Stockholm')::date;

-- rule: every decision is told once in the trail, and the trail tells of no other
SELECT d.id FROM procurement_linedecision d LEFT JOIN audit_entry e ON e.subject_type = 'procurement.requisitionline'
    AND e.subject_id = d.line_id AND e.at = d.at AND e.by_id = d.by_id AND e.event = CASE d.kind
        WHEN 'undone' THEN 'line.approval_undone' ELSE 'line.' || d.kind END
GROUP BY d.id HAVING count(e.id) <> 1;

-- rule: every received row is told in the trail, and as many as there are
SELECT count(*) FROM audit_entry WHERE event = 'receipt.recorded'
HAVING count(*) <> (SELECT count(*) FROM procurement_receiptline);

-- rule: an ordered line stands on exactly one order that is not cancelled, any other on none
SELECT l.id, l.status FROM procurement_requisitionline l LEFT JOIN procurement_allocation a ON a.line_id = l.id
LEFT JOIN procurement_orderline ol ON ol.id = a.order_line_id
LEFT JOIN procurement_purchaseorder o ON o.id = ol.order_id AND o.status <> 'cancelled'
GROUP BY l.id HAVING count(o.id) <> (l.status IN ('ordered', 'partly_received', 'received'))::int;

-- rule: an order line is divided whole, and what is divided to a line is what was approved
SELECT ol.id FROM procurement_orderline ol LEFT JOIN procurement_allocation a ON a.order_line_id = ol.id
GROUP BY ol.id HAVING ol.quantity <> coalesce(sum(a.quantity), 0)
UNION ALL SELECT l.id FROM procurement_requisitionline l JOIN procurement_allocation a ON a.line_id = l.id
GROUP BY l.id HAVING l.approved_quantity <> sum(a.quantity) AND l.status <> 'cancelled';

-- rule: what has come is the sum of the receipts and no more than was ordered
SELECT a.id FROM procurement_allocation a LEFT JOIN procurement_receiptline rl ON rl.allocation_id = a.id
GROUP BY a.id HAVING a.received_quantity <> coalesce(sum(rl.quantity), 0) OR a.received_quantity > a.quantity;

-- rule: a cancelled order has only cancelled lines, and nothing of it has come
SELECT o.id FROM procurement_purchaseorder o JOIN procurement_orderline ol ON ol.order_id = o.id
JOIN procurement_allocation a ON a.order_line_id = ol.id JOIN procurement_requisitionline l ON l.id = a.line_id
WHERE o.status = 'cancelled' AND (l.status <> 'cancelled' OR a.received_quantity > 0);

-- rule: an order has the supplier, agreement and place of all its lines
SELECT o.id FROM procurement_purchaseorder o JOIN procurement_orderline ol ON ol.order_id = o.id
JOIN procurement_allocation a ON a.order_line_id = ol.id JOIN procurement_requisitionline l ON l.id = a.line_id
JOIN procurement_requisition q ON q.id = l.requisition_id
WHERE o.status <> 'cancelled' AND (l.approved_supplier_id <> o.supplier_id
    OR l.approved_agreement_id IS DISTINCT FROM o.agreement_id OR q.delivery_place_id <> o.delivery_place_id
    OR ol.unit_price <> l.approved_unit_price);

-- rule: nothing was ordered while its attest waited or was refused
SELECT l.id FROM procurement_requisitionline l JOIN procurement_allocation a ON a.line_id = l.id
JOIN procurement_orderline ol ON ol.id = a.order_line_id JOIN procurement_purchaseorder o ON o.id = ol.order_id
JOIN procurement_budgetattest b ON b.requisition_id = l.requisition_id AND b.requested_at < o.created_at
WHERE b.status IN ('pending', 'refused') OR b.status = 'attested' AND b.decided_at > o.created_at;

-- rule: the last decision explains the line's status
SELECT l.id, l.status, d.kind FROM procurement_requisitionline l LEFT JOIN LATERAL (
    SELECT * FROM procurement_linedecision d WHERE d.line_id = l.id ORDER BY d.id DESC LIMIT 1) d ON true
LEFT JOIN procurement_reply p ON p.decision_id = d.id
WHERE NOT CASE
    WHEN l.status IN ('approved', 'ordered', 'partly_received', 'received')
        THEN coalesce(d.kind IN ('approved', 'adjusted', 'substituted'), false)
    WHEN l.status = 'rejected' THEN coalesce(d.kind = 'rejected', false)
    WHEN l.status = 'returned' THEN coalesce(d.kind = 'returned' AND p.id IS NULL, false)
    ELSE true END;

-- rule: a line that is not bought carries no approval
SELECT id FROM procurement_requisitionline WHERE status IN ('draft', 'awaiting', 'returned', 'rejected', 'withdrawn', 'superseded')
    AND (approved_amount IS NOT NULL OR approved_supplier_id IS NOT NULL OR order_due_at IS NOT NULL);

-- rule: one version of each position lives, and a superseded one has a successor
SELECT requisition_id, position FROM procurement_requisitionline WHERE status <> 'superseded' GROUP BY 1, 2 HAVING count(*) > 1
UNION ALL SELECT l.id, l.position FROM procurement_requisitionline l WHERE l.status = 'superseded'
    AND NOT EXISTS (SELECT FROM procurement_requisitionline n WHERE n.replaces_id = l.id);
