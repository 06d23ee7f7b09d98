import core.fields
import core.request_ids
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agreements', '0001_initial'),
        ('catalog', '0001_initial'),
        ('categories', '0001_initial'),
        ('core', '0003_stored_files_kept'),
        ('history', '0001_initial'),
        ('organizations', '0001_initial'),
        ('procurement', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='UncountedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='DeliveredMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('is_outside', models.BooleanField()),
                ('is_counted', models.BooleanField()),
                ('category_lineage', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('department_name', models.CharField(max_length=160)),
                ('supplier_name', models.CharField(max_length=160)),
                ('count', models.PositiveIntegerField()),
                ('first_date', models.DateField()),
                ('last_date', models.DateField()),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('category', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
                ('department', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department')),
            ],
            options={
                'indexes': [models.Index(fields=['month'], name='delivered_month')],
            },
        ),
        migrations.CreateModel(
            name='DeliveredLine',
            fields=[
                ('administration_name', models.CharField(blank=True, max_length=120)),
                ('department_name', models.CharField(blank=True, max_length=120)),
                ('cost_center', models.CharField(blank=True, max_length=10)),
                ('category_code', models.CharField(blank=True, max_length=20)),
                ('category_name', models.CharField(blank=True, max_length=160)),
                ('category_lineage', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None)),
                ('supplier_name', models.CharField(blank=True, max_length=160)),
                ('supplier_org_number', models.CharField(blank=True, max_length=20)),
                ('key', models.CharField(max_length=30, primary_key=True, serialize=False)),
                ('delivered_date', models.DateField()),
                ('description', models.CharField(max_length=300)),
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('unit', models.CharField(max_length=20)),
                ('units_per_order_unit', models.DecimalField(decimal_places=3, max_digits=12, null=True)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('stands_for_factor', models.DecimalField(decimal_places=8, max_digits=20, null=True)),
                ('currency', models.CharField(max_length=3)),
            ],
            options={
                'db_table': 'reporting_deliveredline',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='FollowUpReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('queued', 'I kö'), ('running', 'Pågår'), ('done', 'Klar'), ('failed', 'Misslyckades')], default='queued', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('requested_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('request_id', models.CharField(blank=True, default=core.request_ids.current_id, editable=False, max_length=64)),
                ('title', models.CharField(max_length=150)),
                ('diary_number', models.CharField(blank=True, max_length=30)),
                ('year', models.PositiveSmallIntegerField()),
                ('through_date', models.DateField()),
                ('version', models.PositiveSmallIntegerField()),
                ('proposal', models.TextField(blank=True)),
                ('assessment', models.TextField(blank=True)),
                ('children_perspective', models.TextField(blank=True)),
                ('rural_perspective', models.TextField(blank=True)),
                ('snapshot', models.JSONField(blank=True, null=True)),
                ('snapshot_sha256', models.CharField(blank=True, max_length=64)),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up_reports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('year', 'through_date', 'version'), name='report_version_unique'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), models.Q(('snapshot__isnull', False), models.Q(('snapshot_sha256', ''), _negated=True)), _connector='OR'), name='report_done_has_snapshot'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FrozenLines',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='frozen_lines', to='reporting.followupreport')),
            ],
        ),
        migrations.CreateModel(
            name='OrganisationCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('persons', models.DecimalField(decimal_places=1, max_digits=5)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('during', '&&')], name='organisation_cost_no_overlap'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='organisation_cost_positive')],
            },
        ),
        migrations.CreateModel(
            name='ReportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pdf', 'Tjänsteskrivelse, PDF'), ('docx', 'Tjänsteskrivelse, Word'), ('xlsx', 'Bilaga 1, Excel')], max_length=5)),
                ('made_at', models.DateTimeField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reporting.followupreport')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('report', 'kind'), name='report_file_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'docx', 'xlsx'])), name='report_file_kind'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SavingInitiative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=150)),
                ('method', models.CharField(choices=[('prev_contract', 'Förra avtalet'), ('hist_avg', 'Snitt 12 mån.'), ('indexed', 'Förra avtalet med index'), ('avg_bid', 'Snitt av anbud'), ('budget', 'Budgeterat pris'), ('none', 'Baslinje saknas')], max_length=15)),
                ('effective_date', models.DateField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='initiatives', to='categories.category')),
                ('new_agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='initiatives', to='agreements.agreement')),
                ('old_agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended_initiatives', to='agreements.agreement')),
                ('index_series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='initiatives', to='agreements.indexseries')),
                ('index_from', models.DateField(blank=True, null=True)),
                ('index_share_percent', models.DecimalField(decimal_places=2, default=Decimal('100'), max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(Decimal('100'))])),
                ('index_to', models.DateField(blank=True, null=True)),
                ('nature', models.CharField(choices=[('recurring', 'Återkommande'), ('one_off', 'Engångs'), ('crisis', 'Krispriser')], default='recurring', max_length=10)),
                ('stage', models.CharField(choices=[('idea', 'Idé'), ('analysis', 'Analys'), ('decided', 'Beslutat'), ('cancelled', 'Avbrutet')], default='idea', max_length=10)),
                ('expected_amount', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('stage__in', ['idea', 'analysis', 'decided', 'cancelled'])), name='initiative_stage'),
                    models.CheckConstraint(condition=models.Q(models.Q(('index_from', None), ('index_series', None), ('index_to', None)), models.Q(('index_from__day', 1), ('index_series__isnull', False), ('index_to__day', 1)), _connector='OR'), name='initiative_index_between_months'),
                    models.CheckConstraint(condition=models.Q(('index_share_percent__gt', 0), ('index_share_percent__lte', 100)), name='initiative_index_share'),
                    models.CheckConstraint(condition=models.Q(('nature__in', ['recurring', 'one_off', 'crisis'])), name='initiative_nature'),
                    models.CheckConstraint(condition=models.Q(('method__in', ['prev_contract', 'hist_avg', 'indexed', 'avg_bid', 'budget', 'none'])), name='initiative_method'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ComparedPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bid', 'Anbud'), ('budget', 'Beslutad budget')], max_length=10)),
                ('source', models.CharField(max_length=160)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('is_abnormally_low', models.BooleanField(default=False)),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='compared_prices', to='reporting.savinginitiative')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.item')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('initiative', 'item', 'kind', 'source'), name='compared_price_once_per_source'),
                    models.UniqueConstraint(condition=models.Q(('kind', 'budget')), fields=('initiative', 'item'), name='compared_price_one_budget'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['bid', 'budget'])), name='compared_price_kind'),
                    models.CheckConstraint(condition=models.Q(('unit_price__gt', 0), models.Q(('source', ''), _negated=True)), name='compared_price_of_a_source'),
                    models.CheckConstraint(condition=models.Q(('kind', 'bid'), ('is_abnormally_low', False), _connector='OR'), name='compared_price_only_bids_are_low'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(choices=[('prev_contract', 'Förra avtalet'), ('hist_avg', 'Snitt 12 mån.'), ('indexed', 'Förra avtalet med index'), ('avg_bid', 'Snitt av anbud'), ('budget', 'Budgeterat pris'), ('none', 'Baslinje saknas')], max_length=15)),
                ('category_code', models.CharField(max_length=20)),
                ('category_name', models.CharField(max_length=160)),
                ('category_lineage', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('unit', models.CharField(max_length=20)),
                ('units_per_order_unit', models.DecimalField(decimal_places=3, max_digits=12)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16, null=True)),
                ('new_unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('annual_quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('counts_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('evidence', models.JSONField(default=dict)),
                ('frozen_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_baselines', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='baselines', to='catalog.item')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='baselines', to='reporting.savinginitiative')),
                ('counterfactual_price', models.DecimalField(decimal_places=8, max_digits=20, null=True)),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('nature', models.CharField(choices=[('recurring', 'Återkommande'), ('one_off', 'Engångs'), ('crisis', 'Krispriser')], default='recurring', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('is_counted', models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(models.Q(('confirmed_at__isnull', False), ('superseded_at', None), models.Q(('method', 'none'), _negated=True)), output_field=models.BooleanField()), output_field=models.BooleanField())),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('version', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='baseline_change_has_a_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('counterfactual_price', None), ('method__in', ['prev_contract', 'hist_avg', 'budget']), ('unit_price__isnull', False)), models.Q(('counterfactual_price__isnull', False), ('method', 'indexed'), ('unit_price__isnull', False)), models.Q(('counterfactual_price__isnull', False), ('method', 'avg_bid'), ('unit_price', None)), models.Q(('counterfactual_price', None), ('method', 'none'), ('unit_price', None)), _connector='OR'), name='baseline_prices_by_method'),
                    models.CheckConstraint(condition=models.Q(('nature__in', ['recurring', 'one_off', 'crisis'])), name='baseline_nature'),
                    models.UniqueConstraint(fields=('initiative', 'version', 'item'), name='baseline_once_per_item'),
                    models.CheckConstraint(condition=models.Q(('method__in', ['prev_contract', 'hist_avg', 'indexed', 'avg_bid', 'budget', 'none'])), name='baseline_method'),
                    models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='baseline_confirmed_by_and_at'),
                    django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('confirmed_at__isnull', False), ('superseded_at', None), models.Q(('method', 'none'), _negated=True)), expressions=[('item', '='), ('counts_during', '&&')], name='baseline_one_per_item_and_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SavingsRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('queued', 'I kö'), ('running', 'Pågår'), ('done', 'Klar'), ('failed', 'Misslyckades')], default='queued', max_length=10)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('requested_at', models.DateTimeField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('request_id', models.CharField(blank=True, default=core.request_ids.current_id, editable=False, max_length=64)),
                ('added_count', models.PositiveIntegerField(default=0)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='savings_runs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Saving',
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
                ('component', models.CharField(choices=[('reduction', 'Prissänkning'), ('avoidance', 'Undviken höjning'), ('retained', 'Kvarhållen effekt')], default='reduction', max_length=10)),
                ('calculation_version', models.PositiveSmallIntegerField(default=1)),
                ('delivered_date', models.DateField()),
                ('description', models.CharField(max_length=300)),
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('units_per_order_unit', models.DecimalField(decimal_places=3, max_digits=12)),
                ('baseline_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('paid_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('administration', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.administration')),
                ('baseline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='reporting.baseline')),
                ('category', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
                ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department')),
                ('history_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='history.purchasehistoryline')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='catalog.item')),
                ('receipt_line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='procurement.receiptline')),
                ('replaces', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reporting.saving')),
                ('supplier', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.supplier')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='reporting.savingsrun')),
                ('counterfactual_price', models.DecimalField(decimal_places=8, max_digits=20, null=True)),
                ('nature', models.CharField(choices=[('recurring', 'Återkommande'), ('one_off', 'Engångs'), ('crisis', 'Krispriser')], default='recurring', max_length=10)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['delivered_date', 'category'], name='saving_date_category'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('component__in', ['reduction', 'retained']), ('counterfactual_price', None)), models.Q(('component', 'avoidance'), ('counterfactual_price__isnull', False)), _connector='OR'), name='saving_prices_by_component'),
                    models.CheckConstraint(condition=models.Q(models.Q(('history_line__isnull', False), ('receipt_line', None)), models.Q(('history_line', None), ('receipt_line__isnull', False)), _connector='OR'), name='saving_of_one_line'),
                    models.UniqueConstraint(condition=models.Q(('receipt_line__isnull', False)), fields=('receipt_line', 'component', 'calculation_version'), name='saving_once_per_receipt_line'),
                    models.UniqueConstraint(condition=models.Q(('history_line__isnull', False)), fields=('history_line', 'component', 'calculation_version'), name='saving_once_per_history_line'),
                    models.UniqueConstraint(condition=models.Q(('replaces__isnull', False)), fields=('replaces',), name='saving_replaced_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('calculation_version', 1), ('replaces', None)), models.Q(('calculation_version__gt', 1), ('replaces__isnull', False)), _connector='OR'), name='saving_versions_follow'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReportText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('sender', 'Avsändande förvaltning'), ('recipient', 'Mottagare'), ('proposal', 'Förslag till beslut'), ('assessment', 'Bedömning'), ('children_perspective', 'Barn- och genusperspektiv'), ('rural_perspective', 'Landsbygdsperspektiv')], max_length=20)),
                ('text', models.TextField(max_length=10000)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('part', '='), ('valid_during', '&&')], name='report_text_one_at_a_time'), models.CheckConstraint(condition=models.Q(('part__in', ['sender', 'recipient', 'proposal', 'assessment', 'children_perspective', 'rural_perspective'])), name='report_text_part'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='report_text_is_there')],
            },
        ),
    ]
