from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_stored_files_kept")]
    operations = [
        migrations.CreateModel(
            name="AdditiveMigration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("app", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=255)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("app", "name"), name="additive_migration_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutineRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("routine", models.CharField(choices=[("backup", "Säkerhetskopia"), ("cleaning", "Städning"), ("rules", "Regler prövade"), ("trail", "Spårloggen prövad"), ("trail_head", "Spårloggens försegling sänd")], max_length=20)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("counts", models.JSONField(default=dict)),
                ("faults", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gte", models.F("began_at"))), name="routine_run_ends_after_it_began"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("routine__in", ["backup", "cleaning", "rules", "trail", "trail_head"])), name="routine_run_routine"
                    ),
                ],
                "indexes": [models.Index(fields=["routine", "-ended_at"], name="routine_run_latest")],
            },
        ),
    ]
