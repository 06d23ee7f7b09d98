"""What is adopted stays as it was adopted, and the history of recommendations and of reminders only grows."""

from django.db import migrations

from core.append_only import append_only, never_emptied

FREEZE = """
CREATE FUNCTION governance_guideline_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (to_jsonb(NEW) - 'valid_during') IS DISTINCT FROM (to_jsonb(OLD) - 'valid_during')
        OR NEW.valid_during IS NULL OR isempty(NEW.valid_during)
        OR lower(NEW.valid_during) <> lower(OLD.valid_during) OR NOT OLD.valid_during @> NEW.valid_during
    THEN
        RAISE EXCEPTION 'an adopted guideline is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER governance_guideline_frozen BEFORE UPDATE OR DELETE ON governance_guideline
FOR EACH ROW WHEN (OLD.status = 'adopted') EXECUTE FUNCTION governance_guideline_frozen();

CREATE FUNCTION governance_paragraph_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM governance_guideline g WHERE g.status = 'adopted'
        AND g.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.guideline_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.guideline_id END)
        FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION 'a paragraph of an adopted guideline is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER governance_paragraph_frozen BEFORE INSERT OR UPDATE OR DELETE ON governance_paragraph
FOR EACH ROW EXECUTE FUNCTION governance_paragraph_frozen();
"""
THAW = """
DROP TRIGGER governance_paragraph_frozen ON governance_paragraph;
DROP FUNCTION governance_paragraph_frozen();
DROP TRIGGER governance_guideline_frozen ON governance_guideline;
DROP FUNCTION governance_guideline_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial"), ("core", "0001_extensions")]
    operations = [
        migrations.RunSQL(FREEZE, THAW),
        never_emptied("governance_guideline"),
        never_emptied("governance_paragraph"),
        append_only("governance_recommendationstep"),
        append_only("governance_assignmentreminder"),
    ]
