"""A file that is kept stays as it was."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0002_stored_files")]
    operations = [append_only("core_storedfile"), append_only("core_storedpart")]
