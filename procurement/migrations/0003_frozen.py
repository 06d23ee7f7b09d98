"""Whatever was asked for, attested or sent stays as it was, field by field; see procurement/frozen.py."""

from django.db import migrations

from core.append_only import never_emptied

FREEZE = """
CREATE FUNCTION procurement_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted line is not edited, it is superseded' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER procurement_line_frozen BEFORE UPDATE ON procurement_requisitionline
FOR EACH ROW WHEN (
    OLD.status <> 'draft' AND
    (OLD.id, OLD.requisition_id, OLD.position, OLD.version, OLD.replaces_id, OLD.kind, OLD.item_id, OLD.description,
     OLD.specification, OLD.service_place, OLD.service_start_date, OLD.service_end_date, OLD.suggested_supplier,
     OLD.supplier_proposal_id, OLD.quantity, OLD.unit, OLD.units_per_order_unit, OLD.unit_price, OLD.is_price_estimated, OLD.amount,
     OLD.agreement_id, OLD.supplier_id, OLD.charged_department_id, OLD.delivery_place_id, OLD.needed_by_date, OLD.lead_days,
     OLD.submitted_at)
    IS DISTINCT FROM
    (NEW.id, NEW.requisition_id, NEW.position, NEW.version, NEW.replaces_id, NEW.kind, NEW.item_id, NEW.description,
     NEW.specification, NEW.service_place, NEW.service_start_date, NEW.service_end_date, NEW.suggested_supplier,
     NEW.supplier_proposal_id, NEW.quantity, NEW.unit, NEW.units_per_order_unit, NEW.unit_price, NEW.is_price_estimated, NEW.amount,
     NEW.agreement_id, NEW.supplier_id, NEW.charged_department_id, NEW.delivery_place_id, NEW.needed_by_date, NEW.lead_days,
     NEW.submitted_at)
) EXECUTE FUNCTION procurement_line_frozen();
CREATE TRIGGER procurement_line_kept BEFORE DELETE ON procurement_requisitionline
FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION forbid_change();

CREATE FUNCTION procurement_requisition_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted requisition is not edited' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER procurement_requisition_frozen BEFORE UPDATE ON procurement_requisition
FOR EACH ROW WHEN (
    OLD.submitted_at IS NOT NULL AND
    to_jsonb(OLD) - 'activity_id' - 'project_id' IS DISTINCT FROM to_jsonb(NEW) - 'activity_id' - 'project_id'
) EXECUTE FUNCTION procurement_requisition_frozen();
CREATE FUNCTION procurement_requisition_ordered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM procurement_requisitionline
               WHERE requisition_id = OLD.id AND status IN ('ordered', 'partly_received', 'received')) THEN
        RAISE EXCEPTION 'a requisition stays booked as it was ordered' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_requisition_ordered BEFORE UPDATE ON procurement_requisition
FOR EACH ROW WHEN (
    OLD.submitted_at IS NOT NULL AND
    (OLD.activity_id, OLD.project_id) IS DISTINCT FROM (NEW.activity_id, NEW.project_id)
) EXECUTE FUNCTION procurement_requisition_ordered();
CREATE TRIGGER procurement_requisition_kept BEFORE DELETE ON procurement_requisition
FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION forbid_change();

CREATE TRIGGER procurement_attest_frozen BEFORE UPDATE ON procurement_budgetattest
FOR EACH ROW WHEN (
    OLD.decided_at IS NOT NULL AND
    ((OLD.id, OLD.requisition_id, OLD.department_id, OLD.delivery_place_id, OLD.needed_by_date, OLD.amount,
      OLD.judged_amount, OLD."limit", OLD.over_frame_amount, OLD.earlier_amount, OLD.responsible_id, OLD.requested_at,
      OLD.decided_by_id, OLD.on_behalf_of_id, OLD.decided_at, OLD.comment, OLD.escalation, OLD.escalated_from_id)
     IS DISTINCT FROM
     (NEW.id, NEW.requisition_id, NEW.department_id, NEW.delivery_place_id, NEW.needed_by_date, NEW.amount,
      NEW.judged_amount, NEW."limit", NEW.over_frame_amount, NEW.earlier_amount, NEW.responsible_id, NEW.requested_at,
      NEW.decided_by_id, NEW.on_behalf_of_id, NEW.decided_at, NEW.comment, NEW.escalation, NEW.escalated_from_id)
     OR NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('attested', 'superseded'), ('superseded', 'attested')))
) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER procurement_attest_kept BEFORE DELETE ON procurement_budgetattest
FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TRIGGER procurement_order_frozen BEFORE UPDATE ON procurement_purchaseorder
FOR EACH ROW WHEN (
    OLD.sent_at IS NOT NULL AND
    (OLD.id, OLD.number, OLD.supplier_id, OLD.agreement_id, OLD.delivery_place_id, OLD.created_at, OLD.created_by_id,
     OLD.sent_at, OLD.freight_amount)
    IS DISTINCT FROM
    (NEW.id, NEW.number, NEW.supplier_id, NEW.agreement_id, NEW.delivery_place_id, NEW.created_at, NEW.created_by_id,
     NEW.sent_at, NEW.freight_amount)
) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER procurement_order_kept BEFORE DELETE ON procurement_purchaseorder
FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION forbid_change();

CREATE FUNCTION procurement_is_sent(line bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT o.sent_at IS NOT NULL FROM procurement_orderline l JOIN procurement_purchaseorder o ON o.id = l.order_id
    WHERE l.id = line
$$;
CREATE FUNCTION procurement_order_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND procurement_is_sent(OLD.id) THEN
        RAISE EXCEPTION 'a line of an order that is sent is not edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND (SELECT sent_at IS NOT NULL FROM procurement_purchaseorder WHERE id = NEW.order_id) THEN
        RAISE EXCEPTION 'an order that is sent gets no more lines' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_order_line_made BEFORE INSERT OR DELETE ON procurement_orderline
FOR EACH ROW EXECUTE FUNCTION procurement_order_line_frozen();
CREATE TRIGGER procurement_order_line_frozen BEFORE UPDATE ON procurement_orderline
FOR EACH ROW WHEN (
    (OLD.id, OLD.order_id, OLD.position, OLD.item_id, OLD.description, OLD.quantity, OLD.unit, OLD.units_per_order_unit,
     OLD.unit_price, OLD.amount, OLD.requested_date)
    IS DISTINCT FROM
    (NEW.id, NEW.order_id, NEW.position, NEW.item_id, NEW.description, NEW.quantity, NEW.unit, NEW.units_per_order_unit,
     NEW.unit_price, NEW.amount, NEW.requested_date)
) EXECUTE FUNCTION procurement_order_line_frozen();
CREATE FUNCTION procurement_allocation_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND procurement_is_sent(OLD.order_line_id)
       OR TG_OP <> 'DELETE' AND procurement_is_sent(NEW.order_line_id) THEN
        RAISE EXCEPTION 'what is sent stays divided as it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_allocation_made BEFORE INSERT OR DELETE ON procurement_allocation
FOR EACH ROW EXECUTE FUNCTION procurement_allocation_frozen();
CREATE TRIGGER procurement_allocation_frozen BEFORE UPDATE ON procurement_allocation
FOR EACH ROW WHEN (
    (OLD.id, OLD.line_id, OLD.order_line_id, OLD.quantity)
    IS DISTINCT FROM (NEW.id, NEW.line_id, NEW.order_line_id, NEW.quantity)
) EXECUTE FUNCTION procurement_allocation_frozen();

CREATE TRIGGER procurement_sendattempt_ended BEFORE UPDATE ON procurement_sendattempt
FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER procurement_sendattempt_kept BEFORE DELETE ON procurement_sendattempt
FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TRIGGER procurement_award_record_frozen BEFORE UPDATE ON procurement_awardrecord
FOR EACH ROW WHEN (
    OLD.completed_at IS NOT NULL OR
    (OLD.id, OLD.order_id, OLD.line_id, OLD.authority_name, OLD.authority_org_number, OLD.supplier_name,
     OLD.supplier_org_number, OLD.contract_date, OLD.due_date, OLD.amount, OLD.exception_ground)
    IS DISTINCT FROM
    (NEW.id, NEW.order_id, NEW.line_id, NEW.authority_name, NEW.authority_org_number, NEW.supplier_name,
     NEW.supplier_org_number, NEW.contract_date, NEW.due_date, NEW.amount, NEW.exception_ground)
) EXECUTE FUNCTION forbid_change();
CREATE TRIGGER procurement_award_record_kept BEFORE DELETE ON procurement_awardrecord
FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE FUNCTION procurement_award_bid_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM procurement_awardrecord
               WHERE id IN (OLD.record_id, NEW.record_id) AND completed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'what was written of a direct award stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER procurement_award_bid_frozen BEFORE INSERT OR UPDATE OR DELETE ON procurement_awardbid
FOR EACH ROW EXECUTE FUNCTION procurement_award_bid_frozen();

CREATE TRIGGER procurement_supplier_proposal_frozen BEFORE UPDATE ON procurement_supplierproposal
FOR EACH ROW EXECUTE FUNCTION forbid_change();
"""
THAW = """
DROP TRIGGER procurement_supplier_proposal_frozen ON procurement_supplierproposal;
DROP TRIGGER procurement_award_bid_frozen ON procurement_awardbid;
DROP FUNCTION procurement_award_bid_frozen();
DROP TRIGGER procurement_award_record_kept ON procurement_awardrecord;
DROP TRIGGER procurement_award_record_frozen ON procurement_awardrecord;
DROP TRIGGER procurement_sendattempt_kept ON procurement_sendattempt;
DROP TRIGGER procurement_sendattempt_ended ON procurement_sendattempt;
DROP TRIGGER procurement_allocation_frozen ON procurement_allocation;
DROP TRIGGER procurement_allocation_made ON procurement_allocation;
DROP FUNCTION procurement_allocation_frozen();
DROP TRIGGER procurement_order_line_frozen ON procurement_orderline;
DROP TRIGGER procurement_order_line_made ON procurement_orderline;
DROP FUNCTION procurement_order_line_frozen();
DROP FUNCTION procurement_is_sent(bigint);
DROP TRIGGER procurement_order_kept ON procurement_purchaseorder;
DROP TRIGGER procurement_order_frozen ON procurement_purchaseorder;
DROP TRIGGER procurement_attest_kept ON procurement_budgetattest;
DROP TRIGGER procurement_attest_frozen ON procurement_budgetattest;
DROP TRIGGER procurement_requisition_kept ON procurement_requisition;
DROP TRIGGER procurement_line_kept ON procurement_requisitionline;
DROP TRIGGER procurement_requisition_ordered ON procurement_requisition;
DROP FUNCTION procurement_requisition_ordered();
DROP TRIGGER procurement_requisition_frozen ON procurement_requisition;
DROP FUNCTION procurement_requisition_frozen();
DROP TRIGGER procurement_line_frozen ON procurement_requisitionline;
DROP FUNCTION procurement_line_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0002_facts")]
    operations = [
        migrations.RunSQL(FREEZE, THAW),
        never_emptied("procurement_requisition"),
        never_emptied("procurement_requisitionline"),
        never_emptied("procurement_budgetattest"),
        never_emptied("procurement_purchaseorder"),
        never_emptied("procurement_orderline"),
        never_emptied("procurement_allocation"),
        never_emptied("procurement_sendattempt"),
        never_emptied("procurement_awardrecord"),
        never_emptied("procurement_awardbid"),
        never_emptied("procurement_supplierproposal"),
    ]
