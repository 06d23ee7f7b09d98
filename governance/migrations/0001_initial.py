import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import governance.models.guidelines
from django.conf import settings
from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('organizations', '0003_what_is_done_stays_done'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('date', models.DateField()),
                ('diary_number', models.CharField(blank=True, max_length=30)),
                ('auditor', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('diary_number', ''), ('diary_number__regex', '^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$'), _connector='OR'), name='audit_report_diary_number_form')],
            },
        ),
        migrations.CreateModel(
            name='BoardAssignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paragraph', models.CharField(max_length=20)),
                ('body', models.CharField(max_length=120)),
                ('meeting_date', models.DateField()),
                ('diary_number', models.CharField(max_length=30)),
                ('text', models.TextField()),
                ('due_date', models.DateField()),
                ('status', models.CharField(choices=[('open', 'Öppet'), ('reported', 'Återrapporterat'), ('closed', 'Avslutat')], default='open', max_length=8)),
                ('report_diary_number', models.CharField(blank=True, max_length=30)),
                ('reported_date', models.DateField(blank=True, null=True)),
                ('closed_date', models.DateField(blank=True, null=True)),
                ('closing_paragraph', models.CharField(blank=True, max_length=20)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='board_assignments', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('status', 'open')), fields=['due_date'], name='board_assignment_open'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('meeting_date', 'paragraph', 'diary_number'), name='board_assignment_once'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['open', 'reported', 'closed'])), name='board_assignment_status'),
                    models.CheckConstraint(condition=models.Q(('paragraph__regex', '^§ [1-9][0-9]{0,4}$')), name='board_assignment_paragraph_form'),
                    models.CheckConstraint(condition=models.Q(models.Q(('diary_number', ''), ('diary_number__regex', '^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$'), _connector='OR'), models.Q(('diary_number', ''), _negated=True)), name='board_assignment_diary_number_form'),
                    models.CheckConstraint(condition=models.Q(('due_date__gt', models.F('meeting_date'))), name='board_assignment_due_after_it_was_given'),
                    models.CheckConstraint(condition=models.Q(models.Q(('report_diary_number', ''), ('reported_by', None), ('reported_date', None), ('status', 'open')), models.Q(('reported_by__isnull', False), ('reported_date__gte', models.F('meeting_date')), ('status__in', ['reported', 'closed']), models.Q(('report_diary_number', ''), ('report_diary_number__regex', '^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$'), _connector='OR'), models.Q(('report_diary_number', ''), _negated=True)), _connector='OR'), name='board_assignment_reported_in_full'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_by__isnull', False), ('closed_date__gte', models.F('reported_date')), ('status', 'closed')), models.Q(models.Q(('status', 'closed'), _negated=True), ('closed_by', None), ('closed_date', None), ('closing_paragraph', '')), _connector='OR'), name='board_assignment_closed_in_full'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AssignmentReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reminder', models.CharField(choices=[('60', '60 dagar före'), ('30', '30 dagar före'), ('7', '7 dagar före'), ('passed', 'När dagen har passerat')], max_length=6)),
                ('due_date', models.DateField()),
                ('told_at', models.DateTimeField()),
                ('assignment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='governance.boardassignment')),
                ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('assignment', 'reminder', 'due_date', 'responsible'), name='assignment_reminder_once'),
                    models.CheckConstraint(condition=models.Q(('reminder__in', ['60', '30', '7', 'passed'])), name='assignment_reminder_kind'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Guideline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('title', models.CharField(max_length=120)),
                ('status', models.CharField(choices=[('draft', 'Utkast'), ('adopted', 'Antagen')], default='draft', max_length=7)),
                ('adopted_by', models.CharField(blank=True, max_length=120)),
                ('adopted_date', models.DateField(blank=True, null=True)),
                ('diary_number', models.CharField(blank=True, max_length=30)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField(default=governance.models.guidelines._no_days)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'adopted'])), name='guideline_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('adopted_by', ''), ('adopted_date', None), ('diary_number', ''), ('recorded_by', None), ('status', 'draft'), ('valid_during__isempty', True)), models.Q(('adopted_date__isnull', False), ('recorded_by__isnull', False), ('status', 'adopted'), ('valid_during__isempty', False), models.Q(('adopted_by', ''), _negated=True), models.Q(('diary_number', ''), _negated=True)), _connector='OR'), name='guideline_adopted_in_full'),
                    models.CheckConstraint(condition=models.Q(('diary_number', ''), ('diary_number__regex', '^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$'), _connector='OR'), name='guideline_diary_number_form'),
                    models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('status',), name='guideline_one_draft'),
                    django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', 'adopted')), expressions=[('valid_during', '&&')], name='guideline_one_in_force'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ImplementationPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('diary_number', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('diary_number', ''), ('diary_number__regex', '^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$'), _connector='OR'), name='implementation_plan_diary_number_form')],
            },
        ),
        migrations.CreateModel(
            name='Onboarding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('planned_date', models.DateField()),
                ('done_date', models.DateField(blank=True, null=True)),
                ('administration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='onboardings', to='organizations.administration')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='onboardings', to='governance.implementationplan')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('plan', 'administration'), name='onboarding_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Paragraph',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=10)),
                ('heading', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('rules', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('guideline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='paragraphs', to='governance.guideline')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('guideline', 'number'), name='paragraph_number_once'),
                    models.CheckConstraint(condition=models.Q(('number__regex', '^[1-9][0-9]?(\\.[1-9][0-9]?){0,2}$')), name='paragraph_number_form'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PlannedActivity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=300)),
                ('is_milestone', models.BooleanField(default=False)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField()),
                ('done_date', models.DateField(blank=True, null=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='governance.implementationplan')),
                ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_activities', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('plan', 'number'), name='planned_activity_number_once'),
                    models.CheckConstraint(condition=models.Q(('end_date__gte', models.F('start_date'))), name='planned_activity_in_order'),
                    models.CheckConstraint(condition=models.Q(('is_milestone', False), ('end_date', models.F('start_date')), _connector='OR'), name='planned_activity_milestone_is_a_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('received_date', models.DateField()),
                ('status', models.CharField(choices=[('received', 'Mottagen'), ('answered', 'Besvarad'), ('planned', 'Åtgärd planerad'), ('carried_out', 'Genomförd'), ('verified', 'Verifierad'), ('replaced', 'Ersatt')], default='received', max_length=11)),
                ('indicator', models.CharField(blank=True, choices=[('full_year_effect', 'Helårseffekt'), ('realised', 'Hemtagen besparing'), ('net_cost', 'Organisationskostnad och netto'), ('agreement_coverage', 'Avtalstäckning'), ('agreement_loyalty', 'Avtalstrohet'), ('assortment_loyalty', 'Sortimentstrohet'), ('price_index', 'Prisindex för varukorgen'), ('agreements', 'Avtal som slutar eller når sitt tak'), ('direct_awards', 'Direktupphandlingar'), ('lead_time', 'Ledtid'), ('due_diligence', 'Leverantörskontroll'), ('supply_security', 'Försörjningstrygghet'), ('recommendations', 'Revisionens rekommendationer')], max_length=20)),
                ('due_date', models.DateField(blank=True, null=True)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='governance.auditreport')),
                ('carried_out_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='governance.guideline')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('audit', 'number'), name='recommendation_number_once'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['received', 'answered', 'planned', 'carried_out', 'verified', 'replaced'])), name='recommendation_status'),
                    models.CheckConstraint(condition=models.Q(('indicator', ''), ('indicator__in', ['full_year_effect', 'realised', 'net_cost', 'agreement_coverage', 'agreement_loyalty', 'assortment_loyalty', 'price_index', 'agreements', 'direct_awards', 'lead_time', 'due_diligence', 'supply_security', 'recommendations']), _connector='OR'), name='recommendation_indicator'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['planned', 'carried_out', 'verified']), _negated=True), models.Q(('due_date__isnull', False), ('responsible__isnull', False)), _connector='OR'), name='recommendation_planned_in_full'),
                    models.CheckConstraint(condition=models.Q(models.Q(('carried_out_by__isnull', False), ('status__in', ['carried_out', 'verified'])), models.Q(('status__in', ['carried_out', 'verified']), _negated=True), _connector='OR'), name='recommendation_carried_out_by_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'verified'), ('verified_by__isnull', False)), models.Q(models.Q(('status', 'verified'), _negated=True), ('verified_by', None)), _connector='OR'), name='recommendation_verified_by_somebody'),
                    models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(models.Q(('verified_by', models.F('carried_out_by')), _negated=True), models.Q(('verified_by', models.F('responsible')), _negated=True)), _connector='OR'), name='recommendation_verified_by_another'),
                    models.CheckConstraint(condition=models.Q(('replaced_by', None), ('status', 'replaced'), _connector='OR'), name='recommendation_replaced_when_it_is'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RecommendationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('received', 'Mottagen'), ('answered', 'Besvarad'), ('planned', 'Åtgärd planerad'), ('carried_out', 'Genomförd'), ('verified', 'Verifierad'), ('replaced', 'Ersatt')], max_length=11)),
                ('date', models.DateField()),
                ('words', models.TextField()),
                ('evidence', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='governance.recommendation')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['received', 'answered', 'planned', 'carried_out', 'verified', 'replaced'])), name='recommendation_step_status'),
                    models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='recommendation_step_says_something'),
                ],
            },
        ),
    ]
