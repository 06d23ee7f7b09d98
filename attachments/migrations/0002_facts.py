"""A file that was handed in stays as it was."""

from django.db import migrations

from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("attachments", "0001_initial")]
    operations = [append_only("attachments_content"), append_only("attachments_attachment")]
