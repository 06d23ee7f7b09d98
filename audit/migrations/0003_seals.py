"""The trail is sealed in batches."""

from django.db import migrations, models

import audit.models.seals
from core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("after_id", models.BigIntegerField()),
                ("ids", audit.models.seals.IdsField()),
                ("digests", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["sealed_at"], name="audit_seal_sealed_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="seal_number_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="seal_digest_is_sha256"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE audit_seal ADD CONSTRAINT audit_seal_of_an_entry_is_one EXCLUDE USING gist (ids WITH &&)",
            "ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_of_an_entry_is_one",
        ),
        append_only("audit_seal"),
    ]
