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

from core.creation import Creation


class Migration(Creation):

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
                ('day', models.DateField(blank=True, null=True)),
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
                ('history_line', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='history.purchasehistoryline')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='catalog.item')),
                ('receipt_line', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='procurement.receiptline')),
                ('replaces', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reporting.saving')),
                ('supplier', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.supplier')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='savings', to='reporting.savingsrun')),
                ('counterfactual_price', models.DecimalField(decimal_places=8, max_digits=20, null=True)),
                ('nature', models.CharField(choices=[('recurring', 'Återkommande'), ('one_off', 'Engångs'), ('crisis', 'Krispriser')], default='recurring', max_length=10)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['delivered_date', 'category'], name='saving_date_category'),
                    models.Index(fields=['item', 'delivered_date'], name='saving_item_date'),
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
                ('stage', models.CharField(choices=[('draft', 'Utkast'), ('reviewed', 'Granskad'), ('approved', 'Godkänd'), ('locked', 'Låst'), ('handed_over', 'Överlämnad')], default='draft', max_length=12)),
                ('snapshot', models.JSONField(blank=True, null=True)),
                ('snapshot_sha256', models.CharField(blank=True, max_length=64)),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_up_reports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'through_date', 'version'), name='report_version_unique'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), models.Q(('snapshot__isnull', False), models.Q(('snapshot_sha256', ''), _negated=True)), _connector='OR'), name='report_done_has_snapshot'), models.CheckConstraint(condition=models.Q(('stage__in', ['draft', 'reviewed', 'approved', 'locked', 'handed_over'])), name='report_stage'), models.CheckConstraint(condition=models.Q(('stage', 'draft'), ('status', 'done'), _connector='OR'), name='report_beyond_draft_is_frozen'), models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ('locked', 'handed_over')), _negated=True), models.Q(('diary_number', ''), _negated=True), _connector='OR'), name='report_locked_has_diary_number')],
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
            options={
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ReportTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('case', 'Tjänsteskrivelse'), ('annex', 'Bilaga 1')], max_length=10)),
                ('version', models.PositiveIntegerField()),
                ('name', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='report_template_version_unique'), models.CheckConstraint(condition=models.Q(('kind__in', ['case', 'annex'])), name='report_template_kind'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='report_template_version'), models.CheckConstraint(condition=models.Q(models.Q(('file', None), ('name', '')), models.Q(('file__isnull', False), models.Q(('name', ''), _negated=True)), _connector='OR'), name='report_template_file_has_name')],
            },
        ),
        migrations.CreateModel(
            name='ReportEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('texts', models.JSONField()),
                ('diary_number', models.CharField(blank=True, max_length=30)),
                ('is_draft', models.BooleanField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('annex_template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.reporttemplate')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case_template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reporting.reporttemplate')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='reporting.followupreport')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='report_edition_number_unique'), models.UniqueConstraint(condition=models.Q(('is_draft', False)), fields=('report',), name='report_locked_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportFile',
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
                ('kind', models.CharField(choices=[('pdf', 'Tjänsteskrivelse med bilaga, PDF'), ('docx', 'Tjänsteskrivelse, Word'), ('annex', 'Bilaga 1, Word'), ('xlsx', 'Bilaga 1, Excel')], max_length=5)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reporting.reportedition')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reporting.followupreport')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind'), name='report_file_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['pdf', 'docx', 'annex', 'xlsx'])), name='report_file_kind'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), ('file__isnull', False), _connector='OR'), name='report_file_done_is_there')],
            },
        ),
        migrations.CreateModel(
            name='ReportAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reviewed', 'Granskad'), ('approved', 'Godkänd'), ('sent_back', 'Skickad tillbaka'), ('locked', 'Låst'), ('handed_over', 'Överlämnad')], max_length=12)),
                ('at', models.DateTimeField()),
                ('words', models.TextField(blank=True, max_length=1000)),
                ('meeting_date', models.DateField(blank=True, null=True)),
                ('paragraph', models.CharField(blank=True, max_length=20)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='reporting.followupreport')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['reviewed', 'approved', 'sent_back', 'locked', 'handed_over'])), name='report_act_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'sent_back'), models.Q(('words', ''), _negated=True)), models.Q(models.Q(('kind', 'sent_back'), _negated=True), ('words', '')), _connector='OR'), name='report_sent_back_with_words'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'handed_over'), ('meeting_date__isnull', False), models.Q(('paragraph', ''), _negated=True)), models.Q(models.Q(('kind', 'handed_over'), _negated=True), ('meeting_date', None), ('paragraph', '')), _connector='OR'), name='report_handed_over_at_meeting'), models.UniqueConstraint(condition=models.Q(('kind__in', ['locked', 'handed_over'])), fields=('report', 'kind'), name='report_locked_and_handed_over_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('sender', 'Avsändande förvaltning'), ('recipient', 'Mottagare'), ('proposal', 'Förslag till beslut'), ('assessment', 'Bedömning'), ('children_perspective', 'Barn- och genusperspektiv'), ('rural_perspective', 'Landsbygdsperspektiv'), ('recipients', 'Skickas till'), ('signature', 'Underskrift'), ('heading_proposal', 'Rubrik: Förslag till beslut'), ('heading_summary', 'Rubrik: Sammanfattning'), ('heading_background', 'Rubrik: Ärendebeskrivning'), ('heading_assessment', 'Rubrik: Bedömning'), ('heading_economy', 'Rubrik: Ekonomisk konsekvensanalys'), ('heading_children_perspective', 'Rubrik: Barn- och genusperspektiv'), ('heading_rural_perspective', 'Rubrik: Landsbygdsperspektiv'), ('heading_basis', 'Rubrik: Beslutsunderlag'), ('heading_recipients', 'Rubrik: Skickas till'), ('heading_signature', 'Rubrik: Underskrift'), ('heading_annex', 'Rubrik: Bilaga 1'), ('heading_pictures', 'Rubrik i bilagan: Resultatet i bilder'), ('heading_indicators', 'Rubrik i bilagan: Indikatorer'), ('heading_initiatives', 'Rubrik i bilagan: Initiativ'), ('heading_increases', 'Rubrik i bilagan: Kostnadsökningar'), ('heading_apart', 'Rubrik i bilagan: Redovisas för sig'), ('heading_agreements', 'Rubrik i bilagan: Avtal'), ('heading_deviations', 'Rubrik i bilagan: Avvikelser'), ('heading_recommendations', 'Rubrik i bilagan: Revisionens rekommendationer'), ('heading_plan', 'Rubrik i bilagan: Genomförandeplan'), ('heading_quality', 'Rubrik i bilagan: Vad siffrorna inte säger'), ('heading_method', 'Rubrik i bilagan: Så är det räknat'), ('ask_proposal', 'Ledtext: Förslag till beslut'), ('ask_assessment', 'Ledtext: Bedömning'), ('ask_children_perspective', 'Ledtext: Barn- och genusperspektiv'), ('ask_rural_perspective', 'Ledtext: Landsbygdsperspektiv'), ('ask_recipients', 'Ledtext: Skickas till'), ('ask_signature', 'Ledtext: Underskrift')], max_length=30)),
                ('text', models.TextField(max_length=10000)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('part', '='), ('valid_during', '&&')], name='report_text_one_at_a_time'), models.CheckConstraint(condition=models.Q(('part__in', ['sender', 'recipient', 'proposal', 'assessment', 'children_perspective', 'rural_perspective', 'recipients', 'signature', 'heading_proposal', 'heading_summary', 'heading_background', 'heading_assessment', 'heading_economy', 'heading_children_perspective', 'heading_rural_perspective', 'heading_basis', 'heading_recipients', 'heading_signature', 'heading_annex', 'heading_pictures', 'heading_indicators', 'heading_initiatives', 'heading_increases', 'heading_apart', 'heading_agreements', 'heading_deviations', 'heading_recommendations', 'heading_plan', 'heading_quality', 'heading_method', 'ask_proposal', 'ask_assessment', 'ask_children_perspective', 'ask_rural_perspective', 'ask_recipients', 'ask_signature'])), name='report_text_part'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='report_text_is_there')],
            },
        ),
        migrations.CreateModel(
            name='WrittenText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('proposal', 'Förslag till beslut'), ('assessment', 'Bedömning'), ('children_perspective', 'Barn- och genusperspektiv'), ('rural_perspective', 'Landsbygdsperspektiv'), ('recipients', 'Skickas till'), ('signature', 'Underskrift')], max_length=30)),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True, max_length=10000)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='reporting.followupreport')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'part', 'version'), name='written_text_version_unique'), models.CheckConstraint(condition=models.Q(('part__in', ['proposal', 'assessment', 'children_perspective', 'rural_perspective', 'recipients', 'signature'])), name='written_text_part'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='written_text_version')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(choices=[('full_year', 'Helårseffekt, netto, kronor'), ('realised', 'Hemtaget i år, netto, kronor'), ('realised_share', 'Hemtaget av planen till samma dag, procent'), ('realised_total', 'Hemtaget sammanlagt, netto, kronor'), ('cost', 'Inköpsorganisationens kostnad, kronor'), ('net', 'Netto efter kostnad, kronor'), ('coverage', 'Avtalstäckning, procent'), ('loyalty', 'Avtalstrohet, procent'), ('assortment', 'Sortimentstrohet, procent'), ('articles', 'Köpta artiklar, antal'), ('basket', 'Varukorgens prisindex, samma tid i fjol är 100'), ('agreements_active', 'Avtal i kraft, antal'), ('agreements_ending', 'Avtal som löper ut inom nio månader, antal'), ('agreements_near_ceiling', 'Avtal med mer än 80 % av takvolymen använd, antal'), ('agreements_long', 'Avtal som är längre än fyra år, antal'), ('awards', 'Direktupphandlingar med dokumentationsplikt, antal'), ('awards_amount', 'Direktupphandlingar med dokumentationsplikt, kronor'), ('awards_documented', 'Dokumenterade direktupphandlingar, procent'), ('decision_median', 'Från begäran till beslut, median, dagar'), ('decision_nine_of_ten', 'Från begäran till beslut, nio av tio inom, dagar'), ('delivery_median', 'Från begäran till leverans, median, dagar'), ('decided_in_time', 'Beslutat inom utlovad tid, procent'), ('due_diligence', 'Granskade leverantörer i riskkategorier, procent'), ('open_complaints', 'Öppna reklamationer, antal'), ('supply', 'Kritiska artiklar med för kort räckvidd, antal'), ('recommendations', 'Avslutade revisionsrekommendationer, procent')], max_length=30)),
                ('direction', models.CharField(choices=[('at_least', 'Minst'), ('at_most', 'Högst')], max_length=8)),
                ('value', models.DecimalField(decimal_places=2, max_digits=16)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('indicator', '='), ('valid_during', '&&')], name='indicator_target_one_at_a_time'), models.CheckConstraint(condition=models.Q(('indicator__in', ['full_year', 'realised', 'realised_share', 'realised_total', 'cost', 'net', 'coverage', 'loyalty', 'assortment', 'articles', 'basket', 'agreements_active', 'agreements_ending', 'agreements_near_ceiling', 'agreements_long', 'awards', 'awards_amount', 'awards_documented', 'decision_median', 'decision_nine_of_ten', 'delivery_median', 'decided_in_time', 'due_diligence', 'open_complaints', 'supply', 'recommendations'])), name='indicator_target_indicator'), models.CheckConstraint(condition=models.Q(('direction__in', ['at_least', 'at_most'])), name='indicator_target_direction')],
            },
        ),
        migrations.CreateModel(
            name='FormerName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('category', 'Kategori'), ('supplier', 'Leverantör'), ('agreement', 'Avtal'), ('initiative', 'Besparingsinitiativ')], max_length=10)),
                ('thing', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('until_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'thing', 'until_at'], name='former_name_until')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['category', 'supplier', 'agreement', 'initiative'])), name='former_name_kind')],
            },
        ),
    ]
