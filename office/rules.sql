-- What must always hold: after any chain of acts, of savings, imports and reports, on the demo, and where people work.
-- Each block "-- rule: <number> <sentence>" is a statement that lists what breaks the rule; nothing listed means that it
-- holds. %(at)s is the moment at which it is asked. A comment after the sentence says why a statement counts as it does.

-- rule: 1a nobody decides on her own request (by, or on behalf of)
SELECT d.id, d.line_id, d.kind, d.rule FROM procurement_linedecision d JOIN procurement_requisitionline l ON l.id=d.line_id
JOIN procurement_requisition q ON q.id=l.requisition_id
WHERE d.by_id=q.requester_id OR d.on_behalf_of_id=q.requester_id;

-- rule: 1b nobody decides for a requester whose delegation she holds that day
SELECT d.id, d.line_id, d.kind FROM procurement_linedecision d JOIN procurement_requisitionline l ON l.id=d.line_id
JOIN procurement_requisition q ON q.id=l.requisition_id
JOIN organizations_delegation g ON g.delegate_id=d.by_id AND g.delegator_id=q.requester_id
 AND g.valid_during @> (d.at AT TIME ZONE 'Europe/Stockholm')::date
WHERE d.rule <> 'policy';

-- rule: 1c nobody attests her own request, nor on behalf of the requester
SELECT b.id, b.requisition_id FROM procurement_budgetattest b JOIN procurement_requisition q ON q.id=b.requisition_id
WHERE b.decided_by_id=q.requester_id OR b.on_behalf_of_id=q.requester_id;

-- rule: 1d the receiver of a line did not decide it
SELECT rl.id, a.line_id FROM procurement_receiptline rl JOIN procurement_receipt r ON r.id=rl.receipt_id
JOIN procurement_allocation a ON a.id=rl.allocation_id JOIN procurement_requisitionline l ON l.id=a.line_id
WHERE l.decided_by_id=r.received_by_id;

-- rule: 1e the receiver of a line did not attest it (any attest given before the receipt that was not undone)
SELECT rl.id, a.line_id, b.id AS attest, b.status FROM procurement_receiptline rl JOIN procurement_receipt r ON r.id=rl.receipt_id
JOIN procurement_allocation a ON a.id=rl.allocation_id JOIN procurement_requisitionline l ON l.id=a.line_id
JOIN procurement_budgetattest b ON b.requisition_id=l.requisition_id AND b.decided_by_id=r.received_by_id AND b.decided_at<=r.received_at;

-- rule: 1f who confirmed baselines does not answer for the category that day
SELECT b.id, b.confirmed_by_id FROM reporting_baseline b JOIN catalog_item i ON i.id=b.item_id JOIN categories_category c ON c.id=i.category_id
JOIN categories_categoryassignment s ON s.category_id=ANY(c.lineage) AND b.confirmed_by_id IN (s.manager_id, s.deputy_id)
 AND s.valid_during @> (b.confirmed_at AT TIME ZONE 'Europe/Stockholm')::date;

-- rule: 1g the receiver of a line has had no hand in deciding it, whether or not the decision stands
SELECT rl.id, d.id FROM procurement_receiptline rl JOIN procurement_receipt r ON r.id=rl.receipt_id JOIN procurement_allocation a ON a.id=rl.allocation_id
JOIN procurement_linedecision d ON d.line_id=a.line_id AND d.at<=r.received_at AND r.received_by_id IN (d.by_id, d.on_behalf_of_id);

-- rule: 1h nobody attests a requisition and decides a line of it, in her own name or in another's place
-- Taking an approval back is no decision that something is bought, and a standing approval was decided before.
SELECT b.id, d.id FROM procurement_budgetattest b JOIN procurement_requisitionline l ON l.requisition_id=b.requisition_id
JOIN procurement_linedecision d ON d.line_id=l.id AND d.kind<>'undone' AND d.rule NOT IN ('policy','terms')
WHERE b.decided_by_id IN (d.by_id, d.on_behalf_of_id) OR b.on_behalf_of_id IN (d.by_id, d.on_behalf_of_id);

-- rule: 1i nobody cancels an order of what she asked for herself
SELECT e.id, l.id FROM audit_entry e JOIN procurement_requisitionline l ON l.id=e.subject_id AND e.subject_type='procurement.requisitionline'
JOIN procurement_requisition q ON q.id=l.requisition_id WHERE e.event='line.cancelled' AND e.rule='order' AND e.by_id=q.requester_id;

-- rule: 1j what was decided or attested by delegation was covered by one that was accepted and not taken back
SELECT 'decision', d.id FROM procurement_linedecision d WHERE d.rule='delegate' AND NOT EXISTS (SELECT FROM organizations_delegation g
 WHERE g.delegate_id=d.by_id AND g.delegator_id=d.on_behalf_of_id AND g.accepted_at<=d.at AND (g.revoked_at IS NULL OR g.revoked_at>=d.at)
 AND g.valid_during @> (d.at AT TIME ZONE 'Europe/Stockholm')::date AND g.scope IN ('all','decisions'))
UNION ALL SELECT 'attest', b.id FROM procurement_budgetattest b WHERE b.on_behalf_of_id IS NOT NULL AND NOT EXISTS (SELECT FROM organizations_delegation g
 WHERE g.delegate_id=b.decided_by_id AND g.delegator_id=b.on_behalf_of_id AND g.accepted_at<=b.decided_at AND (g.revoked_at IS NULL OR g.revoked_at>=b.decided_at)
 AND g.valid_during @> (b.decided_at AT TIME ZONE 'Europe/Stockholm')::date AND g.scope IN ('all','attests'));

-- rule: 1k nothing is delegated onward: nobody gives and receives an accepted delegation on the same day
SELECT a.id, b.id FROM organizations_delegation a JOIN organizations_delegation b ON b.delegator_id=a.delegate_id AND a.valid_during && b.valid_during
WHERE a.accepted_at IS NOT NULL AND b.accepted_at IS NOT NULL AND a.revoked_at IS NULL AND b.revoked_at IS NULL;

-- rule: 2a no submitted line without a responsible person, day, reason
SELECT id, status FROM procurement_requisitionline WHERE status<>'draft'
 AND (responsible_id IS NULL OR submitted_at IS NULL OR response_due_date IS NULL AND awaits_competition_id IS NULL OR routing_rule='');

-- rule: 2b the responsible person is not the requester
SELECT l.id, l.status FROM procurement_requisitionline l JOIN procurement_requisition q ON q.id=l.requisition_id
WHERE l.status<>'draft' AND l.responsible_id=q.requester_id;

-- rule: 2c no leaf category without a manager today (itself or above it)
-- A category that is closed, since it was merged into another, answers for nothing.
SELECT c.id, c.code FROM categories_category c WHERE (c.closed_date IS NULL OR c.closed_date>(%(at)s AT TIME ZONE 'Europe/Stockholm')::date)
AND NOT EXISTS (SELECT FROM categories_category k WHERE k.parent_id=c.id AND (k.closed_date IS NULL OR k.closed_date>(%(at)s AT TIME ZONE 'Europe/Stockholm')::date))
AND NOT EXISTS (SELECT FROM categories_categoryassignment s WHERE s.category_id=ANY(c.lineage) AND s.valid_during @> (%(at)s AT TIME ZONE 'Europe/Stockholm')::date);

-- rule: 2d every line belongs to a requisition whose submitted_at agrees with the line's status
SELECT l.id, l.status FROM procurement_requisitionline l JOIN procurement_requisition q ON q.id=l.requisition_id
WHERE (l.status='draft') <> (q.submitted_at IS NULL);

