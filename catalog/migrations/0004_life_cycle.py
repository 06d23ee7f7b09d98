"""What must hold of an item's life cycle between rows: trials, replacements of what leaves, no circle of replacements."""

from django.db import migrations

KEEP_TRIALS = """
CREATE FUNCTION catalog_keep_trials() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_item SET tried = coalesce((
        SELECT jsonb_agg(
            jsonb_build_array(department_id, lower(valid_during), upper(valid_during) - 1)
            ORDER BY department_id, valid_during
        ) FROM catalog_trial WHERE item_id = catalog_item.id
    ), '[]') WHERE id IN (OLD.item_id, NEW.item_id);
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_keep_trials AFTER INSERT OR UPDATE OR DELETE ON catalog_trial
FOR EACH ROW EXECUTE FUNCTION catalog_keep_trials();
"""
FORGET_TRIALS = "DROP TRIGGER catalog_keep_trials ON catalog_trial; DROP FUNCTION catalog_keep_trials();"

GUARD_STATES = """
CREATE FUNCTION catalog_guard_item(guarded bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    item catalog_item;
BEGIN
    -- Whoever takes a replacement away and whoever lets its item leave wait for each other here.
    SELECT * INTO item FROM catalog_item WHERE id = guarded FOR NO KEY UPDATE;
    IF item.status = 'trial' AND item.tried = '[]' THEN
        RAISE EXCEPTION 'an item on trial has departments that try it' USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'item_trial_has_departments';
    END IF;
    IF item.status = 'phasing_out' AND NOT EXISTS (
        SELECT FROM catalog_substitution
        WHERE from_item_id = item.id AND equivalence <> 'crisis_only'
            AND (upper_inf(valid_during) OR upper(valid_during) > item.last_order_date)
    ) THEN
        RAISE EXCEPTION 'an item that leaves has a replacement' USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'item_phasing_out_has_replacement';
    END IF;
END $$;
CREATE FUNCTION catalog_guard_own_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog_guard_item(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_guard_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog_guard_item(OLD.from_item_id);
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_guard_tried() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog_guard_item(OLD.item_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER catalog_guard_own_state AFTER INSERT OR UPDATE ON catalog_item
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status IN ('trial', 'phasing_out'))
EXECUTE FUNCTION catalog_guard_own_state();
CREATE CONSTRAINT TRIGGER catalog_guard_replaced AFTER UPDATE OR DELETE ON catalog_substitution
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_guard_replaced();
CREATE CONSTRAINT TRIGGER catalog_guard_tried AFTER UPDATE OR DELETE ON catalog_trial
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_guard_tried();
"""
UNGUARD_STATES = """
DROP TRIGGER catalog_guard_tried ON catalog_trial;
DROP TRIGGER catalog_guard_replaced ON catalog_substitution;
DROP TRIGGER catalog_guard_own_state ON catalog_item;
DROP FUNCTION catalog_guard_tried();
DROP FUNCTION catalog_guard_replaced();
DROP FUNCTION catalog_guard_own_state();
DROP FUNCTION catalog_guard_item(bigint);
"""

REFUSE_CIRCLES = """
CREATE FUNCTION catalog_substitution_no_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two that are written at the same time, and would make a circle together, wait for each other here.
    PERFORM pg_advisory_xact_lock(hashtext('catalog_substitution_no_circle'));
    -- The days on which every step of the way is valid.
    IF EXISTS (
        WITH RECURSIVE way (item_id, during) AS (
            SELECT NEW.to_item_id, NEW.valid_during
            UNION
            SELECT step.to_item_id, way.during * step.valid_during
            FROM way JOIN catalog_substitution AS step
                ON step.from_item_id = way.item_id AND step.valid_during && way.during
            WHERE way.item_id <> NEW.from_item_id
        )
        SELECT FROM way WHERE item_id = NEW.from_item_id
    ) THEN
        RAISE EXCEPTION 'items replace each other in a circle' USING
            ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'substitution_no_circle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_substitution_no_circle AFTER INSERT OR UPDATE OF from_item_id, to_item_id, valid_during
ON catalog_substitution FOR EACH ROW EXECUTE FUNCTION catalog_substitution_no_circle();
"""
ALLOW_CIRCLES = """
DROP TRIGGER catalog_substitution_no_circle ON catalog_substitution;
DROP FUNCTION catalog_substitution_no_circle();
"""

TAKE_APPROVAL_BACK = """
CREATE FUNCTION catalog_take_approval_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.approved_by_id := NULL;
    NEW.approved_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_take_approval_back BEFORE UPDATE ON catalog_substitution
FOR EACH ROW WHEN (
    NEW.approved_at IS NOT NULL
    AND (
        (OLD.from_item_id, OLD.to_item_id, OLD.factor, OLD.equivalence, OLD.note)
            IS DISTINCT FROM (NEW.from_item_id, NEW.to_item_id, NEW.factor, NEW.equivalence, NEW.note)
        -- What ends earlier stays approved for the days that remain of those she approved.
        OR NOT OLD.valid_during @> NEW.valid_during
    )
) EXECUTE FUNCTION catalog_take_approval_back();
"""
LEAVE_APPROVAL = """
DROP TRIGGER catalog_take_approval_back ON catalog_substitution;
DROP FUNCTION catalog_take_approval_back();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_price_packs")]
    operations = [
        migrations.RunSQL(KEEP_TRIALS, FORGET_TRIALS),
        migrations.RunSQL(GUARD_STATES, UNGUARD_STATES),
        migrations.RunSQL(REFUSE_CIRCLES, ALLOW_CIRCLES),
        migrations.RunSQL(TAKE_APPROVAL_BACK, LEAVE_APPROVAL),
    ]
