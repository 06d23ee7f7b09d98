"""The days on which the region is closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_files_that_are_forgotten")]
    operations = [
        migrations.CreateModel(
            "ClosedDay",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("reason", models.CharField(max_length=100)),
            ],
        ),
    ]
