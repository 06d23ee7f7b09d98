"""Which days an agreement had before a decision stays as it was."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_turns"), ("core", "0001_extensions")]
    operations = [append_only("agreements_formerperiod")]