-- rule: 2e a submitted requisition has lines and a number
SELECT q.id FROM procurement_requisition q WHERE q.submitted_at IS NOT NULL
AND (q.number IS NULL OR NOT EXISTS (SELECT FROM procurement_requisitionline l WHERE l.requisition_id=q.id));

-- rule: 2f an attest that waits is with somebody else than who asked for it
SELECT b.id FROM procurement_budgetattest b JOIN procurement_requisition q ON q.id=b.requisition_id WHERE b.status='pending' AND b.responsible_id=q.requester_id;

-- rule: 2g a need that is tied to a competition is undecided, in words, and waits for it while it is open, and is let go of it when nobody won; no other need waits for one
SELECT l.id, l.status, l.tied_competition_id, l.awaits_competition_id FROM procurement_requisitionline l
LEFT JOIN catalog_renewedcompetition c ON c.id=l.tied_competition_id
WHERE l.tied_competition_id IS NOT NULL AND (l.item_id IS NOT NULL OR l.status NOT IN ('awaiting','returned'))
OR c.status='cancelled' AND l.awaits_competition_id IS DISTINCT FROM c.id
OR c.status='open' AND l.awaits_competition_id IS DISTINCT FROM c.id
OR l.status IN ('awaiting','returned') AND l.item_id IS NULL AND l.awaits_competition_id IS NOT NULL
 AND l.tied_competition_id IS DISTINCT FROM l.awaits_competition_id;

-- rule: 3a committed never exceeds the ceiling
SELECT id, number FROM agreements_agreement WHERE committed_amount>ceiling_amount OR committed_amount<0;

-- rule: 3b committed = before + approved live lines, less what will not come
-- What will not come is released (released_amount); what was committed when the agreement was registered is written down.
SELECT a.id, a.number, a.committed_amount, coalesce(o.sum,0) AS before, coalesce(s.sum,0) AS lines
FROM agreements_agreement a
LEFT JOIN (SELECT agreement_id, sum(amount) FROM agreements_commitment WHERE is_opening GROUP BY 1) o ON o.agreement_id=a.id
LEFT JOIN (SELECT approved_agreement_id, sum(approved_amount-released_amount) FROM procurement_requisitionline
 WHERE status IN ('approved','ordered','partly_received','received') GROUP BY 1) s ON s.approved_agreement_id=a.id
WHERE a.committed_amount<>coalesce(o.sum,0)+coalesce(s.sum,0);

-- rule: 3c item ceilings: committed = before + approved live lines, less what will not come, within the ceiling
-- What will not come is released (released_quantity). A pack counts as what it holds of the one that the ceiling is in.
SELECT c.id, c.committed_quantity, c.opening_quantity, coalesce(s.sum,0) AS lines FROM catalog_itemceiling c
CROSS JOIN LATERAL (SELECT sum(round((approved_quantity-released_quantity)*approved_units_per_order_unit/c.units_per_order_unit,3))
 FROM procurement_requisitionline WHERE status IN ('approved','ordered','partly_received','received')
 AND approved_agreement_id=c.agreement_id AND approved_item_id=c.item_id) s
WHERE c.committed_quantity<>c.opening_quantity+coalesce(s.sum,0) OR c.committed_quantity>c.ceiling_quantity;

-- rule: 3d prices of one item, on the same terms, of the same unit and quantity, never overlap
SELECT a.id, b.id FROM catalog_price a JOIN catalog_price b ON a.item_id=b.item_id AND a.agreement_id IS NOT DISTINCT FROM b.agreement_id
 AND a.supplier_id=b.supplier_id AND a.order_unit=b.order_unit AND a.minimum_quantity=b.minimum_quantity
 AND a.id<b.id AND a.valid_during && b.valid_during;

-- rule: 3e approved under an agreement that was in force that day, with one of its suppliers
SELECT l.id, l.approved_agreement_id FROM procurement_requisitionline l JOIN agreements_agreement a ON a.id=l.approved_agreement_id
WHERE l.status IN ('approved','ordered','partly_received','received')
AND (NOT a.valid_during @> (l.decided_at AT TIME ZONE 'Europe/Stockholm')::date OR NOT EXISTS (SELECT FROM agreements_agreementsupplier s
 WHERE s.agreement_id=a.id AND s.supplier_id=l.approved_supplier_id));

-- rule: 3f the sum of a still approved line is price times quantity, half up
SELECT id, approved_amount, approved_unit_price, approved_quantity FROM procurement_requisitionline
WHERE approved_amount IS NOT NULL AND approved_amount<>round(approved_unit_price*approved_quantity,2);

-- rule: 3g the sum of a line is price times quantity, half up
SELECT id, amount, unit_price, quantity FROM procurement_requisitionline WHERE amount<>round(unit_price*quantity,2);

-- rule: 4a a saving once per line, component and version
SELECT coalesce(receipt_line_id,0), coalesce(history_line_id,0), component, calculation_version, count(*) FROM reporting_saving
GROUP BY 1,2,3,4 HAVING count(*)>1;

-- rule: 4b a saving is (baseline - paid) x quantity of its own delivered line; what was avoided is (counterfactual - baseline) x quantity
SELECT s.id FROM reporting_saving s LEFT JOIN reporting_deliveredline d
 ON d.key = CASE WHEN s.receipt_line_id IS NOT NULL THEN 'r'||s.receipt_line_id ELSE 'h'||s.history_line_id END
WHERE d.key IS NULL OR d.quantity<>s.quantity OR d.unit_price<>s.paid_price OR d.delivered_date<>s.delivered_date OR d.item_id<>s.item_id
 OR s.amount<>CASE s.component WHEN 'avoidance' THEN round((s.counterfactual_price-s.baseline_price)*s.quantity,2)
  ELSE round((s.baseline_price-s.paid_price)*s.quantity,2) END;

-- rule: 4c a saving's baseline is confirmed, stands, is of the item, and of the price
-- Of the last version of each line (an earlier one was corrected), and not of one that was withdrawn, which counts as
-- nothing. A line that came instead of another item is compared with that one's baseline; the price is that of the
-- line's own pack. Where nothing was paid before, what was avoided is reckoned from the paid price. A month that a note says has
-- lines to count or to correct, as when a later baseline was confirmed, is as it shall be after the next run.
SELECT s.id FROM reporting_saving s JOIN reporting_baseline b ON b.id=s.baseline_id JOIN reporting_deliveredline d
 ON d.key = CASE WHEN s.receipt_line_id IS NOT NULL THEN 'r'||s.receipt_line_id ELSE 'h'||s.history_line_id END
CROSS JOIN LATERAL (SELECT s.units_per_order_unit
 /(b.units_per_order_unit*CASE WHEN s.item_id=b.item_id THEN 1 ELSE d.stands_for_factor END) AS packs) AS line
WHERE NOT EXISTS (SELECT FROM reporting_saving n WHERE n.replaces_id=s.id)
 AND NOT EXISTS (SELECT FROM reporting_uncountedmonth u WHERE u.month=date_trunc('month',s.delivered_date)::date)
 AND NOT (s.calculation_version>1 AND s.amount=0 AND s.baseline_price=s.paid_price)
 AND (NOT b.is_counted OR b.nature<>s.nature
  OR s.component='retained' AND upper(b.counts_during)>s.delivered_date
  OR s.component<>'retained' AND NOT b.counts_during @> s.delivered_date
  OR b.item_id<>CASE WHEN s.item_id=b.item_id THEN s.item_id ELSE coalesce(d.stands_for_id,s.item_id) END
  OR abs(s.baseline_price-coalesce(b.unit_price*line.packs,s.paid_price))>0.0001
  OR abs(s.counterfactual_price-b.counterfactual_price*line.packs)>0.00000001);

