"""A need that is tied to a competition is let go when it is decided, taken back or superseded, whoever does so and however."""

from django.db import migrations

LET_GO = """
CREATE FUNCTION procurement_let_need_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.tied_competition_id := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER procurement_need_let_go BEFORE UPDATE ON procurement_requisitionline
FOR EACH ROW WHEN (NEW.tied_competition_id IS NOT NULL AND NEW.status NOT IN ('awaiting', 'returned'))
EXECUTE FUNCTION procurement_let_need_go();
"""
FORGET = """
DROP TRIGGER procurement_need_let_go ON procurement_requisitionline;
DROP FUNCTION procurement_let_need_go();
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0007_proposed_suppliers_are_examined")]
    operations = [migrations.RunSQL(LET_GO, FORGET)]
