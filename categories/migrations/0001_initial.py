import core.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('core', '0001_extensions'),
        ('organizations', '0001_initial'),
        # No table here asks for these: what each of their migrations costs grows with the tables that there are.
        ('mfa', '0003_authenticator_type_uniq'),
        ('socialaccount', '0006_alter_socialaccount_extra_data'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.accountingcode')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='categories.category')),
                ('closed_date', models.DateField(blank=True, null=True)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='categories.category')),
                ('is_risk', models.BooleanField(default=False)),
                ('lead_months', models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
            options={
                'indexes': [
                    django.contrib.postgres.indexes.GinIndex(fields=['lineage'], name='category_lineage'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['goods', 'services', 'both'])), name='category_kind'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_date', None), ('merged_into', None)), models.Q(('closed_date__isnull', False), ('merged_into__isnull', False), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='category_closed_is_merged'),
                    models.CheckConstraint(condition=models.Q(('lead_months', None), ('lead_months__range', (1, 60)), _connector='OR'), name='category_lead_months'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CategoryAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='categories.category')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputy_assignments', to=settings.AUTH_USER_MODEL)),
                ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='managed_assignments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('deputy', None), models.Q(('deputy', models.F('manager')), _negated=True), _connector='OR'), name='assignment_deputy_is_another'),
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('category', '='), ('valid_during', '&&')], name='assignment_one_manager_at_a_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CategoryPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('response_days', models.PositiveSmallIntegerField(default=2)),
                ('proposal_response_days', models.PositiveSmallIntegerField(default=10)),
                ('reminder_days', models.PositiveSmallIntegerField(default=1)),
                ('deputy_days', models.PositiveSmallIntegerField(default=2)),
                ('head_days', models.PositiveSmallIntegerField(default=5)),
                ('standing_approval_limit', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('needs_clinical_approval', models.BooleanField(default=False)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='categories.category')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('category', '='), ('valid_during', '&&')], name='policy_one_at_a_time'),
                    models.CheckConstraint(condition=models.Q(('deputy_days__gte', 1), ('head_days__gt', models.F('deputy_days'))), name='policy_escalates_in_turn'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClassificationCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=14, unique=True)),
                ('scheme', models.CharField(choices=[('cpv', 'CPV'), ('emdn', 'EMDN')], max_length=4)),
                ('name', models.CharField(max_length=350)),
                ('name_en', models.CharField(blank=True, max_length=350)),
                ('folded_name', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL('\' \' || translate(lower(name || \' \' || name_en), \'ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ×,;:.()/-–"\'\'+&\', \'aaaaaaooooeeeeeeaaaauuccnnx             \') || \' \'', [], output_field=models.TextField()), output_field=models.TextField())),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='categories.classificationcode')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded_name', name='gin_trgm_ops'), name='classification_trigrams')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('code__regex', '^[0-9]{8}-[0-9]$'), ('scheme', 'cpv')), models.Q(('code__regex', '^[A-Z][0-9]{0,13}$'), ('scheme', 'emdn')), _connector='OR'), name='classification_code_of_its_scheme'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='classification_code_not_its_own_parent')],
            },
        ),
        migrations.CreateModel(
            name='CategoryChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('status', models.CharField(choices=[('planned', 'Planerad'), ('done', 'Genomförd'), ('refused', 'Gick inte att genomföra'), ('taken_back', 'Återtagen')], default='planned', max_length=10)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('refusal', models.TextField(blank=True, default='')),
                ('told', models.JSONField(blank=True, default=dict)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('name_en', models.CharField(blank=True, default='', max_length=100)),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_changes', to='categories.category')),
                ('into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'done', 'refused', 'taken_back'])), name='categorychange_status'), models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='categorychange_done_at_its_moment'), models.UniqueConstraint(fields=('category', 'from_date'), name='category_change_unique'), models.CheckConstraint(condition=models.Q(('into', None), models.Q(('into', models.F('category')), _negated=True), _connector='OR'), name='category_change_into_another'), models.CheckConstraint(condition=models.Q(models.Q(('into__isnull', False), ('name', ''), ('name_en', ''), ('parent', None)), models.Q(('into', None), models.Q(models.Q(('name', ''), ('name_en', ''), _negated=True), ('parent__isnull', False), _connector='OR')), _connector='OR'), name='category_change_of_something')],
            },
        ),
    ]