-- rule: 4d nothing that should be counted is uncounted for more than 5 minutes
SELECT d.key FROM reporting_deliveredline d JOIN reporting_baseline b ON b.item_id=d.item_id AND b.counts_during @> d.delivered_date AND b.is_counted
LEFT JOIN procurement_receiptline rl ON rl.id=d.receipt_line_id LEFT JOIN procurement_receipt r ON r.id=rl.receipt_id
WHERE d.currency='SEK' AND d.department_id IS NOT NULL AND d.supplier_id IS NOT NULL
AND NOT EXISTS (SELECT FROM reporting_saving s WHERE s.receipt_line_id=d.receipt_line_id)
AND NOT EXISTS (SELECT FROM reporting_saving s WHERE s.history_line_id=d.history_line_id)
AND (r.received_at IS NULL OR r.received_at < %(at)s-interval '5 minutes');

-- rule: 4e a run says how many it added
SELECT r.id, r.added_count, count(s.id) FROM reporting_savingsrun r LEFT JOIN reporting_saving s ON s.run_id=r.id
WHERE r.status='done' GROUP BY r.id HAVING r.added_count<>count(s.id);

-- rule: 4f of each delivered line and component one saving stands
SELECT s.receipt_line_id, s.history_line_id, s.component, count(*) FROM reporting_saving s
WHERE NOT EXISTS (SELECT FROM reporting_saving n WHERE n.replaces_id=s.id) GROUP BY 1,2,3 HAVING count(*)>1;

-- rule: 4g a baseline that is counted is the initiative's last confirmed version
SELECT b.id FROM reporting_baseline b WHERE b.is_counted AND EXISTS (SELECT FROM reporting_baseline n
 WHERE n.initiative_id=b.initiative_id AND n.version>b.version AND n.confirmed_at IS NOT NULL);

-- rule: 5a a frozen report has snapshot and lines, and its files each the hash that it says
-- Files are kept in parts, in a table that reports and imports share.
SELECT r.id, (SELECT count(*) FROM reporting_reportfile f WHERE f.report_id=r.id) FROM reporting_followupreport r WHERE r.status='done' AND
 (r.snapshot IS NULL OR (SELECT count(*) FROM reporting_frozenlines z WHERE z.report_id=r.id)<>1
  OR EXISTS (SELECT FROM reporting_reportedition e WHERE e.report_id=r.id
   AND (SELECT count(DISTINCT kind) FROM reporting_reportfile f WHERE f.edition_id=e.id)<>4)
  OR NOT EXISTS (SELECT FROM reporting_reportedition e WHERE e.report_id=r.id)
  OR EXISTS (SELECT FROM reporting_reportfile f JOIN core_storedfile k ON k.id=f.file_id
   CROSS JOIN LATERAL (SELECT string_agg(content,''::bytea ORDER BY position) AS content FROM core_storedpart WHERE file_id=k.id) p
   WHERE f.report_id=r.id AND (k.sha256<>encode(sha256(p.content),'hex') OR k.size<>length(p.content)))
  OR EXISTS (SELECT FROM reporting_reportfile f WHERE f.report_id=r.id AND f.status='done'
   AND NOT EXISTS (SELECT FROM core_storedpart p WHERE p.file_id=f.file_id)));

-- rule: 5b the snapshot names its frozen lines and their sum
SELECT r.id FROM reporting_followupreport r JOIN reporting_frozenlines z ON z.report_id=r.id
WHERE r.snapshot->'lines'->>'sha256'<>z.sha256 OR (r.snapshot->'lines'->>'count')::int<>z.count
OR r.snapshot->'lines'->>'amount'<>r.snapshot->'effects'->'net'->>'realised';

-- rule: 5c versions of a report have no gaps
SELECT year, through_date, max(version), count(*) FROM reporting_followupreport GROUP BY 1,2 HAVING max(version)<>count(*);

-- rule: 5e a locked report is whole, under its diary number, with the texts that it was locked with
SELECT r.id, r.stage FROM reporting_followupreport r
LEFT JOIN reporting_reportedition e ON e.report_id=r.id AND NOT e.is_draft
WHERE (r.stage IN ('locked','handed_over'))<>(e.id IS NOT NULL)
OR e.id IS NOT NULL AND (e.diary_number='' OR e.diary_number<>r.diary_number OR EXISTS (
  SELECT FROM unnest(ARRAY['proposal','assessment','children_perspective','rural_perspective','recipients','signature']) AS asked (for_part)
  WHERE coalesce(e.texts->>for_part,'')='' OR e.texts->>for_part IS DISTINCT FROM (SELECT t.text FROM reporting_writtentext t
   WHERE t.report_id=r.id AND t.part=for_part ORDER BY t.version DESC LIMIT 1)));

-- rule: 5f a report is where its acts say, and was approved by another than reviewed it
SELECT r.id, r.stage FROM reporting_followupreport r
LEFT JOIN LATERAL (SELECT kind FROM reporting_reportact a WHERE a.report_id=r.id ORDER BY a.id DESC LIMIT 1) last_act ON true
WHERE r.stage<>CASE WHEN last_act.kind IS NULL OR last_act.kind='sent_back' THEN 'draft' ELSE last_act.kind END
OR EXISTS (SELECT FROM reporting_reportact a WHERE a.report_id=r.id AND a.kind='approved' AND a.by_id=(
  SELECT b.by_id FROM reporting_reportact b WHERE b.report_id=r.id AND b.kind='reviewed' AND b.id<a.id ORDER BY b.id DESC LIMIT 1));

-- rule: 5g each part of a report has its versions without gaps
SELECT report_id, part, max(version), count(*) FROM reporting_writtentext GROUP BY 1,2 HAVING max(version)<>count(*);

-- rule: 5h what is kept of a month, and of each day of it, is what its lines say
-- A day that a note speaks of is asked of its lines, and so is its month, so what is kept of them does not matter.
WITH kept (sums, month, day, count, amount) AS (
 SELECT 'saved', month, day, sum(count), sum(amount) FROM reporting_savedmonth GROUP BY 2,3
 UNION ALL SELECT 'saved by initiative', month, day, sum(count), sum(amount) FROM reporting_savedinitiativemonth GROUP BY 2,3
 UNION ALL SELECT 'saved by department', month, day, sum(count), sum(amount) FROM reporting_saveddepartmentmonth GROUP BY 2,3
 UNION ALL SELECT 'delivered', month, day, sum(count), sum(amount) FROM reporting_deliveredmonth WHERE currency='SEK' GROUP BY 2,3
 UNION ALL SELECT 'delivered by category', month, day, sum(count), sum(amount) FROM reporting_deliveredcategorymonth WHERE currency='SEK' GROUP BY 2,3
 UNION ALL SELECT 'bought', month, day, sum(count), sum(amount) FROM reporting_boughtmonth GROUP BY 2,3
 UNION ALL SELECT 'loyal', month, day, sum(count), sum(amount) FROM reporting_loyalmonth GROUP BY 2,3
 UNION ALL SELECT 'leaked', month, day, sum(count), sum(amount) FROM reporting_leakedmonth GROUP BY 2,3
 UNION ALL SELECT 'received', month, day, sum(count), sum(amount) FROM reporting_receivedmonth GROUP BY 2,3
), of_day (sums, day, count, amount) AS (
 SELECT sums, s.delivered_date, count(*), sum(s.amount)
 FROM reporting_saving s CROSS JOIN (VALUES ('saved'),('saved by initiative'),('saved by department')) kinds (sums)
 WHERE NOT EXISTS (SELECT FROM reporting_saving n WHERE n.replaces_id=s.id) GROUP BY 1,2
 UNION ALL SELECT sums, d.delivered_date, count(*), sum(d.amount)
 FROM reporting_deliveredline d CROSS JOIN (VALUES ('delivered'),('delivered by category'),('bought'),('loyal'),('leaked'),('received')) kinds (sums)
 WHERE d.currency='SEK' AND (sums<>'leaked' OR d.agreement_id IS NULL) AND (sums<>'received' OR d.receipt_line_id IS NOT NULL) GROUP BY 1,2
), line (sums, month, day, count, amount) AS (
 SELECT sums, date_trunc('month',day)::date, day, sum(count), sum(amount) FROM of_day GROUP BY GROUPING SETS ((1,2,3),(1,2))
)
SELECT sums, month, day FROM (
 SELECT sums, month, day
 FROM (SELECT sums, month, coalesce(day,'-infinity') AS day, count, amount FROM kept) kept
 FULL JOIN (SELECT sums, month, coalesce(day,'-infinity') AS day, count, amount FROM line) line USING (sums, month, day)
 WHERE (kept.count,kept.amount) IS DISTINCT FROM (line.count,line.amount)) differing
