"""The words of items' names are kept as items come and change."""

from django.db import migrations

KEEP_WORDS = """
CREATE FUNCTION catalog_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_word (word)
    SELECT DISTINCT word FROM changed CROSS JOIN regexp_split_to_table(btrim(changed.folded_name), ' +') AS word
    WHERE length(word) >= 3 AND word !~ '[0-9]'
    ORDER BY word
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_keep_words_of_new AFTER INSERT ON catalog_item
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_keep_words();
CREATE TRIGGER catalog_keep_words_of_changed AFTER UPDATE ON catalog_item
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_keep_words();
"""
FORGET_WORDS = """
DROP TRIGGER catalog_keep_words_of_changed ON catalog_item;
DROP TRIGGER catalog_keep_words_of_new ON catalog_item;
DROP FUNCTION catalog_keep_words();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(KEEP_WORDS, FORGET_WORDS)]
