import django.db.models.functions.comparison
import django.db.models.functions.math
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.constraints
import core.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('attachments', '0001_initial'),
        ('categories', '0001_initial'),
        ('organizations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('org_number', models.CharField(max_length=20, unique=True)),
                ('gln', models.CharField(blank=True, max_length=13)),
                ('order_email', models.EmailField(max_length=254)),
                ('order_channel', models.CharField(choices=[('email', 'E-post med PDF och CSV'), ('peppol', 'Peppol, som fil till accesspunkten')], default='email', max_length=8)),
                ('peppol_id', models.CharField(blank=True, max_length=60)),
                ('answer_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('minimum_order_amount', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('order_cutoff', models.TimeField(blank=True, null=True)),
                ('freight_amount', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('freight_free_amount', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('code_of_conduct', models.CharField(choices=[('not_started', 'Ej påbörjad'), ('signed', 'Undertecknad'), ('approved', 'Granskad och godkänd'), ('deviation', 'Avvikelse')], default='not_started', max_length=12)),
                ('code_of_conduct_through_date', models.DateField(blank=True, null=True)),
                ('blocked_reason', models.CharField(blank=True, max_length=200)),
                ('awaits_examination', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('order_email__regex', '^[A-Za-z0-9.!#$%&\'*+/=?^_`{|}~-]+@[^\\s@,;:<>()"]+\\.[^\\s@,;:<>()".]+$')), name='supplier_order_email_is_one_address'), models.CheckConstraint(condition=models.Q(('code_of_conduct__in', ['not_started', 'signed', 'approved', 'deviation'])), name='supplier_code_of_conduct'), models.CheckConstraint(condition=models.Q(models.Q(('code_of_conduct', 'not_started'), _negated=True), ('code_of_conduct_through_date', None), _connector='OR'), name='supplier_code_of_conduct_has_begun'), models.CheckConstraint(condition=models.Q(('order_channel__in', ['email', 'peppol'])), name='supplier_order_channel'), models.CheckConstraint(condition=models.Q(('peppol_id', ''), ('peppol_id__regex', '^[0-9]{4}:[A-Za-z0-9._~-]{1,50}$'), _connector='OR'), name='supplier_peppol_address'), models.CheckConstraint(condition=models.Q(('freight_free_amount', None), ('freight_amount__isnull', False), _connector='OR'), name='supplier_free_freight_has_a_fee'), models.CheckConstraint(condition=models.Q(models.Q(('minimum_order_amount', None), ('minimum_order_amount__gt', 0), _connector='OR'), models.Q(('freight_amount', None), ('freight_amount__gt', 0), _connector='OR'), models.Q(('freight_free_amount', None), ('freight_free_amount__gt', 0), _connector='OR')), name='supplier_order_amounts_positive')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('diary_number', models.CharField(blank=True, max_length=20)),
                ('title', models.CharField(max_length=150)),
                ('procedure', models.CharField(choices=[('open', 'Öppet förfarande'), ('simplified', 'Förenklat förfarande'), ('direct', 'Direktupphandling'), ('central', 'Avrop från inköpscentral')], max_length=12)),
                ('call_off_method', models.CharField(choices=[('single', 'Löpande avrop'), ('ranking', 'Rangordning'), ('dynamic_ranking', 'Dynamisk rangordning'), ('distribution_key', 'Fördelningsnyckel'), ('mini_competition', 'Förnyad konkurrensutsättning')], default='single', max_length=20)),
                ('price_clause', models.CharField(choices=[('fixed', 'Fast pris'), ('index', 'Index')], default='fixed', max_length=8)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('until_further_notice', models.BooleanField(default=False)),
                ('option_months', models.PositiveSmallIntegerField(default=0)),
                ('notice_months', models.PositiveSmallIntegerField(default=0)),
                ('estimated_amount', core.fields.AmountField(decimal_places=2, default=Decimal('0.00'), max_digits=16)),
                ('ceiling_amount', core.fields.AmountField(decimal_places=2, default=Decimal('0.00'), max_digits=16)),
                ('committed_amount', core.fields.AmountField(decimal_places=2, default=Decimal('0.00'), max_digits=16)),
                ('committed_at', models.DateTimeField(blank=True, null=True)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='categories.category')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agreements.supplier')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closing_reason', models.CharField(blank=True, max_length=300)),
                ('code_of_conduct_level', models.CharField(blank=True, choices=[('none', 'Inga krav'), ('base', 'Grundkrav'), ('advanced', 'Utökade krav')], max_length=8)),
                ('delivery_terms', models.CharField(blank=True, max_length=300)),
                ('law', models.CharField(choices=[('lou', 'LOU'), ('luf', 'LUF'), ('lufs', 'LUFS'), ('luk', 'LUK'), ('lov', 'LOV')], default='lou', max_length=4)),
                ('long_term_reason', models.CharField(blank=True, max_length=300)),
                ('notice_by_date', models.DateField(blank=True, null=True)),
                ('notice_reference', models.CharField(blank=True, max_length=40)),
                ('open_to', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_agreements', to=settings.AUTH_USER_MODEL)),
                ('procurement_started_date', models.DateField(blank=True, null=True)),
                ('status', models.CharField(choices=[('draft', 'Utkast'), ('decided', 'Beslutat'), ('active', 'Gällande'), ('ceiling_reached', 'Taket är nått'), ('terminated', 'Uppsagt'), ('ended', 'Avslutat')], default='active', max_length=15)),
                ('cpv', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.classificationcode')),
            ],
            options={
                'indexes': [
                    django.contrib.postgres.indexes.GistIndex(fields=['valid_during'], name='agreement_valid_during'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('committed_amount__gte', 0), ('committed_amount__lte', models.F('ceiling_amount'))), name='agreement_within_ceiling'),
                    models.CheckConstraint(condition=models.Q(('procedure__in', ['open', 'simplified', 'direct', 'central'])), name='agreement_procedure'),
                    models.CheckConstraint(condition=models.Q(('call_off_method__in', ['single', 'ranking', 'dynamic_ranking', 'distribution_key', 'mini_competition'])), name='agreement_call_off_method'),
                    models.CheckConstraint(condition=models.Q(('price_clause__in', ['fixed', 'index'])), name='agreement_price_clause'),
                    models.CheckConstraint(condition=models.Q(('diary_number', ''), ('diary_number__regex', '^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$'), _connector='OR'), name='agreement_diary_number'),
                    models.CheckConstraint(condition=models.Q(models.Q(('until_further_notice', False), ('valid_during__upper_inf', False)), models.Q(('notice_months__gt', 0), ('until_further_notice', True), ('valid_during__upper_inf', True)), ('status__in', ['draft', 'decided']), _connector='OR'), name='agreement_ends_or_is_until_further_notice'),
                    models.CheckConstraint(condition=models.Q(('ceiling_amount__gt', 0), ('status__in', ['draft', 'decided']), _connector='OR'), name='agreement_has_a_ceiling'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'decided', 'active', 'terminated', 'ended'])), name='agreement_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('closing_reason', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('status__in', ['terminated', 'ended']), models.Q(('closing_reason', ''), _negated=True)), _connector='OR'), name='agreement_closed_by_somebody'),
                    models.CheckConstraint(condition=models.Q(('law__in', ['lou', 'luf', 'lufs', 'luk', 'lov'])), name='agreement_law'),
                    models.CheckConstraint(condition=models.Q(('code_of_conduct_level', ''), ('code_of_conduct_level__in', ['none', 'base', 'advanced']), _connector='OR'), name='agreement_code_of_conduct_level'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('is_opening', models.BooleanField(default=False)),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='agreements.agreement')),
            ],
            options={
                'indexes': [models.Index(fields=['agreement', 'at'], name='commitment_agreement_at')],
            },
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('direct_award', 'Direktupphandlingsgräns'), ('documentation', 'Dokumentationsplikt från'), ('procurement', 'Tröskelvärde'), ('split_days', 'Ett behov eller flera: dagar'), ('pair_orders', 'Samma leverantör igen: antal köp'), ('pair_percent', 'Samma leverantör igen: andel'), ('near_percent', 'Strax under en gräns: avstånd'), ('near_count', 'Strax under en gräns: antal beställningar'), ('near_times', 'Strax under en gräns: gånger fler'), ('odd_days', 'Godkänt när det är stängt: dagar'), ('night_begins', 'Godkänt när det är stängt: natten börjar'), ('night_ends', 'Godkänt när det är stängt: natten slutar')], max_length=15)),
                ('value', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thresholds', to='categories.category')),
            ],
            options={
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('kind', '='), (django.db.models.functions.comparison.Coalesce('category', 0), '='), ('valid_during', '&&')], name='threshold_no_overlap'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['direct_award', 'documentation', 'procurement', 'split_days', 'pair_orders', 'pair_percent', 'near_percent', 'near_count', 'near_times', 'odd_days', 'night_begins', 'night_ends'])), name='threshold_kind'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('direct_award', 'documentation', 'procurement')), ('value__gt', 0)), models.Q(('kind', 'split_days'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (2, 31))), models.Q(('kind', 'pair_orders'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (2, 100))), models.Q(('kind', 'pair_percent'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (1, 100))), models.Q(('kind', 'near_percent'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (1, 50))), models.Q(('kind', 'near_count'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (2, 100))), models.Q(('kind', 'near_times'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (2, 10))), models.Q(('kind', 'odd_days'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (2, 100))), models.Q(('kind', 'night_begins'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (18, 24))), models.Q(('kind', 'night_ends'), ('value', django.db.models.functions.math.Floor('value')), ('value__range', (0, 9))), _connector='OR'), name='threshold_is_possible'),
                    models.CheckConstraint(condition=models.Q(('category', None), ('kind__in', ('direct_award', 'documentation', 'procurement')), _connector='OR'), name='threshold_of_category_is_amount'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AgreementAdministration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('administration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_places', to='organizations.administration')),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='administrations', to='agreements.agreement')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('agreement', 'administration'), name='agreement_administration_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AgreementOption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('months', models.PositiveSmallIntegerField()),
                ('decide_by_date', models.DateField()),
                ('decision', models.CharField(blank=True, choices=[('used', 'Utnyttjad'), ('not_used', 'Inte utnyttjad')], max_length=8)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='options', to='agreements.agreement')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('months__range', (1, 120)), ('number__gt', 0)), name='agreement_option_months'),
                    models.UniqueConstraint(fields=('agreement', 'number'), name='agreement_option_number'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision', ''), ('reason', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('decision__in', ['used', 'not_used']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='agreement_option_decided_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AgreementReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deadline', models.CharField(choices=[('option', 'Beslut om option'), ('notice', 'Sista dag för uppsägning'), ('prices', 'Sista dag att begära ändrade priser'), ('start', 'Nästa upphandling behöver starta'), ('end', 'Avtalet slutar')], max_length=6)),
                ('date', models.DateField()),
                ('told_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='agreements.agreement')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('deadline__in', ['option', 'notice', 'prices', 'start', 'end'])), name='agreement_reminder_deadline'),
                    models.UniqueConstraint(fields=('agreement', 'deadline', 'date', 'person'), name='agreement_reminder_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AgreementSupplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField()),
                ('share_percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('committed_amount', core.fields.AmountField(db_default=Decimal('0.00'), decimal_places=2, default=Decimal('0.00'), editable=False, max_digits=16)),
                ('turn', models.PositiveSmallIntegerField(db_default=1, default=1, editable=False)),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='suppliers', to='agreements.agreement')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_places', to='agreements.supplier')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('rank__gt', 0)), name='agreement_supplier_rank_from_one'),
                    models.CheckConstraint(condition=models.Q(('share_percent', None), models.Q(('share_percent__gt', 0), ('share_percent__lte', Decimal('100'))), _connector='OR'), name='agreement_supplier_share'),
                    models.CheckConstraint(condition=models.Q(('committed_amount__gte', 0)), name='agreement_supplier_committed'),
                    models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('agreement', 'rank'), name='agreement_supplier_rank'),
                    models.UniqueConstraint(fields=('agreement', 'supplier'), name='agreement_supplier_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('taken_back_at', None)), fields=('user',), name='calendar_feed_one_at_a_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AgreementDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='agreements.agreement')),
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agreement_document', to='attachments.attachment')),
            ],
        ),
        migrations.CreateModel(
            name='IndexSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=150)),
                ('source', models.CharField(max_length=200)),
                ('base', models.CharField(max_length=40)),
                ('link_month', models.DateField(blank=True, null=True)),
                ('continues', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='agreements.indexseries')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('continues', None), ('link_month', None)), models.Q(('continues__isnull', False), ('link_month__day', 1), ('link_month__isnull', False)), _connector='OR'), name='index_series_linked_in_a_month'),
                ],
            },
        ),
        migrations.CreateModel(
            name='IndexClause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_month', models.DateField()),
                ('share_percent', models.DecimalField(decimal_places=2, default=Decimal('100'), max_digits=5)),
                ('threshold_percent', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=5)),
                ('cap_percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('interval_months', models.PositiveSmallIntegerField(default=12)),
                ('lag_months', models.PositiveSmallIntegerField(default=3)),
                ('notice_days', models.PositiveSmallIntegerField(default=0)),
                ('first_date', models.DateField()),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='index_clauses', to='agreements.agreement')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clauses', to='agreements.indexseries')),
            ],
            options={
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('agreement', '='), ('valid_during', '&&')], name='index_clause_no_overlap'),
                    models.CheckConstraint(condition=models.Q(('share_percent__gt', 0), ('share_percent__lte', 100), ('threshold_percent__gte', 0), ('threshold_percent__lte', 100)), name='index_clause_share_and_threshold'),
                    models.CheckConstraint(condition=models.Q(('cap_percent', None), models.Q(('cap_percent__gt', 0), ('cap_percent__gte', models.F('threshold_percent'))), _connector='OR'), name='index_clause_cap_reaches_threshold'),
                    models.CheckConstraint(condition=models.Q(('interval_months__range', (1, 120)), ('lag_months__range', (1, 24)), ('notice_days__lte', 366)), name='index_clause_times'),
                    models.CheckConstraint(condition=models.Q(('base_month__day', 1), ('first_date__gt', models.F('base_month'))), name='index_clause_base_month'),
                ],
            },
        ),
        migrations.CreateModel(
            name='IndexValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('value', models.DecimalField(decimal_places=4, max_digits=12)),
                ('published_date', models.DateField()),
                ('series', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='values', to='agreements.indexseries')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('series', 'month'), name='index_value_month_once'),
                    models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='index_value_positive'),
                    models.CheckConstraint(condition=models.Q(('month__day', 1), ('published_date__gt', models.F('month'))), name='index_value_published_after_its_month_began'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FormerPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('option_months', models.PositiveSmallIntegerField()),
                ('until_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='former_periods', to='agreements.agreement')),
            ],
            options={
                'indexes': [models.Index(fields=['agreement', 'until_at'], name='former_period_until')],
            },
        ),
    ]