WHERE NOT EXISTS (SELECT FROM reporting_changedmonth changed WHERE changed.month=differing.month
 AND (changed.day IS NULL OR differing.day='-infinity' OR changed.day=differing.day));

-- rule: 5d an order's documents are kept as they were made
SELECT id, order_id, kind FROM procurement_orderdocument WHERE encode(sha256(pdf),'hex')<>pdf_sha256 OR encode(sha256(csv),'hex')<>csv_sha256;

-- rule: 6a every decision has exactly one entry of its kind, person and moment in the trail
SELECT d.id, d.line_id, d.kind, count(e.id) FROM procurement_linedecision d LEFT JOIN audit_entry e
 ON e.subject_type='procurement.requisitionline' AND e.subject_id=d.line_id AND e.at=d.at AND e.by_id=d.by_id
 AND e.event = CASE d.kind WHEN 'approved' THEN 'line.approved' WHEN 'adjusted' THEN 'line.adjusted' WHEN 'substituted' THEN 'line.substituted'
  WHEN 'returned' THEN 'line.returned' WHEN 'rejected' THEN 'line.rejected' WHEN 'undone' THEN 'line.approval_undone'
  WHEN 'unanswered' THEN 'line.unanswered' END
GROUP BY d.id HAVING count(e.id)<>1;

-- rule: 6b no entry of a decision without the decision
SELECT e.id, e.event, e.subject_id FROM audit_entry e WHERE e.event IN ('line.approved','line.adjusted','line.substituted','line.returned','line.rejected','line.approval_undone')
AND NOT EXISTS (SELECT FROM procurement_linedecision d WHERE d.line_id=e.subject_id AND d.at=e.at AND d.by_id=e.by_id);

-- rule: 6c every attest asked for, given and refused stands in the trail
SELECT b.id, b.status FROM procurement_budgetattest b WHERE
 (SELECT count(*) FROM audit_entry e WHERE e.event='attest.requested' AND e.subject_type='procurement.requisition' AND e.subject_id=b.requisition_id AND e.at=b.requested_at)<1
 OR (b.decided_at IS NOT NULL AND (SELECT count(*) FROM audit_entry e WHERE e.event IN ('attest.given','attest.refused')
   AND e.subject_type='procurement.requisition' AND e.subject_id=b.requisition_id AND e.at=b.decided_at AND e.by_id=b.decided_by_id)<>1);

-- rule: 6d every order was created once in the trail, sent once if sent, cancelled once if cancelled
SELECT o.id, o.number, o.status, count(*) FILTER (WHERE e.event='order.created') c, count(*) FILTER (WHERE e.event='order.sent') s, count(*) FILTER (WHERE e.event='order.cancelled') x
FROM procurement_purchaseorder o LEFT JOIN audit_entry e ON e.subject_type='procurement.purchaseorder' AND e.subject_id=o.id
GROUP BY o.id HAVING count(*) FILTER (WHERE e.event='order.created')<>1
 OR count(*) FILTER (WHERE e.event='order.sent')<>(CASE WHEN o.sent_at IS NULL THEN 0 ELSE 1 END)
 OR count(*) FILTER (WHERE e.event='order.cancelled')<>(CASE WHEN o.status='cancelled' THEN 1 ELSE 0 END);

-- rule: 6e every submission and every routed or revised line stands in the trail once
SELECT q.id, 'requisition' FROM procurement_requisition q WHERE q.submitted_at IS NOT NULL
 AND (SELECT count(*) FROM audit_entry e WHERE e.event='requisition.submitted' AND e.subject_type='procurement.requisition' AND e.subject_id=q.id)<>1
UNION ALL SELECT l.id, 'line' FROM procurement_requisitionline l WHERE l.status<>'draft'
 AND (SELECT count(*) FROM audit_entry e WHERE e.event=ANY(CASE WHEN l.version=1 THEN ARRAY['line.routed'] ELSE ARRAY['line.revised','line.not_delivered'] END)
  AND e.subject_type='procurement.requisitionline' AND e.subject_id=l.id)<>1;

-- rule: 6f every received row stands in the trail, and so does what was sent back or taken back
SELECT rl.id FROM procurement_receiptline rl JOIN procurement_receipt r ON r.id=rl.receipt_id JOIN procurement_allocation a ON a.id=rl.allocation_id
WHERE (SELECT count(*) FROM audit_entry e WHERE e.event=CASE r.kind WHEN 'delivery' THEN 'receipt.recorded' WHEN 'return' THEN 'receipt.returned' ELSE 'receipt.taken_back' END
 AND e.subject_type='procurement.requisitionline' AND e.subject_id=a.line_id AND e.at=r.received_at AND e.by_id=r.received_by_id)<1;

-- rule: 6g as many receipt entries in the trail as received rows
SELECT (SELECT count(*) FROM audit_entry WHERE event IN ('receipt.recorded','receipt.returned','receipt.taken_back')), (SELECT count(*) FROM procurement_receiptline)
WHERE (SELECT count(*) FROM audit_entry WHERE event IN ('receipt.recorded','receipt.returned','receipt.taken_back'))<>(SELECT count(*) FROM procurement_receiptline);

-- rule: 6h withdrawn, superseded and cancelled lines say so in the trail
SELECT l.id, l.status FROM procurement_requisitionline l WHERE
 (l.status='withdrawn' AND NOT EXISTS (SELECT FROM audit_entry e WHERE e.event='line.withdrawn' AND e.subject_type='procurement.requisitionline' AND e.subject_id=l.id))
 OR (l.status='cancelled' AND NOT EXISTS (SELECT FROM audit_entry e WHERE e.event='line.cancelled' AND e.subject_type='procurement.requisitionline' AND e.subject_id=l.id))
 OR (l.status='superseded' AND NOT EXISTS (SELECT FROM procurement_requisitionline n WHERE n.replaces_id=l.id));

-- rule: 6i the triggers that keep facts are there and on
SELECT t.name FROM (VALUES ('audit_entry_append_only'),('audit_seal_append_only'),('procurement_linedecision_append_only'),('procurement_linemessage_append_only'),
 ('procurement_receipt_append_only'),('procurement_receiptline_append_only'),('reporting_saving_append_only'),('reporting_frozenlines_append_only'),
 ('procurement_line_frozen'),('procurement_requisition_frozen'),('reporting_snapshot_frozen'),('reporting_report_locked'),('reporting_file_frozen'),('reporting_reportact_append_only'),
 ('reporting_writtentext_append_only'),('reporting_reportedition_append_only'),('reporting_baseline_frozen')) t(name)
WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgname=t.name AND g.tgenabled IN ('O','A'));

-- rule: 6j imports, reports, runs: asked for and finished once in the trail
SELECT 'import', i.id FROM registers_import i WHERE
 (SELECT count(*) FROM audit_entry e WHERE e.event='register.import_requested' AND e.subject_type='registers.import' AND e.subject_id=i.id)<>1
 OR (SELECT count(*) FROM audit_entry e WHERE e.event='register.import_compared' AND e.subject_type='registers.import' AND e.subject_id=i.id)<>(CASE WHEN i.compared_at IS NULL THEN 0 ELSE 1 END)
 OR (SELECT count(*) FROM audit_entry e WHERE e.event='register.import_applied' AND e.subject_type='registers.import' AND e.subject_id=i.id)<>(CASE WHEN i.applied_at IS NULL THEN 0 ELSE 1 END)
UNION ALL SELECT 'run', r.id FROM reporting_savingsrun r WHERE
 (SELECT count(*) FROM audit_entry e WHERE e.event='savings.computed' AND e.subject_type='reporting.savingsrun' AND e.subject_id=r.id)<>(CASE WHEN r.status='done' THEN 1 ELSE 0 END)
UNION ALL SELECT 'report', f.id FROM reporting_followupreport f WHERE
 (SELECT count(*) FROM audit_entry e WHERE e.event='report.finished' AND e.subject_type='reporting.followupreport' AND e.subject_id=f.id)<>(SELECT count(*) FROM reporting_reportedition d WHERE d.report_id=f.id
  AND NOT EXISTS (SELECT FROM reporting_reportfile m WHERE m.edition_id=d.id AND m.status<>'done'))
 OR (SELECT count(*) FROM audit_entry e WHERE e.event='report.frozen' AND e.subject_type='reporting.followupreport' AND e.subject_id=f.id)<>(CASE WHEN f.snapshot_sha256<>'' THEN 1 ELSE 0 END);

-- rule: 6k the trail tells of a decision by which rule it was made and in whose place
SELECT d.id, e.id FROM procurement_linedecision d LEFT JOIN organizations_user o ON o.id=d.on_behalf_of_id JOIN audit_entry e
 ON e.subject_type='procurement.requisitionline' AND e.subject_id=d.line_id AND e.at=d.at AND e.by_id=d.by_id AND e.event LIKE 'line.%%'
 AND e.event IN ('line.approved','line.adjusted','line.substituted','line.returned','line.rejected','line.approval_undone')
WHERE e.rule<>d.rule OR (e.on_behalf_of_name='')<>(o.id IS NULL);

-- rule: 6l what was approved without an agreement was decided on the board's delegation, and a call-off carries out
SELECT l.id, d.id, d.nature FROM procurement_requisitionline l JOIN LATERAL (SELECT * FROM procurement_linedecision d WHERE d.line_id=l.id
 AND d.kind IN ('approved','adjusted','substituted') ORDER BY d.id DESC LIMIT 1) d ON true
WHERE l.status IN ('approved','ordered','partly_received','received') AND (d.nature='delegation')<>(l.approved_agreement_id IS NULL);

-- rule: 7a numbers are unique
SELECT number, count(*) FROM procurement_requisition WHERE number IS NOT NULL GROUP BY 1 HAVING count(*)>1;

-- rule: 7b what was submitted is whole: positions and versions of a requisition have no gaps
SELECT requisition_id, count(DISTINCT position), max(position) FROM procurement_requisitionline WHERE status<>'draft' GROUP BY 1 HAVING count(*) FILTER (WHERE version=1)<>count(DISTINCT position);

-- rule: 7c at most one live version of a position, and versions are a chain
SELECT requisition_id, position, count(*) FROM procurement_requisitionline WHERE status<>'superseded' GROUP BY 1,2 HAVING count(*)>1;

-- rule: 7d a version replaces the one before it, of the same requisition and position, which is superseded
SELECT n.id, n.version, o.id FROM procurement_requisitionline n LEFT JOIN procurement_requisitionline o ON o.id=n.replaces_id
WHERE (n.version=1)<>(o.id IS NULL) OR (o.requisition_id, o.position, o.version+1, 'superseded')<>(n.requisition_id, n.position, n.version, o.status);

-- rule: 8a an ordered line stands on exactly one order that is not cancelled; one not ordered on none
SELECT l.id, l.status, count(o.id) FROM procurement_requisitionline l LEFT JOIN procurement_allocation a ON a.line_id=l.id AND l.status<>'superseded'
LEFT JOIN procurement_orderline ol ON ol.id=a.order_line_id LEFT JOIN procurement_purchaseorder o ON o.id=ol.order_id AND o.status<>'cancelled'
AND (l.status<>'cancelled' OR a.closed_quantity<a.quantity)
GROUP BY l.id HAVING count(o.id)<>(CASE WHEN l.status IN ('ordered','partly_received','received') THEN 1 ELSE 0 END);

-- rule: 8b allocations of a line sum to what was approved
SELECT l.id, l.approved_quantity, sum(a.quantity) FROM procurement_requisitionline l JOIN procurement_allocation a ON a.line_id=l.id
JOIN procurement_orderline ol ON ol.id=a.order_line_id JOIN procurement_purchaseorder o ON o.id=ol.order_id AND o.status<>'cancelled'
GROUP BY l.id HAVING sum(a.quantity)<>l.approved_quantity;

-- rule: 8c an order line is the sum of its allocations, and its amount price times quantity
SELECT ol.id, ol.quantity, sum(a.quantity), ol.amount FROM procurement_orderline ol LEFT JOIN procurement_allocation a ON a.order_line_id=ol.id
GROUP BY ol.id HAVING ol.quantity<>coalesce(sum(a.quantity),0) OR ol.amount<>round(ol.quantity*ol.unit_price,2);

-- rule: 8d what has come and what will not come are the sums of what was said at receipts, of complaints, by the supplier and by whoever needs less, within what was ordered
SELECT a.id, a.quantity, a.received_quantity, a.closed_quantity FROM procurement_allocation a
LEFT JOIN LATERAL (SELECT sum(quantity) AS came, sum(closed_quantity) AS closed FROM procurement_receiptline WHERE allocation_id=a.id) s ON true
LEFT JOIN LATERAL (SELECT sum(t.closed_quantity) AS closed FROM procurement_complaintsettlement t JOIN procurement_complaint c ON c.id=t.complaint_id
 JOIN procurement_receiptline rl ON rl.id=c.receipt_line_id WHERE rl.allocation_id=a.id) t ON true
WHERE a.received_quantity<>coalesce(s.came,0) OR a.closed_quantity<coalesce(s.closed,0)+coalesce(t.closed,0)
 OR a.closed_quantity>coalesce(s.closed,0)+coalesce(t.closed,0) AND NOT EXISTS (SELECT FROM procurement_supplieranswer w JOIN procurement_orderline ol ON ol.order_id=w.order_id WHERE ol.id=a.order_line_id)
  AND NOT EXISTS (SELECT FROM procurement_noticedline n WHERE n.order_line_id=a.order_line_id AND n.decision='reduced')
 OR a.received_quantity+a.closed_quantity>a.quantity;

