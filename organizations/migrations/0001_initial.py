import core.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('core', '0001_extensions'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('org_number', models.CharField(max_length=11, unique=True)),
                ('invoice_name', models.CharField(blank=True, max_length=100)),
                ('invoice_street', models.CharField(blank=True, max_length=100)),
                ('invoice_postcode', models.CharField(blank=True, max_length=6)),
                ('invoice_city', models.CharField(blank=True, max_length=50)),
                ('peppol_id', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('peppol_id', ''), ('peppol_id__regex', '^[0-9]{4}:[A-Za-z0-9._~-]{1,50}$'), _connector='OR'), name='authority_peppol_address')],
            },
        ),
        migrations.CreateModel(
            name='FailedAttempts',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField()),
                ('first_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('first_name', models.CharField(max_length=60)),
                ('last_name', models.CharField(max_length=60)),
                ('title', models.CharField(blank=True, max_length=80)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('language', models.CharField(default='sv', max_length=5)),
                ('has_queue_keys', models.BooleanField(default=True)),
                ('session_round', models.PositiveIntegerField(default=0)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique_any_case'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), ('during', '&&')], name='absence_no_overlap'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AccountingCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(choices=[('account', 'Konto'), ('activity', 'Verksamhet'), ('project', 'Projekt')], max_length=10)),
                ('code', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=100)),
                ('closed_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dimension', 'code'), name='accounting_code_unique'), models.CheckConstraint(condition=models.Q(('dimension__in', ['account', 'activity', 'project'])), name='accounting_code_dimension')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=128, unique=True)),
                ('token_key', models.CharField(db_index=True, max_length=25)),
                ('name', models.CharField(max_length=60)),
                ('created', models.DateTimeField()),
                ('expiry', models.DateTimeField()),
                ('scope', models.CharField(choices=[('read', 'Läsa'), ('order', 'Läsa, beställa och ta emot'), ('decide', 'Allt, också besluta och attestera')], max_length=10)),
                ('password_digest', models.CharField(max_length=64)),
                ('has_second_factor', models.BooleanField(default=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'name'), name='api_token_name_unique'),
                    models.CheckConstraint(condition=models.Q(('scope__in', ['read', 'order', 'decide'])), name='api_token_scope'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Administration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('closed_date', models.DateField(blank=True, null=True)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='administrations', to='organizations.authority')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='organizations.administration')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('closed_date__isnull', False), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='administration_merged_is_closed'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(choices=[('all', 'Beslut och attester'), ('decisions', 'Bara beslut'), ('attests', 'Bara attester')], default='all', max_length=9)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('reason', models.CharField(max_length=200)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('delegate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_received', to=settings.AUTH_USER_MODEL)),
                ('delegator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('delegator', models.F('delegate')), _negated=True), name='delegation_to_another'),
                    models.CheckConstraint(condition=models.Q(('scope__in', ['all', 'decisions', 'attests'])), name='delegation_scope'),
                    django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('revoked_at', None), ('scope__in', ('all', 'decisions'))), expressions=[('delegator', '='), ('valid_during', '&&')], name='delegation_of_decisions_no_overlap'),
                    django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('revoked_at', None), ('scope__in', ('all', 'attests'))), expressions=[('delegator', '='), ('valid_during', '&&')], name='delegation_of_attests_no_overlap'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cost_center', models.CharField(max_length=10, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.accountingcode')),
                ('closed_date', models.DateField(blank=True, null=True)),
                ('administration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='organizations.administration')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='organizations.department')),
                ('told_closed_date', models.DateField(blank=True, null=True)),
                ('told_baskets_date', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('closed_date__isnull', False), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='department_merged_is_closed'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DeliveryPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('street', models.CharField(max_length=100)),
                ('postcode', models.CharField(max_length=10)),
                ('city', models.CharField(max_length=50)),
                ('closed_date', models.DateField(blank=True, null=True)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delivery_places', to='organizations.department')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('department', 'name'), name='delivery_place_name_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BudgetFrame',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('consequence', models.CharField(choices=[('warn', 'Säg till, och låt beställningen gå vidare'), ('route', 'Låt budgetansvarig attestera')], db_default='warn', default='warn', max_length=5)),
                ('decision', models.CharField(blank=True, db_default='', default='', max_length=100)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budget_frames', to='organizations.department')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='budget_frame_amount'),
                    models.CheckConstraint(condition=models.Q(('consequence__in', ['warn', 'route'])), name='budget_frame_consequence'),
                    models.CheckConstraint(condition=models.Q(('valid_during__lower_inf', False), ('valid_during__upper_inf', False)), name='budget_frame_has_ends'),
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('department', '='), ('valid_during', '&&')], name='budget_frame_no_overlap'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('requester', 'Beställare'), ('budget_holder', 'Budgetansvarig'), ('controller', 'Ekonom'), ('head_of_procurement', 'Inköpschef'), ('auditor', 'Revisor'), ('administrator', 'Systemadministratör'), ('clinical_reviewer', 'Klinisk granskare'), ('goods_receiver', 'Godsmottagare')], max_length=20)),
                ('amount_limit', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('is_substitute', models.BooleanField(db_default=False, default=False)),
                ('decision', models.CharField(blank=True, db_default='', default='', max_length=100)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='organizations.department')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('directory', models.CharField(blank=True, db_default='', default='', max_length=40)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('role__in', ['requester', 'budget_holder', 'controller', 'head_of_procurement', 'auditor', 'administrator', 'clinical_reviewer', 'goods_receiver'])), name='membership_role'),
                    models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('role__in', ['requester', 'budget_holder', 'goods_receiver'])), models.Q(models.Q(('role__in', ['requester', 'budget_holder', 'goods_receiver']), _negated=True), ('department__isnull', True)), _connector='OR'), name='membership_department_when_needed'),
                    models.CheckConstraint(condition=models.Q(('is_substitute', False), ('role', 'budget_holder'), _connector='OR'), name='membership_substitute_attests'),
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), ('role', '='), (django.db.models.functions.comparison.Coalesce('department', 0), '='), ('valid_during', '&&')], name='membership_no_overlap'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PasswordLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('invitation', 'Inbjudan'), ('forgotten', 'Glömt lösenord')], max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('digest', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('next_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('failure', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='password_link', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['invitation', 'forgotten'])), name='password_link_kind'), models.CheckConstraint(condition=models.Q(models.Q(('digest', None), ('expires_at', None)), models.Q(('digest__isnull', False), ('expires_at__isnull', False)), _connector='OR'), name='password_link_digest_with_its_end')],
            },
        ),
        migrations.CreateModel(
            name='GroupRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('directory', models.CharField(max_length=40)),
                ('group', models.CharField(max_length=200)),
                ('role', models.CharField(choices=[('requester', 'Beställare'), ('budget_holder', 'Budgetansvarig'), ('controller', 'Ekonom'), ('head_of_procurement', 'Inköpschef'), ('auditor', 'Revisor'), ('administrator', 'Systemadministratör'), ('clinical_reviewer', 'Klinisk granskare'), ('goods_receiver', 'Godsmottagare')], max_length=20)),
                ('amount_limit', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('directory', 'group', 'role', 'department'), name='group_rule_unique', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('role__in', ['requester', 'budget_holder', 'controller', 'head_of_procurement', 'auditor', 'administrator', 'clinical_reviewer', 'goods_receiver'])), name='group_rule_role'), models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', False), ('role__in', ['requester', 'budget_holder', 'goods_receiver'])), models.Q(models.Q(('role__in', ['requester', 'budget_holder', 'goods_receiver']), _negated=True), ('department__isnull', True)), _connector='OR'), name='group_rule_department_when_needed')],
            },
        ),
        migrations.CreateModel(
            name='AdministrationChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('status', models.CharField(choices=[('planned', 'Planerad'), ('done', 'Genomförd'), ('refused', 'Gick inte att genomföra'), ('taken_back', 'Återtagen')], default='planned', max_length=10)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('refusal', models.TextField(blank=True, default='')),
                ('told', models.JSONField(blank=True, default=dict)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('administration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_changes', to='organizations.administration')),
                ('into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.administration')),
            ],
            options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'done', 'refused', 'taken_back'])), name='administrationchange_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='administrationchange_done_at_its_moment'),
                    models.UniqueConstraint(fields=('administration', 'from_date'), name='administration_change_unique'),
                    models.CheckConstraint(condition=models.Q(('into', None), models.Q(('into', models.F('administration')), _negated=True), _connector='OR'), name='administration_change_into_another'),
                    models.CheckConstraint(condition=models.Q(models.Q(('into__isnull', False), ('name', '')), models.Q(('into', None), models.Q(('name', ''), _negated=True)), _connector='OR'), name='administration_change_of_one_thing'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DepartmentChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('status', models.CharField(choices=[('planned', 'Planerad'), ('done', 'Genomförd'), ('refused', 'Gick inte att genomföra'), ('taken_back', 'Återtagen')], default='planned', max_length=10)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('refusal', models.TextField(blank=True, default='')),
                ('told', models.JSONField(blank=True, default=dict)),
                ('name', models.CharField(blank=True, default='', max_length=100)),
                ('administration', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.administration')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='planned_changes', to='organizations.department')),
                ('into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department')),
            ],
            options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'done', 'refused', 'taken_back'])), name='departmentchange_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='departmentchange_done_at_its_moment'),
                    models.UniqueConstraint(fields=('department', 'from_date'), name='department_change_unique'),
                    models.CheckConstraint(condition=models.Q(('into', None), models.Q(('into', models.F('department')), _negated=True), _connector='OR'), name='department_change_into_another'),
                    models.CheckConstraint(condition=models.Q(models.Q(('administration', None), ('into__isnull', False), ('name', '')), models.Q(('into', None), models.Q(models.Q(('name', ''), _negated=True), ('administration__isnull', False), _connector='OR')), _connector='OR'), name='department_change_of_something'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Departure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('status', models.CharField(choices=[('planned', 'Planerad'), ('done', 'Genomförd'), ('refused', 'Gick inte att genomföra'), ('taken_back', 'Återtagen')], default='planned', max_length=10)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('refusal', models.TextField(blank=True, default='')),
                ('told', models.JSONField(blank=True, default=dict)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departures', to=settings.AUTH_USER_MODEL)),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departures_succeeded', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'done', 'refused', 'taken_back'])), name='departure_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('status', 'done')), models.Q(models.Q(('status', 'done'), _negated=True), ('done_at', None)), _connector='OR'), name='departure_done_at_its_moment'),
                    models.UniqueConstraint(fields=('person', 'from_date'), name='departure_unique'),
                    models.UniqueConstraint(condition=models.Q(('status', 'planned')), fields=('person',), name='departure_planned_once'),
                    models.CheckConstraint(condition=models.Q(('person', models.F('successor')), _negated=True), name='departure_succeeded_by_another'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DirectoryKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('directory', models.CharField(max_length=40)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('beginning', models.CharField(max_length=8)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('heard_at', models.DateTimeField(blank=True, null=True)),
                ('end_told_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('name',), name='directory_key_name_unique'),
                    models.CheckConstraint(condition=models.Q(('directory', ''), _negated=True), name='directory_key_has_directory'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DirectoryMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('act', models.CharField(choices=[('joined', 'Började'), ('changed', 'Ändrades'), ('left', 'Slutade'), ('returned', 'Kom tillbaka'), ('group_added', 'Gruppen lades till'), ('group_changed', 'Gruppen ändrades'), ('group_removed', 'Gruppen togs bort'), ('refused', 'Gick inte att göra')], max_length=20)),
                ('label', models.CharField(max_length=254)),
                ('detail', models.TextField(blank=True)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='organizations.directorykey')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('act__in', ['joined', 'changed', 'left', 'returned', 'group_added', 'group_changed', 'group_removed', 'refused'])), name='directory_message_act'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ProvisionedGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('directory', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('external_id', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('directory'), django.db.models.functions.text.Lower('name'), name='provisioned_group_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='ProvisionedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('directory', models.CharField(max_length=40)),
                ('user_name', models.CharField(max_length=254)),
                ('external_id', models.CharField(blank=True, max_length=254)),
                ('display_name', models.CharField(blank=True, max_length=200)),
                ('emails', models.JSONField(default=list)),
                ('employee_number', models.CharField(blank=True, max_length=60)),
                ('department', models.CharField(blank=True, max_length=200)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provisioned', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['directory', 'external_id'], name='provisioned_person_external'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('directory', 'user'), name='provisioned_person_once'),
                    models.UniqueConstraint(models.F('directory'), django.db.models.functions.text.Lower('user_name'), name='provisioned_person_user_name_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ProvisionedMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='organizations.provisionedgroup')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='organizations.provisionedperson')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('group', 'person'), name='provisioned_member_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FormerDepartment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until_at', models.DateTimeField()),
                ('name', models.CharField(max_length=100)),
                ('administration_name', models.CharField(max_length=100)),
                ('administration', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='organizations.administration')),
                ('department', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='former_departments', to='organizations.department')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['department', 'until_at'], name='former_department_until'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FormerPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until_at', models.DateTimeField()),
                ('name', models.CharField(max_length=121)),
                ('title', models.CharField(blank=True, max_length=80)),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='former_people', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['person', 'until_at'], name='former_person_until'),
                ],
            },
        ),
    ]
