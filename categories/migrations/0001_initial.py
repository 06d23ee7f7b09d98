"""Tables, constraints and indexes."""

import core.fields
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("core", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('diary_number', models.CharField(blank=True, max_length=20)),
                ('title', models.CharField(max_length=150)),
                ('procedure', models.CharField(choices=[('open', 'Öppet förfarande'), ('simplified', 'Förenklat förfarande'), ('direct', 'Direktupphandling'), ('central', 'Avrop från inköpscentral')], max_length=12)),
                ('call_off_method', models.CharField(choices=[('single', 'Löpande avrop'), ('ranking', 'Rangordning'), ('distribution_key', 'Fördelningsnyckel'), ('mini_competition', 'Förnyad konkurrensutsättning')], default='single', max_length=20)),
                ('price_clause', models.CharField(choices=[('fixed', 'Fast pris'), ('index', 'Index')], default='fixed', max_length=8)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('option_months', models.PositiveSmallIntegerField(default=0)),
                ('notice_months', models.PositiveSmallIntegerField(default=0)),
                ('estimated_amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('ceiling_amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('committed_amount', core.fields.AmountField(decimal_places=2, default=Decimal('0.00'), max_digits=16)),
            ],
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('lineage', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('tree_code', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=100)),
                ('name_en', models.CharField(blank=True, max_length=100)),
                ('kind', models.CharField(choices=[('goods', 'Varor'), ('services', 'Tjänster'), ('both', 'Varor och tjänster')], max_length=10)),
                ('cpv_code', models.CharField(blank=True, max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='CategoryAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
        ),
        migrations.CreateModel(
            name='CategoryPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('response_days', models.PositiveSmallIntegerField(default=2)),
                ('standing_approval_limit', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
        ),
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('org_number', models.CharField(max_length=11, unique=True)),
                ('gln', models.CharField(blank=True, max_length=13)),
                ('order_email', models.EmailField(max_length=254)),
                ('code_of_conduct', models.CharField(choices=[('not_started', 'Ej påbörjad'), ('signed', 'Undertecknad'), ('approved', 'Granskad och godkänd'), ('deviation', 'Avvikelse')], default='not_started', max_length=12)),
                ('blocked_reason', models.CharField(blank=True, max_length=200)),
            ],
        ),
    ]
