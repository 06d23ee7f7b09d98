"""A supplier that comes into the register after it was proposed waits to be examined, by whichever way it comes."""

from django.db import migrations

AWAIT = """
CREATE FUNCTION procurement_supplier_awaits_examination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.awaits_examination := NEW.awaits_examination OR EXISTS (
        SELECT FROM procurement_supplierproposal p
        JOIN procurement_requisitionline l ON l.supplier_proposal_id = p.id
        WHERE replace(p.org_number, '-', '') = replace(NEW.org_number, '-', '')
          AND p.supplier_id IS NULL AND l.status <> 'draft'
    );
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_supplier_awaits_examination BEFORE INSERT ON agreements_supplier
FOR EACH ROW EXECUTE FUNCTION procurement_supplier_awaits_examination();
"""
LET_GO = """
DROP TRIGGER procurement_supplier_awaits_examination ON agreements_supplier;
DROP FUNCTION procurement_supplier_awaits_examination();
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0006_shares_count_what_is_approved"), ("agreements", "0005_turns")]
    operations = [migrations.RunSQL(AWAIT, LET_GO)]
