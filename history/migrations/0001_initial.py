import core.fields
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('agreements', '0001_initial'),
        ('catalog', '0001_initial'),
        ('categories', '0001_initial'),
        ('organizations', '0001_initial'),
        ('registers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceBaseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20)),
                ('item_key', models.CharField(max_length=300)),
                ('has_pack', models.BooleanField()),
                ('year', models.PositiveSmallIntegerField()),
                ('amount', models.DecimalField(decimal_places=6, max_digits=30)),
                ('base_quantity', models.DecimalField(decimal_places=6, max_digits=30)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'item_key', 'has_pack', 'year'), name='price_baseline_once')],
            },
        ),
        migrations.CreateModel(
            name='PriceComparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, unique=True)),
                ('last_line_id', models.BigIntegerField()),
                ('rows', models.JSONField()),
                ('splits', models.JSONField()),
                ('lines_left_out', models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='PurchaseHistoryLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('administration_name', models.CharField(blank=True, max_length=120)),
                ('department_name', models.CharField(blank=True, max_length=120)),
                ('cost_center', models.CharField(blank=True, max_length=10)),
                ('category_code', models.CharField(blank=True, max_length=20)),
                ('category_name', models.CharField(blank=True, max_length=160)),
                ('category_lineage', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None)),
                ('supplier_name', models.CharField(blank=True, max_length=160)),
                ('supplier_org_number', models.CharField(blank=True, max_length=20)),
                ('source', models.CharField(max_length=20)),
                ('external_id', models.CharField(max_length=60)),
                ('import_row', models.PositiveIntegerField(blank=True, null=True)),
                ('delivered_date', models.DateField()),
                ('item_key', models.CharField(max_length=300)),
                ('description', models.CharField(max_length=300)),
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('units_per_order_unit', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('currency', models.CharField(default='SEK', max_length=3)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('administration', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.administration')),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='history_lines', to='agreements.agreement')),
                ('category', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
                ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='history_lines', to='catalog.item')),
                ('supplier', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.supplier')),
                ('of_import', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='purchases', to='registers.import')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['source', 'item_key', 'delivered_date'], name='history_item_date'),
                    models.Index(fields=['item', 'delivered_date'], name='history_known_item_date'),
                    models.Index(fields=['source', '-id'], name='history_source_latest'),
                    models.Index(fields=['-delivered_date'], name='history_latest'),
                    models.Index(condition=models.Q(('agreement', None), ('currency', 'SEK')), fields=['category', 'delivered_date'], name='history_outside_agreements'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('source', 'external_id'), name='history_line_once'),
                ],
            },
        ),
    ]
