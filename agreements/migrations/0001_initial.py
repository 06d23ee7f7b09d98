import django.db.models.functions.comparison
import django.contrib.postgres.constraints
import core.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('categories', '0001_initial'),
    ]

    operations = [
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
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('order_email__regex', '^[A-Za-z0-9.!#$%&\'*+/=?^_`{|}~-]+@[^\\s@,;:<>()"]+\\.[^\\s@,;:<>()".]+$')), name='supplier_order_email_is_one_address'), models.CheckConstraint(condition=models.Q(('code_of_conduct__in', ['not_started', 'signed', 'approved', 'deviation'])), name='supplier_code_of_conduct')],
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
                ('call_off_method', models.CharField(choices=[('single', 'Löpande avrop'), ('ranking', 'Rangordning'), ('distribution_key', 'Fördelningsnyckel'), ('mini_competition', 'Förnyad konkurrensutsättning')], default='single', max_length=20)),
                ('price_clause', models.CharField(choices=[('fixed', 'Fast pris'), ('index', 'Index')], default='fixed', max_length=8)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('until_further_notice', models.BooleanField(default=False)),
                ('option_months', models.PositiveSmallIntegerField(default=0)),
                ('notice_months', models.PositiveSmallIntegerField(default=0)),
                ('estimated_amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('ceiling_amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('committed_amount', core.fields.AmountField(decimal_places=2, default=Decimal('0.00'), max_digits=16)),
                ('committed_at', models.DateTimeField(blank=True, null=True)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='categories.category')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='agreements.supplier')),
            ],
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
        migrations.AddIndex(
            model_name='agreement',
            index=django.contrib.postgres.indexes.GistIndex(fields=['valid_during'], name='agreement_valid_during'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('committed_amount__gte', 0), ('committed_amount__lte', models.F('ceiling_amount'))), name='agreement_within_ceiling'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('until_further_notice', False), ('valid_during__upper_inf', False)), models.Q(('notice_months__gt', 0), ('until_further_notice', True), ('valid_during__upper_inf', True)), _connector='OR'), name='agreement_ends_or_is_until_further_notice'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('procedure__in', ['open', 'simplified', 'direct', 'central'])), name='agreement_procedure'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('call_off_method__in', ['single', 'ranking', 'distribution_key', 'mini_competition'])), name='agreement_call_off_method'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('price_clause__in', ['fixed', 'index'])), name='agreement_price_clause'),
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('direct_award', 'Direktupphandlingsgräns'), ('documentation', 'Dokumentationsplikt från'), ('procurement', 'Tröskelvärde')], max_length=15)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='thresholds', to='categories.category')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('kind', '='), (django.db.models.functions.comparison.Coalesce('category', 0), '='), ('valid_during', '&&')], name='threshold_no_overlap'), models.CheckConstraint(condition=models.Q(('kind__in', ['direct_award', 'documentation', 'procurement'])), name='threshold_kind'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='threshold_positive')],
            },
        ),
    ]
