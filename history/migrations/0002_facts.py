"""What another system has told about a purchase is kept as it came, as long as its import is not taken back."""

from django.db import migrations

from core.append_only import taken_back_only

GONE = """
CREATE FUNCTION history_lines_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone LEFT JOIN registers_import AS file ON file.id = gone.of_import_id
               WHERE file.taken_back_at IS NULL) THEN
        RAISE EXCEPTION 'history_purchasehistoryline is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM history_pricecomparison WHERE source IN (SELECT source FROM gone);
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial"), ("core", "0001_extensions"), ("registers", "0001_initial")]
    operations = [
        migrations.RunSQL(GONE, "DROP FUNCTION history_lines_went()"),
        taken_back_only("history_purchasehistoryline", asks="history_lines_went"),
    ]
