"""What was planned for a category and is done is never changed, and what people have been told of is never taken away."""

from django.db import migrations

KEEP = """
CREATE TRIGGER categories_categorychange_done BEFORE UPDATE ON categories_categorychange
FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION organizations_plan_is_kept();
CREATE TRIGGER categories_categorychange_told BEFORE DELETE ON categories_categorychange
FOR EACH ROW WHEN (OLD.status = 'done' OR OLD.told <> '{}') EXECUTE FUNCTION organizations_plan_is_kept();
"""
UNDO = """
DROP TRIGGER categories_categorychange_done ON categories_categorychange;
DROP TRIGGER categories_categorychange_told ON categories_categorychange;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("categories", "0001_initial"),
        ("organizations", "0003_what_is_done_stays_done"),
    ]
    operations = [migrations.RunSQL(KEEP, UNDO)]
