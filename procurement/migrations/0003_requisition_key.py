"""A caller's key, so that placing a requisition twice places it once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0002_facts")]
    operations = [
        migrations.AddField(
            model_name="requisition",
            name="key",
            field=models.UUIDField(blank=True, null=True, unique=True),
        ),
    ]
