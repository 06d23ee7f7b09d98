"""A locked report never changes, and gets no more texts; who reviewed it does not approve it."""

from django.db import migrations

LOCK = """
CREATE TRIGGER reporting_report_locked BEFORE UPDATE ON reporting_followupreport
FOR EACH ROW WHEN (
    OLD.stage IN ('locked', 'handed_over') AND (
        to_jsonb(OLD) - 'stage' IS DISTINCT FROM to_jsonb(NEW) - 'stage'
        OR NEW.stage NOT IN ('locked', 'handed_over') OR (OLD.stage, NEW.stage) = ('handed_over', 'locked')
    )
) EXECUTE FUNCTION forbid_change();

CREATE FUNCTION report_text_in_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT stage FROM reporting_followupreport WHERE id = NEW.report_id FOR SHARE) <> 'draft' THEN
        RAISE EXCEPTION 'report % is no draft, so its texts stand', NEW.report_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reporting_writtentext_in_draft BEFORE INSERT ON reporting_writtentext
FOR EACH ROW EXECUTE FUNCTION report_text_in_draft();

CREATE FUNCTION report_edition_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stage text := (SELECT r.stage FROM reporting_followupreport r WHERE r.id = NEW.report_id FOR SHARE);
BEGIN
    IF stage IN ('locked', 'handed_over') THEN
        RAISE EXCEPTION 'report % is locked', NEW.report_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT NEW.is_draft AND (
        stage <> 'approved' OR NEW.diary_number = ''
        OR EXISTS (
            SELECT FROM unnest(ARRAY['proposal', 'assessment', 'children_perspective', 'rural_perspective', 'recipients',
                                     'signature']) AS part
            WHERE coalesce(NEW.texts ->> part, '') = ''
        )
    ) THEN
        RAISE EXCEPTION 'report % is not whole', NEW.report_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reporting_reportedition_whole BEFORE INSERT ON reporting_reportedition
FOR EACH ROW EXECUTE FUNCTION report_edition_whole();

CREATE FUNCTION report_approved_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.by_id IS NOT DISTINCT FROM (
        SELECT by_id FROM reporting_reportact WHERE report_id = NEW.report_id AND kind = 'reviewed' ORDER BY id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'report % was reviewed by the same person', NEW.report_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reporting_reportact_by_another BEFORE INSERT ON reporting_reportact
FOR EACH ROW WHEN (NEW.kind = 'approved') EXECUTE FUNCTION report_approved_by_another();
"""
UNLOCK = """
DROP TRIGGER reporting_reportact_by_another ON reporting_reportact;
DROP TRIGGER reporting_reportedition_whole ON reporting_reportedition;
DROP TRIGGER reporting_writtentext_in_draft ON reporting_writtentext;
DROP TRIGGER reporting_report_locked ON reporting_followupreport;
DROP FUNCTION report_approved_by_another();
DROP FUNCTION report_edition_whole();
DROP FUNCTION report_text_in_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_changed_months")]
    operations = [migrations.RunSQL(LOCK, UNLOCK)]
