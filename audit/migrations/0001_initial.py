from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('core', '0001_extensions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('event', models.CharField(max_length=60)),
                ('by_id', models.BigIntegerField(null=True)),
                ('by_name', models.CharField(max_length=150)),
                ('on_behalf_of_name', models.CharField(blank=True, max_length=150)),
                ('rule', models.CharField(blank=True, max_length=60)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('subject_label', models.CharField(max_length=250)),
                ('details', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='audit_entry_subject')],
            },
        ),
    ]