-- rule: 8e a line's status says what has come
SELECT l.id, l.status, sum(a.quantity) q, sum(a.received_quantity) r FROM procurement_requisitionline l JOIN procurement_allocation a ON a.line_id=l.id
JOIN procurement_orderline ol ON ol.id=a.order_line_id JOIN procurement_purchaseorder o ON o.id=ol.order_id AND o.status<>'cancelled'
WHERE l.status<>'superseded'
GROUP BY l.id HAVING NOT CASE l.status
 WHEN 'ordered' THEN sum(a.received_quantity)=0 AND sum(a.closed_quantity)<sum(a.quantity)
 WHEN 'partly_received' THEN sum(a.received_quantity)>0 AND sum(a.received_quantity+a.closed_quantity)<sum(a.quantity)
 WHEN 'received' THEN sum(a.received_quantity+a.closed_quantity)=sum(a.quantity)
 WHEN 'cancelled' THEN sum(a.closed_quantity)=sum(a.quantity)
 ELSE false END;

-- rule: 8f a cancelled order has only cancelled lines and nothing received
SELECT o.id, o.number, l.id, l.status FROM procurement_purchaseorder o JOIN procurement_orderline ol ON ol.order_id=o.id JOIN procurement_allocation a ON a.order_line_id=ol.id
JOIN procurement_requisitionline l ON l.id=a.line_id WHERE o.status='cancelled' AND l.status<>'superseded' AND (l.status<>'cancelled' OR a.received_quantity>0);

-- rule: 8g an order has one supplier, agreement and place, those of its lines, and has lines
-- An order that the gate took apart before it left has none: what was in it is approved, or waits, again.
SELECT o.id, l.id FROM procurement_purchaseorder o LEFT JOIN procurement_orderline ol ON ol.order_id=o.id LEFT JOIN procurement_allocation a ON a.order_line_id=ol.id
LEFT JOIN procurement_requisitionline l ON l.id=a.line_id
WHERE (l.id IS NULL AND NOT (o.status='cancelled' AND ol.id IS NULL AND EXISTS (SELECT FROM audit_entry e WHERE e.subject_type='procurement.purchaseorder'
  AND e.subject_id=o.id AND e.event='order.cancelled' AND e.rule='recheck')))
 OR (l.id IS NOT NULL AND (l.approved_supplier_id<>o.supplier_id OR l.approved_agreement_id IS DISTINCT FROM o.agreement_id
  OR l.delivery_place_id<>o.delivery_place_id OR (coalesce(ol.agreed_unit_price,ol.unit_price)<>l.approved_unit_price AND l.status NOT IN ('superseded','cancelled')) OR ol.item_id IS DISTINCT FROM l.approved_item_id));

-- rule: 8p what a supplier does not deliver is asked for again, or closed: its line is superseded, and nothing of it has come
-- What was cancelled, or had ended, before the supplier said so is asked for no more.
SELECT ol.id, ol.answer, l.id, l.status FROM procurement_orderline ol JOIN procurement_allocation a ON a.order_line_id=ol.id
JOIN procurement_requisitionline l ON l.id=a.line_id
WHERE ol.answer IN ('refused','declined') AND (a.closed_quantity<a.quantity OR l.status NOT IN ('superseded','cancelled','received'))
 OR l.status='superseded' AND (a.closed_quantity<a.quantity OR a.received_quantity<>0);

-- rule: 8r an order of which nothing comes has been refused, declined or cancelled line by line
SELECT o.id, o.status FROM procurement_purchaseorder o WHERE o.status<>'cancelled' AND (o.status='refused') <>
 (EXISTS (SELECT FROM procurement_orderline ol WHERE ol.order_id=o.id)
  AND NOT EXISTS (SELECT FROM procurement_orderline ol WHERE ol.order_id=o.id AND ol.answer NOT IN ('refused','declined','cancelled')));

-- rule: 8h nothing was ordered while an attest waited or was refused
SELECT l.id, o.number, b.id FROM procurement_requisitionline l JOIN procurement_allocation a ON a.line_id=l.id JOIN procurement_orderline ol ON ol.id=a.order_line_id
JOIN procurement_purchaseorder o ON o.id=ol.order_id JOIN procurement_budgetattest b ON b.requisition_id=l.requisition_id AND b.department_id=l.charged_department_id
 AND b.delivery_place_id=l.delivery_place_id AND b.needed_by_date=l.needed_by_date AND b.requested_at<o.created_at
WHERE (b.status='refused' AND b.decided_at BETWEEN l.decided_at AND o.created_at) OR (b.status='pending') OR (b.status='attested' AND b.decided_at>o.created_at);

-- rule: 8i every part of a requisition above the requester's limit has an attest that covers it
WITH above AS (SELECT q.id, q.number, sum(coalesce(l.approved_amount,l.amount)) total, min(m.amount_limit) most FROM procurement_requisition q
JOIN procurement_requisitionline l ON l.requisition_id=q.id AND l.status NOT IN ('rejected','withdrawn','superseded','cancelled','draft')
JOIN organizations_membership m ON m.user_id=q.requester_id AND m.role='requester' AND m.department_id=q.department_id AND m.valid_during @> (q.submitted_at AT TIME ZONE 'Europe/Stockholm')::date
WHERE m.amount_limit IS NOT NULL GROUP BY q.id HAVING sum(coalesce(l.approved_amount,l.amount))>min(m.amount_limit)),
part AS (SELECT l.requisition_id, l.charged_department_id, l.delivery_place_id, l.needed_by_date, sum(coalesce(l.approved_amount,l.amount)) total
 FROM procurement_requisitionline l WHERE l.status NOT IN ('rejected','withdrawn','superseded','cancelled','draft') GROUP BY 1,2,3,4)
SELECT above.*, part.* FROM above JOIN part ON part.requisition_id=above.id WHERE part.total>0
AND NOT EXISTS (SELECT FROM procurement_budgetattest b WHERE b.requisition_id=above.id AND b.department_id=part.charged_department_id
 AND b.delivery_place_id=part.delivery_place_id AND b.needed_by_date=part.needed_by_date AND b.status NOT IN ('superseded','closed') AND b.amount>=part.total);

-- rule: 8i2 what another department pays is attested there from the first krona
-- Whoever left on the very day had her role when she submitted.
SELECT q.id, q.number, l.charged_department_id, l.delivery_place_id, l.needed_by_date, sum(coalesce(l.approved_amount,l.amount)) total
FROM procurement_requisition q JOIN procurement_requisitionline l ON l.requisition_id=q.id AND l.status NOT IN ('rejected','withdrawn','superseded','cancelled','draft')
WHERE NOT EXISTS (SELECT FROM organizations_membership m WHERE m.user_id=q.requester_id AND m.role='requester' AND m.department_id=l.charged_department_id
 AND daterange(lower(m.valid_during), upper(m.valid_during), '[]') @> (q.submitted_at AT TIME ZONE 'Europe/Stockholm')::date)
GROUP BY q.id, l.charged_department_id, l.delivery_place_id, l.needed_by_date HAVING sum(coalesce(l.approved_amount,l.amount))>0
AND NOT EXISTS (SELECT FROM procurement_budgetattest b WHERE b.requisition_id=q.id AND b.department_id=l.charged_department_id
 AND b.delivery_place_id=l.delivery_place_id AND b.needed_by_date=l.needed_by_date AND b.status NOT IN ('superseded','closed') AND b.amount>=sum(coalesce(l.approved_amount,l.amount)));

-- rule: 8i3 what a line has of its department's money adds up to what was asked for
SELECT l.id, l.status, l.amount, l.approved_amount, l.released_amount, came.so_far FROM procurement_requisitionline l
CROSS JOIN LATERAL (SELECT round(l.approved_unit_price*coalesce(sum(a.received_quantity),0),2) so_far FROM procurement_allocation a WHERE a.line_id=l.id) came
WHERE (l.status='partly_received' AND came.so_far NOT BETWEEN 0 AND l.approved_amount)
 OR (l.status='received' AND l.approved_amount-l.released_amount<>CASE WHEN l.released_amount>0 THEN came.so_far ELSE l.approved_amount END);

