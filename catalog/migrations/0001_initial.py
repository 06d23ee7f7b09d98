import core.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from core.creation import Creation


class Migration(Creation):

    dependencies = [
        ('agreements', '0001_initial'),
        ('attachments', '0001_initial'),
        ('categories', '0001_initial'),
        ('organizations', '0001_initial'),
        ('registers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                ('told_last_order_date', models.DateField(blank=True, editable=False, null=True)),
                ('tried', models.JSONField(db_default=models.Value([], output_field=models.JSONField()), default=list, editable=False)),
                ('usual_weekly_quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ('search_vector', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL("setweight(to_tsvector('swedish', name), 'A') || setweight(to_tsvector('simple', number || ' ' || coalesce(gtin, '')), 'A') || setweight(to_tsvector('english', name_en), 'B') || setweight(to_tsvector('swedish', description), 'C')", [], output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('folded_name', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL('\' \' || translate(lower(name || \' \' || size), \'ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ×,;:.()/-–"\'\'+&\', \'aaaaaaooooeeeeeeaaaauuccnnx             \') || \' \'', [], output_field=models.TextField()), output_field=models.TextField())),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='categories.category')),
                ('cpv', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.classificationcode')),
                ('emdn', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.classificationcode')),
                ('unspsc', models.CharField(blank=True, max_length=8)),
            ],
            options={
                'indexes': [
                    django.contrib.postgres.indexes.GinIndex(fields=['search_vector'], name='item_search'),
                    django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded_name', name='gin_trgm_ops'), name='item_folded_trigrams'),
                    django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('folded_name', name='gin_trgm_ops'), condition=models.Q(('usual_weekly_quantity__isnull', False)), name='item_used_trigrams'),
                    django.contrib.postgres.indexes.GinIndex(condition=models.Q(('usual_weekly_quantity__isnull', False)), fields=['search_vector'], name='item_used_search'),
                    models.Index(models.OrderBy(models.F('usual_weekly_quantity'), descending=True, nulls_last=True), models.F('id'), condition=models.Q(('status__in', ('trial', 'standard', 'phasing_out', 'blocked'))), name='item_most_used'),
                    models.Index(models.F('category'), models.OrderBy(models.F('usual_weekly_quantity'), descending=True, nulls_last=True), models.F('id'), condition=models.Q(('status__in', ('trial', 'standard', 'phasing_out', 'blocked'))), name='item_category_most_used'),
                    models.Index(condition=models.Q(('status__in', ('trial', 'standard', 'phasing_out', 'blocked')), models.Q(('family', ''), _negated=True)), fields=['category', 'family'], name='item_family'),
                    models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower(models.Func(models.F('name'), models.Value('ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ'), models.Value('{{||||}}}}eeeeeeaaaayyccnn'), function='translate', output_field=models.TextField())), 'C'), models.F('id'), name='item_by_name'),
                    models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower(models.Func(models.F('size'), models.Value('ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ'), models.Value('{{||||}}}}eeeeeeaaaayyccnn'), function='translate', output_field=models.TextField())), 'C'), models.F('id'), name='item_by_size'),
                    models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower(models.Func(models.F('base_unit'), models.Value('ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ'), models.Value('{{||||}}}}eeeeeeaaaayyccnn'), function='translate', output_field=models.TextField())), 'C'), models.F('id'), name='item_by_base_unit'),
                    models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Lower(models.Func(models.F('order_unit'), models.Value('ÅåÄäÆæÖöØøÉéÈèÊêÀàÁáÜüÇçÑñ'), models.Value('{{||||}}}}eeeeeeaaaayyccnn'), function='translate', output_field=models.TextField())), 'C'), models.F('id'), name='item_by_order_unit'),
                    models.Index(condition=models.Q(('cpv__isnull', False)), fields=['cpv'], name='item_cpv'),
                    models.Index(condition=models.Q(('emdn__isnull', False)), fields=['emdn'], name='item_emdn'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'assessed', 'trial', 'standard', 'phasing_out', 'retired', 'blocked'])), name='item_status'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['goods', 'service'])), name='item_kind'),
                    models.CheckConstraint(condition=models.Q(('criteria_level__in', ['none', 'base', 'advanced', 'leading'])), name='item_criteria_level'),
                    models.CheckConstraint(condition=models.Q(('units_per_order_unit__gt', 0)), name='item_units_positive'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'phasing_out'), _negated=True), ('last_order_date__isnull', False), _connector='OR'), name='item_phasing_out_has_last_date'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'blocked'), _negated=True), models.Q(('blocked_reason', ''), _negated=True), _connector='OR'), name='item_blocked_has_reason'),
                    models.UniqueConstraint(models.Func(models.F('gtin'), models.Value('0'), function='ltrim', output_field=models.CharField()), name='item_gtin_unique_without_zeros'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Favourite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='favourites', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='favourites', to='catalog.item')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('person', 'item'), name='favourite_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('environment', 'Miljö'), ('organic', 'Ekologiskt'), ('social', 'Rättvisa villkor'), ('health', 'Hälsa och allergi')], default='environment', max_length=15)),
                ('issuer', models.CharField(blank=True, max_length=100)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['environment', 'organic', 'social', 'health'])), name='label_kind'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='label_has_name')],
            },
        ),
        migrations.CreateModel(
            name='ItemDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('data_sheet', 'Produktblad'), ('instructions', 'Bruksanvisning'), ('safety_sheet', 'Säkerhetsdatablad'), ('conformity', 'Försäkran om överensstämmelse (CE)'), ('proof', 'Bevis för märkning eller krav')], max_length=15)),
                ('valid_through_date', models.DateField(blank=True, null=True)),
                ('told_through_date', models.DateField(blank=True, editable=False, null=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='catalog.item')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('removed_at', None), ('valid_through_date__isnull', False)), fields=['valid_through_date'], name='item_document_expires')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('removed_at', None), ('removed_by', None)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='item_document_removed_by_somebody'), models.CheckConstraint(condition=models.Q(('kind__in', ['data_sheet', 'instructions', 'safety_sheet', 'conformity', 'proof'])), name='item_document_kind')],
            },
        ),
        migrations.CreateModel(
            name='ItemPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('description', models.CharField(max_length=150)),
                ('position', models.IntegerField()),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='attachments.attachment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='catalog.item')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('removed_at', None), ('removed_by', None)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='item_picture_removed_by_somebody'), models.CheckConstraint(condition=models.Q(('description', ''), _negated=True), name='item_picture_is_described'), models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('item', 'position'), include=('attachment',), name='item_picture_position')],
            },
        ),
        migrations.CreateModel(
            name='ItemLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('licence_number', models.CharField(blank=True, max_length=60)),
                ('valid_through_date', models.DateField(blank=True, null=True)),
                ('told_through_date', models.DateField(blank=True, editable=False, null=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='catalog.item')),
                ('label', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='catalog.label')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('valid_through_date__isnull', False)), fields=['valid_through_date'], name='item_label_expires')],
                'constraints': [models.UniqueConstraint(fields=('item', 'label'), name='item_label_unique')],
            },
        ),
        migrations.CreateModel(
            name='ItemCeiling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ceiling_quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('committed_quantity', core.fields.QuantityField(decimal_places=3, default=0, max_digits=15)),
                ('opening_quantity', core.fields.QuantityField(decimal_places=3, default=0, editable=False, max_digits=15)),
                ('units_per_order_unit', models.DecimalField(db_default=1, decimal_places=3, default=1, editable=False, max_digits=10)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_ceilings', to='agreements.agreement')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ceilings', to='catalog.item')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('agreement', 'item'), name='item_ceiling_unique'),
                    models.CheckConstraint(condition=models.Q(('committed_quantity__gte', 0), ('committed_quantity__lte', models.F('ceiling_quantity'))), name='item_within_ceiling'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_unit', models.CharField(blank=True, default='', max_length=20)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('units_per_order_unit', models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True)),
                ('minimum_quantity', core.fields.QuantityField(decimal_places=3, default=1, max_digits=15)),
                ('lead_days', models.PositiveSmallIntegerField(default=3)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='agreements.agreement')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='catalog.item')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='agreements.supplier')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('unit_price__gt', 0)), name='price_positive'),
                    models.CheckConstraint(condition=models.Q(('minimum_quantity__gt', 0)), name='price_minimum_positive'),
                    models.CheckConstraint(condition=models.Q(models.Q(('order_unit', ''), ('units_per_order_unit__isnull', False), _connector='OR'), ('units_per_order_unit__gt', 0)), name='price_has_pack'),
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('item', '='), (django.db.models.functions.comparison.Coalesce('agreement', 0), '='), ('supplier', '='), ('minimum_quantity', '='), ('order_unit', '='), ('valid_during', '&&')], name='price_no_overlap'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('factor', models.DecimalField(decimal_places=4, default=1, max_digits=10)),
                ('equivalence', models.CharField(choices=[('full', 'Likvärdig'), ('with_condition', 'Likvärdig med villkor'), ('crisis_only', 'Bara i kris')], default='full', max_length=15)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('from_item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='substitutions', to='catalog.item')),
                ('to_item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='catalog.item')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('from_item', models.F('to_item')), _negated=True), name='substitution_by_another'),
                    models.CheckConstraint(condition=models.Q(('factor__gt', 0)), name='substitution_factor_positive'),
                    models.CheckConstraint(condition=models.Q(('equivalence__in', ['full', 'with_condition', 'crisis_only'])), name='substitution_equivalence'),
                    models.CheckConstraint(condition=models.Q(('equivalence', 'full'), models.Q(('note', ''), _negated=True), _connector='OR'), name='substitution_condition_said'),
                    models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='substitution_approved_by_somebody'),
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('from_item', '='), ('to_item', '='), ('valid_during', '&&')], name='substitution_no_overlap'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='organizations.department')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='catalog.item')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('valid_during__lower_inf', False), ('valid_during__upper_inf', False)), name='trial_has_last_day'),
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('item', '='), ('department', '='), ('valid_during', '&&')], name='trial_no_overlap'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=60)),
                ('means', models.CharField(max_length=60)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('term'), django.db.models.functions.text.Lower('means'), name='synonym_unique')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('word', models.CharField(max_length=170, primary_key=True, serialize=False)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass('word', name='gin_trgm_ops'), name='word_trigrams')],
            },
        ),
        migrations.CreateModel(
            name='DepartmentFavourite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='favourites', to='organizations.department')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='department_favourites', to='catalog.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('department', 'item'), name='department_favourite_unique'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('department', 'position'), name='department_favourite_place')],
            },
        ),
        migrations.CreateModel(
            name='PriceProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField()),
                ('reason', models.TextField()),
                ('status', models.CharField(choices=[('proposed', 'Föreslaget'), ('approved', 'Godkänt'), ('rejected', 'Avslaget'), ('withdrawn', 'Återtaget'), ('lapsed', 'Förfallet')], default='proposed', max_length=10)),
                ('registered_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_reason', models.TextField(blank=True)),
                ('agreed_from_date', models.DateField(blank=True, null=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_proposals', to='agreements.agreement')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('index_clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='price_proposals', to='agreements.indexclause')),
                ('of_import', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='price_proposals', to='registers.import')),
                ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('split_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='catalog.priceproposal')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.supplier')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'approved', 'rejected', 'withdrawn', 'lapsed'])), name='price_proposal_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'proposed')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('status', 'proposed'), _negated=True)), _connector='OR'), name='price_proposal_decided_by_and_at'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('approved', 'rejected')), _negated=True), models.Q(('decided_by', models.F('registered_by')), _negated=True), _connector='OR'), name='price_proposal_decided_by_another'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'rejected'), _negated=True), models.Q(('decision_reason', ''), _negated=True), _connector='OR'), name='price_proposal_rejected_with_reason'),
                    models.CheckConstraint(condition=models.Q(('agreed_from_date', None), models.Q(('agreed_from_date__gt', models.F('from_date')), ('status', 'approved')), _connector='OR'), name='price_proposal_agreed_later'),
                    models.CheckConstraint(condition=models.Q(models.Q(('index_clause__isnull', False), ('registered_by', None)), models.Q(('index_clause', None), ('registered_by__isnull', False)), _connector='OR'), name='price_proposal_by_somebody_or_a_clause'),
                    models.UniqueConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('split_from', None)), fields=('index_clause', 'supplier', 'from_date'), name='price_proposal_once_of_a_clause_and_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ProposedPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('new_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('annual_quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('department_count', models.PositiveIntegerField()),
                ('annual_effect', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('agreed_price', core.fields.UnitPriceField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('units_per_order_unit', models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True)),
                ('lead_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('through_date', models.DateField(blank=True, null=True)),
                ('price', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='catalog.price')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='catalog.priceproposal')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('proposal', 'price'), name='proposed_price_once'),
                    models.CheckConstraint(condition=models.Q(('annual_quantity__gte', 0), ('new_price__gt', 0)), name='proposed_price_positive'),
                    models.CheckConstraint(condition=models.Q(('agreed_price', None), models.Q(('agreed_price__gt', 0), ('agreed_price__lte', models.F('new_price'))), _connector='OR'), name='proposed_price_agreed_is_no_higher'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PriceProposalFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='price_proposal_file', to='attachments.attachment')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='catalog.priceproposal')),
            ],
        ),
        migrations.CreateModel(
            name='IndexAdjustment',
            fields=[
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='index_adjustment', serialize=False, to='catalog.priceproposal')),
                ('base_month', models.DateField()),
                ('base_value', models.DecimalField(decimal_places=4, max_digits=12)),
                ('month', models.DateField()),
                ('value', models.DecimalField(decimal_places=4, max_digits=12)),
                ('links', models.JSONField(blank=True, default=list)),
                ('change_percent', models.DecimalField(decimal_places=4, max_digits=12)),
                ('percent', models.DecimalField(decimal_places=4, max_digits=12)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('base_value__gt', 0), ('month__gt', models.F('base_month')), ('percent__lte', models.F('change_percent')), ('value__gt', 0)), name='index_adjustment_of_two_months'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ItemCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=14)),
                ('order_unit', models.CharField(max_length=20)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='catalog.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.Func(models.F('code'), models.Value('0'), function='ltrim', output_field=models.CharField()), name='item_code_unique'), models.CheckConstraint(condition=models.Q(('code__regex', '^([0-9]{8}|[0-9]{12,14})$')), name='item_code_is_gtin'), models.CheckConstraint(condition=models.Q(('order_unit', ''), _negated=True), name='item_code_has_unit')],
            },
        ),
        migrations.CreateModel(
            name='RenewedCompetition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=200)),
                ('diary_number', models.CharField(blank=True, max_length=20)),
                ('invited_date', models.DateField()),
                ('bids_by_date', models.DateField()),
                ('status', models.CharField(choices=[('open', 'Pågår'), ('awarded', 'Tilldelad'), ('cancelled', 'Avbruten')], default='open', max_length=9)),
                ('started_at', models.DateTimeField()),
                ('award_during', django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_reason', models.CharField(blank=True, max_length=1000)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='competitions', to='agreements.agreement')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('winner', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.competitionbid')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['open', 'awarded', 'cancelled'])), name='competition_status'),
                    models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='competition_has_a_subject'),
                    models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('agreement', 'subject'), name='competition_once_while_open'),
                    models.CheckConstraint(condition=models.Q(('diary_number', ''), ('diary_number__regex', '^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$'), _connector='OR'), name='competition_diary_number'),
                    models.CheckConstraint(condition=models.Q(('bids_by_date__gt', models.F('invited_date'))), name='competition_gives_time_to_bid'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('decision_reason', ''), ('status', 'open')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decision_reason', ''), _negated=True), models.Q(('status', 'open'), _negated=True)), _connector='OR'), name='competition_decided_by_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('award_during__isnull', False), ('status', 'awarded'), ('winner__isnull', False)), models.Q(models.Q(('status', 'awarded'), _negated=True), ('award_during', None), ('winner', None)), _connector='OR'), name='competition_awarded_to_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CompetitionBid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_date', models.DateField()),
                ('outcome', models.CharField(choices=[('awaited', 'Inget svar än'), ('bid', 'Anbud'), ('declined', 'Avstår'), ('no_answer', 'Svarade inte')], db_default='awaited', default='awaited', max_length=9)),
                ('amount', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('registered_at', models.DateTimeField(blank=True, null=True)),
                ('competition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bids', to='catalog.renewedcompetition')),
                ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='competition_bids', to='agreements.supplier')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('competition', 'supplier'), name='competition_bid_once'),
                    models.CheckConstraint(condition=models.Q(('outcome__in', ['awaited', 'bid', 'declined', 'no_answer'])), name='competition_bid_outcome'),
                    models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('outcome', 'bid')), models.Q(models.Q(('outcome', 'bid'), _negated=True), ('amount', None)), _connector='OR'), name='competition_bid_has_its_amount'),
                    models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'awaited'), ('registered_at', None), ('registered_by', None)), models.Q(models.Q(('outcome', 'awaited'), _negated=True), ('registered_at__isnull', False), ('registered_by__isnull', False)), _connector='OR'), name='competition_bid_registered_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CompetitionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', core.fields.QuantityField(decimal_places=3, default=1, max_digits=15)),
                ('competition', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='catalog.renewedcompetition')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='competitions', to='catalog.item')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('competition', 'item'), name='competition_item_once'),
                    models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='competition_item_asks_for_some'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BidPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_unit', models.CharField(blank=True, default='', max_length=20)),
                ('units_per_order_unit', models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('bid', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='catalog.competitionbid')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bid_prices', to='catalog.item')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('bid', 'item', 'order_unit'), name='bid_price_once'),
                    models.CheckConstraint(condition=models.Q(('unit_price__gt', 0)), name='bid_price_positive'),
                    models.CheckConstraint(condition=models.Q(models.Q(('order_unit', ''), ('units_per_order_unit__isnull', False), _connector='OR'), ('units_per_order_unit__gt', 0)), name='bid_price_has_pack'),
                ],
            },
        ),
    ]
