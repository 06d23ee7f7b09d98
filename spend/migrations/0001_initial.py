import core.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('agreements', '0001_initial'),
        ('categories', '0001_initial'),
        ('organizations', '0001_initial'),
        ('registers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountMeaning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, max_length=20)),
                ('first_account', models.CharField(blank=True, max_length=20)),
                ('last_account', models.CharField(blank=True, max_length=20)),
                ('meaning', models.CharField(choices=[('category', 'Köp i en kategori'), ('purchase', 'Köp utan kategori'), ('other', 'Inte ett köp'), ('left_out', 'Inte ett köp, och läses inte in'), ('undecided', 'Ingen betydelse')], max_length=10)),
                ('decided_at', models.DateTimeField()),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'first_account', 'last_account', '-id'], name='account_meaning_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('meaning__in', ['category', 'purchase', 'other', 'left_out', 'undecided'])), name='account_meaning_known'), models.CheckConstraint(condition=models.Q(models.Q(('category__isnull', False), ('meaning', 'category')), models.Q(models.Q(('meaning', 'category'), _negated=True), ('category', None)), _connector='OR'), name='account_meaning_has_its_category'), models.CheckConstraint(condition=models.Q(('first_account', models.F('last_account')), models.Q(('first_account__lt', models.F('last_account')), ('first_account__regex', '^\\d{1,18}$'), ('last_account__regex', '^\\d{1,18}$'), django.db.models.lookups.Exact(django.db.models.functions.text.Length('first_account'), django.db.models.functions.text.Length('last_account'))), _connector='OR'), name='account_meaning_span_in_order')],
            },
        ),
        migrations.CreateModel(
            name='BookedCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20)),
                ('number', models.CharField(max_length=90)),
                ('import_row', models.PositiveIntegerField(blank=True, null=True)),
                ('voucher', models.CharField(blank=True, max_length=60)),
                ('booked_date', models.DateField()),
                ('account', models.CharField(blank=True, max_length=20)),
                ('account_name', models.CharField(blank=True, max_length=120)),
                ('cost_center', models.CharField(blank=True, max_length=20)),
                ('department_name', models.CharField(blank=True, max_length=120)),
                ('administration_name', models.CharField(blank=True, max_length=120)),
                ('project', models.CharField(blank=True, max_length=40)),
                ('supplier_number', models.CharField(blank=True, max_length=20)),
                ('supplier_name', models.CharField(blank=True, max_length=160)),
                ('supplier_key', models.CharField(blank=True, max_length=160)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('quantity', core.fields.QuantityField(blank=True, decimal_places=3, max_digits=15, null=True)),
                ('unit_price', core.fields.UnitPriceField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('currency', models.CharField(default='SEK', max_length=3)),
                ('administration', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.administration')),
                ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department')),
                ('of_import', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='booked_costs', to='registers.import')),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'booked_date'], name='booked_cost_source_date'), models.Index(fields=['-booked_date'], name='booked_cost_latest'), models.Index(fields=['source', 'account', 'booked_date'], name='booked_cost_account')],
                'constraints': [models.UniqueConstraint(fields=('source', 'number'), name='booked_cost_once')],
            },
        ),
        migrations.CreateModel(
            name='SupplierMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20)),
                ('supplier_key', models.CharField(max_length=160)),
                ('name', models.CharField(blank=True, max_length=160)),
                ('is_undone', models.BooleanField(default=False)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supplier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.supplier')),
            ],
            options={
                'indexes': [models.Index(fields=['source', 'supplier_key', '-id'], name='supplier_match_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('supplier_key', ''), _negated=True), name='supplier_match_has_key'), models.CheckConstraint(condition=models.Q(('is_undone', False), ('supplier', None), _connector='OR'), name='supplier_match_undone_is_of_none')],
            },
        ),
    ]
