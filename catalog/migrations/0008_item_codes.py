"""The code of a pack is no item's own GTIN, with however many zeros before it: who writes either waits for who writes the other."""

from django.db import migrations

KEEP_CODES_APART = """
CREATE FUNCTION catalog_refuse_code(code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the code % is an item''s and a pack''s', code USING
        ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'item_code_is_no_items';
END $$;
CREATE FUNCTION catalog_guard_item_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Codes of packs are few: who writes one waits for all who write items' GTINs, who do not wait for each other.
    PERFORM pg_advisory_xact_lock('catalog_itemcode'::regclass::bigint);
    IF EXISTS (SELECT FROM catalog_item WHERE ltrim(gtin, '0') = ltrim(NEW.code, '0')) THEN
        PERFORM catalog_refuse_code(NEW.code);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_guard_gtins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken text;
BEGIN
    PERFORM pg_advisory_xact_lock_shared('catalog_itemcode'::regclass::bigint);
    SELECT code.code INTO taken FROM catalog_itemcode code
    JOIN written ON ltrim(written.gtin, '0') = ltrim(code.code, '0') LIMIT 1;
    IF FOUND THEN
        PERFORM catalog_refuse_code(taken);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION catalog_guard_gtin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared('catalog_itemcode'::regclass::bigint);
    IF EXISTS (SELECT FROM catalog_itemcode WHERE ltrim(code, '0') = ltrim(NEW.gtin, '0')) THEN
        PERFORM catalog_refuse_code(NEW.gtin);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_guard_item_code AFTER INSERT OR UPDATE OF code ON catalog_itemcode
FOR EACH ROW EXECUTE FUNCTION catalog_guard_item_code();
CREATE TRIGGER catalog_guard_gtins AFTER INSERT ON catalog_item
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION catalog_guard_gtins();
CREATE TRIGGER catalog_guard_gtin AFTER UPDATE OF gtin ON catalog_item
FOR EACH ROW WHEN (NEW.gtin IS DISTINCT FROM OLD.gtin AND NEW.gtin IS NOT NULL)
EXECUTE FUNCTION catalog_guard_gtin();
"""
LET_CODES_BE = """
DROP TRIGGER catalog_guard_gtin ON catalog_item;
DROP TRIGGER catalog_guard_gtins ON catalog_item;
DROP TRIGGER catalog_guard_item_code ON catalog_itemcode;
DROP FUNCTION catalog_guard_gtin();
DROP FUNCTION catalog_guard_gtins();
DROP FUNCTION catalog_guard_item_code();
DROP FUNCTION catalog_refuse_code(text);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_index_clauses_kept")]
    operations = [migrations.RunSQL(KEEP_CODES_APART, LET_CODES_BE)]