-- rule: 8j the last decision explains the status
SELECT l.id, l.status, d.kind FROM procurement_requisitionline l LEFT JOIN LATERAL (SELECT * FROM procurement_linedecision d WHERE d.line_id=l.id ORDER BY d.id DESC LIMIT 1) d ON true
LEFT JOIN procurement_linemessage p ON p.answers_id=d.id
WHERE NOT CASE WHEN l.status='draft' THEN d.id IS NULL
 WHEN l.status IN ('approved','ordered','partly_received','received') THEN coalesce(d.kind IN ('approved','adjusted','substituted'),false)
 WHEN l.status='rejected' THEN coalesce(d.kind='rejected',false) WHEN l.status='returned' THEN coalesce(d.kind='returned' AND p.id IS NULL,false)
 WHEN l.status='awaiting' THEN d.id IS NULL OR d.kind IN ('undone','unanswered') OR (d.kind='returned' AND p.id IS NOT NULL) ELSE true END;

-- rule: 8k decided_by and decided_at are those of the last decision
SELECT l.id, l.status FROM procurement_requisitionline l JOIN LATERAL (SELECT * FROM procurement_linedecision d WHERE d.line_id=l.id ORDER BY d.id DESC LIMIT 1) d ON true
WHERE l.status IN ('approved','ordered','partly_received','received','rejected') AND (l.decided_by_id<>d.by_id OR l.decided_at<>d.at OR (l.status<>'rejected' AND (l.approved_quantity<>d.quantity OR l.approved_unit_price<>d.unit_price)));

-- rule: 8l no two approvals of a line without an undo between them
SELECT line_id, id, kind, before FROM (SELECT d.*, lag(kind) OVER (PARTITION BY line_id ORDER BY id) AS before FROM procurement_linedecision d) x
WHERE kind IN ('approved','adjusted','substituted','rejected','returned') AND before IN ('approved','adjusted','substituted','rejected');

-- rule: 8m an undecided or closed line carries no approval (a line cancelled with its order keeps it)
SELECT id, status FROM procurement_requisitionline WHERE (status IN ('draft','awaiting','returned','rejected','withdrawn')
 OR status='superseded' AND NOT EXISTS (SELECT FROM procurement_allocation a WHERE a.line_id=procurement_requisitionline.id)) AND (approved_amount IS NOT NULL OR approved_supplier_id IS NOT NULL OR order_due_at IS NOT NULL);

-- rule: 8n receipts are of the department whose lines they receive, at the order's price, with lines
-- What has been counted away was at the price of its day, when a lower one has been agreed upon since.
SELECT r.id, rl.id FROM procurement_receipt r LEFT JOIN procurement_receiptline rl ON rl.receipt_id=r.id LEFT JOIN procurement_allocation a ON a.id=rl.allocation_id
LEFT JOIN procurement_orderline ol ON ol.id=a.order_line_id LEFT JOIN procurement_requisitionline l ON l.id=a.line_id LEFT JOIN procurement_requisition q ON q.id=l.requisition_id
WHERE rl.id IS NULL OR q.department_id<>r.department_id OR rl.amount<>round(rl.unit_price*rl.quantity,2)
 OR rl.unit_price<>coalesce(ol.agreed_unit_price,ol.unit_price)
  AND rl.quantity+(SELECT coalesce(sum(m.quantity),0) FROM procurement_receiptline m WHERE m.reverses_id=rl.id)>0;

-- rule: 9a no work is unfinished for more than 3 minutes
SELECT 'import', id, status FROM registers_import WHERE status IN ('queued','running') AND requested_at<%(at)s-interval '3 minutes'
UNION ALL SELECT 'run', id, status FROM reporting_savingsrun WHERE status IN ('queued','running') AND requested_at<%(at)s-interval '3 minutes'
UNION ALL SELECT 'report', id, status FROM reporting_followupreport WHERE status IN ('queued','running') AND requested_at<%(at)s-interval '3 minutes'
UNION ALL SELECT 'report file', id, status FROM reporting_reportfile WHERE status IN ('queued','running') AND requested_at<%(at)s-interval '3 minutes';

-- rule: 9b no work failed within the last day
-- A file that could not be read failed for good, and its page says so; a rule that it broke ever after would be read by nobody.
SELECT 'import', id, error FROM registers_import WHERE status='failed' AND requested_at>%(at)s-interval '1 day'
UNION ALL SELECT 'run', id, error FROM reporting_savingsrun WHERE status='failed' AND requested_at>%(at)s-interval '1 day'
UNION ALL SELECT 'report', id, error FROM reporting_followupreport WHERE status='failed' AND requested_at>%(at)s-interval '1 day'
UNION ALL SELECT 'report file', id, error FROM reporting_reportfile WHERE status='failed' AND requested_at>%(at)s-interval '1 day';

-- rule: 9c no order waits to be sent for more than 2 minutes
SELECT id, number, send_attempts, send_error FROM procurement_purchaseorder WHERE status='ready' AND created_at<%(at)s-interval '2 minutes';

-- rule: 9d no approved and attested line is past its order time by more than 5 minutes
SELECT l.id, l.order_due_at FROM procurement_requisitionline l WHERE l.status='approved' AND l.order_due_at<%(at)s-interval '5 minutes'
AND NOT EXISTS (SELECT FROM procurement_budgetattest b WHERE b.requisition_id=l.requisition_id AND b.department_id=l.charged_department_id
 AND b.delivery_place_id=l.delivery_place_id AND b.needed_by_date=l.needed_by_date AND b.status='pending');

-- rule: 9e no lock is left: advisory locks of sessions, and open transactions, that have done nothing for a minute
-- By the clock on the wall: sessions of the database are not of the world that is asked about. A backup works for hours.
SELECT l.pid, l.classid, l.objid, s.state, now()-s.state_change AS idle FROM pg_locks l JOIN pg_stat_activity s ON s.pid=l.pid WHERE l.locktype='advisory' AND s.state='idle' AND s.state_change<now()-interval '60 seconds' AND s.datname=current_database()
UNION ALL SELECT pid, 0, 0, state, now()-state_change FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%' AND state_change<now()-interval '60 seconds' AND datname=current_database() AND pid<>pg_backend_pid() AND backend_type='client backend'
UNION ALL SELECT 0,0,0,gid,now()-prepared FROM pg_prepared_xacts;

-- rule: 9j nothing waits for somebody whose account is closed, while a head of procurement is there to take it
SELECT 'line', l.id FROM procurement_requisitionline l JOIN organizations_user u ON u.id=l.responsible_id JOIN procurement_requisition q ON q.id=l.requisition_id
WHERE l.status IN ('awaiting','returned') AND NOT u.is_active AND EXISTS (SELECT FROM organizations_membership m JOIN organizations_user h ON h.id=m.user_id
 WHERE m.role='head_of_procurement' AND h.is_active AND h.id<>q.requester_id AND m.valid_during @> (%(at)s AT TIME ZONE 'Europe/Stockholm')::date
 AND NOT EXISTS (SELECT FROM organizations_delegation g WHERE g.delegate_id=h.id AND g.delegator_id=q.requester_id));

