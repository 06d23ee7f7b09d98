"""Tables, constraints and indexes."""

import core.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.search
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("core", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=150)),
                ('name_en', models.CharField(blank=True, max_length=150)),
                ('description', models.TextField(blank=True)),
                ('family', models.CharField(blank=True, max_length=80)),
                ('size', models.CharField(blank=True, max_length=20)),
                ('kind', models.CharField(choices=[('goods', 'Vara'), ('service', 'Tjänst')], default='goods', max_length=10)),
                ('base_unit', models.CharField(max_length=20)),
                ('order_unit', models.CharField(max_length=20)),
                ('units_per_order_unit', models.DecimalField(decimal_places=3, default=1, max_digits=10)),
                ('gtin', models.CharField(blank=True, max_length=14, null=True, unique=True)),
                ('criteria_level', models.CharField(choices=[('none', 'Inga krav'), ('base', 'Baskrav'), ('advanced', 'Avancerade krav'), ('leading', 'Spjutspetskrav')], default='none', max_length=10)),
                ('picture', models.CharField(default='box', max_length=30)),
                ('status', models.CharField(choices=[('proposed', 'Föreslagen'), ('assessed', 'Bedöms'), ('trial', 'På prov'), ('standard', 'Standard'), ('phasing_out', 'Utgår'), ('retired', 'Utgången'), ('blocked', 'Spärrad')], default='proposed', max_length=12)),
                ('blocked_reason', models.CharField(blank=True, max_length=200)),
                ('last_order_date', models.DateField(blank=True, null=True)),
                ('usual_weekly_quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ('search_vector', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL("setweight(to_tsvector('swedish', name), 'A') || setweight(to_tsvector('simple', number || ' ' || coalesce(gtin, '')), 'A') || setweight(to_tsvector('english', name_en), 'B') || setweight(to_tsvector('swedish', description), 'C')", [], output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
        ),
        migrations.CreateModel(
            name='ItemCeiling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ceiling_quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('committed_quantity', core.fields.QuantityField(decimal_places=3, default=0, max_digits=15)),
            ],
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('minimum_quantity', core.fields.QuantityField(decimal_places=3, default=1, max_digits=15)),
                ('lead_days', models.PositiveSmallIntegerField(default=3)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('factor', models.DecimalField(decimal_places=4, default=1, max_digits=10)),
                ('equivalence', models.CharField(choices=[('full', 'Likvärdig'), ('with_condition', 'Likvärdig med villkor')], default='full', max_length=15)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=60)),
                ('means', models.CharField(max_length=60)),
            ],
        ),
    ]
