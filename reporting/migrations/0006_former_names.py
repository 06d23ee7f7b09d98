"""When a thing whose name stands in reports is given another, the database keeps the one it had."""

from django.db import migrations

from core.append_only import append_only

NAMED = (
    ("category", "categories_category", "name"),
    ("supplier", "agreements_supplier", "name"),
    ("agreement", "agreements_agreement", "title"),
    ("initiative", "reporting_savinginitiative", "name"),
)

REMEMBER = """
CREATE FUNCTION remember_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reporting_formername (kind, thing, name, until_at)
    VALUES (TG_ARGV[0], OLD.id, to_jsonb(OLD) ->> TG_ARGV[1], now());
    RETURN NULL;
END $$;
"""
REMEMBER_EACH = "\n".join(
    f"CREATE TRIGGER {table}_former_name AFTER UPDATE OF {column} ON {table} FOR EACH ROW"
    f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION remember_name('{kind}', '{column}');"
    for kind, table, column in NAMED
)
FORGET = "\n".join(f"DROP TRIGGER {table}_former_name ON {table};" for _kind, table, _column in NAMED)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0005_locked_reports")]
    operations = [
        migrations.RunSQL([REMEMBER, REMEMBER_EACH], [FORGET, "DROP FUNCTION remember_name();"]),
        append_only("reporting_formername"),
    ]