-- rule: 9f an import's counts are those of its rows
SELECT i.id, i.status, i.total, i.done FROM registers_import i WHERE i.status='done' AND i.forgotten_at IS NULL AND (i.done<>i.total
 OR i.total<>(SELECT count(*) FROM registers_change c WHERE c.of_import_id=i.id AND c.row>0) OR i.register_name='purchases'
 AND (SELECT count(*) FROM history_purchasehistoryline h WHERE h.of_import_id=i.id)<>(CASE WHEN i.applied_at IS NULL OR i.taken_back_at IS NOT NULL THEN 0
 ELSE (SELECT count(*) FROM registers_change c WHERE c.of_import_id=i.id AND c.kind='new' AND NOT c.is_left_out) END) OR i.register_name='booked_costs'
 AND (SELECT count(*) FROM spend_bookedcost b WHERE b.of_import_id=i.id)<>(CASE WHEN i.applied_at IS NULL OR i.taken_back_at IS NOT NULL THEN 0
 ELSE (SELECT count(*) FROM registers_change c WHERE c.of_import_id=i.id AND c.kind='new' AND NOT c.is_left_out) END));

-- rule: 9g an imported line came in once
SELECT source, external_id, count(*) FROM history_purchasehistoryline GROUP BY 1,2 HAVING count(*)>1
UNION ALL SELECT source, number, count(*) FROM spend_bookedcost GROUP BY 1,2 HAVING count(*)>1;

-- rule: 9h a file is kept as it was handed in
-- Files are kept in parts, in a table that reports and imports share.
SELECT i.id FROM registers_import i JOIN core_storedfile k ON k.id=i.file_id
CROSS JOIN LATERAL (SELECT string_agg(content,''::bytea ORDER BY position) AS content FROM core_storedpart WHERE file_id=k.id) p
WHERE p.content IS NULL OR encode(sha256(p.content),'hex')<>k.sha256 OR length(p.content)<>k.size;

-- rule: 9k every file is kept as it came, unless its content is forgotten
SELECT k.id FROM core_storedfile k JOIN LATERAL (SELECT string_agg(content,''::bytea ORDER BY position) AS content FROM core_storedpart WHERE file_id=k.id) p ON p.content IS NOT NULL
WHERE encode(sha256(p.content),'hex')<>k.sha256 OR length(p.content)<>k.size;

-- rule: 9i foreign keys hold (validated), indexes are valid
SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated UNION ALL SELECT indexrelid::regclass::text, 'invalid index' FROM pg_index WHERE NOT indisvalid;

-- rule: 3h the changes that are written down sum to what is committed
SELECT a.number FROM agreements_agreement a LEFT JOIN agreements_commitment c ON c.agreement_id = a.id
GROUP BY a.id HAVING a.committed_amount <> coalesce(sum(c.amount), 0);

-- rule: 3l a competition about items is won by a bid with a price of each, and only what is competed for is priced in bids
SELECT 'unpriced', c.id, asked.item_id FROM catalog_renewedcompetition c JOIN catalog_competitionitem asked ON asked.competition_id=c.id
WHERE c.status='awarded' AND NOT EXISTS (SELECT FROM catalog_bidprice p WHERE p.bid_id=c.winner_id AND p.item_id=asked.item_id)
UNION ALL SELECT 'priced', b.competition_id, p.item_id FROM catalog_bidprice p JOIN catalog_competitionbid b ON b.id=p.bid_id
WHERE b.outcome<>'bid' OR NOT EXISTS (SELECT FROM catalog_competitionitem asked WHERE asked.competition_id=b.competition_id AND asked.item_id=p.item_id);

-- rule: 3i a line that counts has released what will not come of it, and nothing else
SELECT l.id FROM procurement_requisitionline l LEFT JOIN procurement_allocation a ON a.line_id = l.id
WHERE l.status NOT IN ('superseded','cancelled') GROUP BY l.id HAVING l.released_quantity <> coalesce(sum(a.closed_quantity), 0);

-- rule: 3j what was counted away of a received row is no more than came, at its own price and day, with its own saving
SELECT rl.id FROM procurement_receiptline rl JOIN procurement_receiptline came ON came.id=rl.reverses_id JOIN procurement_receipt r ON r.id=rl.receipt_id
WHERE r.takes_back_id IS DISTINCT FROM came.receipt_id OR rl.allocation_id<>came.allocation_id OR rl.unit_price<>came.unit_price OR rl.delivered_date<>came.delivered_date
 OR rl.department_id IS DISTINCT FROM came.department_id OR came.reverses_id IS NOT NULL
UNION ALL SELECT came.id FROM procurement_receiptline came JOIN procurement_receiptline rl ON rl.reverses_id=came.id
GROUP BY came.id HAVING came.quantity+sum(rl.quantity)<0;

-- rule: 8o what is divided to a line is what was approved, also on an order that is cancelled while the line lives
SELECT l.id FROM procurement_requisitionline l JOIN procurement_allocation a ON a.line_id=l.id
GROUP BY l.id HAVING l.approved_quantity<>sum(a.quantity) AND l.status<>'cancelled';

-- rule: 3k what is committed from each supplier of an agreement that divides by shares is that of its live lines, less what will not come
SELECT place.id, place.committed_amount, coalesce(s.sum,0) FROM agreements_agreementsupplier place
JOIN agreements_agreement a ON a.id=place.agreement_id AND a.call_off_method='distribution_key'
LEFT JOIN (SELECT approved_agreement_id, approved_supplier_id, sum(approved_amount-released_amount) FROM procurement_requisitionline
 WHERE status IN ('approved','ordered','partly_received','received') GROUP BY 1, 2) s
 ON s.approved_agreement_id=a.id AND s.approved_supplier_id=place.supplier_id
WHERE place.committed_amount<>coalesce(s.sum,0);

-- rule: 6m at most one version of the guideline is in force on a day, and it was adopted before it began
SELECT a.number, b.number FROM governance_guideline a JOIN governance_guideline b ON a.number<b.number AND a.valid_during && b.valid_during
UNION ALL SELECT number, NULL FROM governance_guideline WHERE status='adopted' AND lower(valid_during)<adopted_date;

-- rule: 6n a recommendation stands where its last step led it, step by step as its states allow
SELECT r.id, r.status, s.status FROM governance_recommendation r
LEFT JOIN LATERAL (SELECT status FROM governance_recommendationstep WHERE recommendation_id=r.id ORDER BY date DESC, id DESC LIMIT 1) s ON true
WHERE r.status<>coalesce(s.status,'received')
UNION ALL SELECT recommendation_id, before, status FROM (SELECT recommendation_id, status,
 lag(status,1,'received') OVER (PARTITION BY recommendation_id ORDER BY date, id) AS before FROM governance_recommendationstep) steps
WHERE (before, status) NOT IN (('received','answered'),('received','replaced'),('answered','planned'),('answered','replaced'),('planned','carried_out'),
 ('planned','replaced'),('carried_out','verified'),('carried_out','planned'),('carried_out','replaced'));

-- rule: 1l what is verified of an audit was verified by somebody who neither carried it out nor answers for it
SELECT r.id FROM governance_recommendation r WHERE r.status='verified'
 AND (r.verified_by_id IS NULL OR r.verified_by_id IN (r.carried_out_by_id, r.responsible_id));

-- rule: 9l nobody is reminded of an assignment before it was given, nor twice of the same meeting
SELECT assignment_id, reminder, due_date, count(*) FROM governance_assignmentreminder GROUP BY 1, 2, 3 HAVING count(*)>1
UNION ALL SELECT a.id, m.reminder, m.due_date, 0 FROM governance_assignmentreminder m JOIN governance_boardassignment a ON a.id=m.assignment_id
WHERE (m.told_at AT TIME ZONE 'Europe/Stockholm')::date<a.meeting_date;
