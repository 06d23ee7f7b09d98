import django.contrib.postgres.fields.ranges
import django.contrib.postgres.constraints
import core.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agreements', '0001_initial'),
        ('catalog', '0001_initial'),
        ('categories', '0001_initial'),
        ('organizations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LineDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('approved', 'Godkänd'), ('adjusted', 'Antal ändrat'), ('substituted', 'Ersatt'), ('returned', 'Fråga ställd'), ('rejected', 'Avslagen'), ('undone', 'Godkännande ångrat')], max_length=12)),
                ('rule', models.CharField(choices=[('responsible', 'som ansvarig för raden'), ('manager', 'som kategoriansvarig'), ('deputy', 'som ersättare'), ('delegate', 'på delegation'), ('head', 'som inköpschef'), ('policy', 'genom stående godkännande'), ('terms', 'av sig självt, när villkoren ändrades')], max_length=12)),
                ('at', models.DateTimeField()),
                ('reason_code', models.CharField(blank=True, choices=[('already_ordered', 'Finns redan i en beställning'), ('in_stock', 'Finns i förråd'), ('not_needed', 'Behovet är inte styrkt'), ('other_solution', 'Behovet löses på annat sätt'), ('not_allowed', 'Följer inte riktlinjen för inköp')], max_length=20)),
                ('comment', models.TextField(blank=True)),
                ('quantity', core.fields.QuantityField(blank=True, decimal_places=3, max_digits=15, null=True)),
                ('unit_price', core.fields.UnitPriceField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='line_decisions', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.item')),
                ('on_behalf_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['by', '-at'], name='decision_by_latest'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['approved', 'adjusted', 'substituted', 'returned', 'rejected', 'undone'])), name='decision_kind'),
                    models.CheckConstraint(condition=models.Q(('rule__in', ['responsible', 'manager', 'deputy', 'delegate', 'head', 'policy', 'terms'])), name='decision_rule'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'rejected'), models.Q(('reason_code', ''), _negated=True)), models.Q(models.Q(('kind', 'rejected'), _negated=True), ('reason_code', '')), _connector='OR'), name='decision_rejection_has_reason'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('description', models.CharField(max_length=250)),
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('unit', models.CharField(max_length=20)),
                ('units_per_order_unit', models.DecimalField(decimal_places=3, default=1, max_digits=10)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('requested_date', models.DateField()),
                ('expected_date', models.DateField()),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='order_lines', to='catalog.item')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='order_line_quantity_positive'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('received_quantity', core.fields.QuantityField(decimal_places=3, default=0, max_digits=15)),
                ('order_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='procurement.orderline')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('received_quantity__lt', models.F('quantity'))), fields=['order_line'], name='allocation_not_received'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('received_quantity__gte', 0), ('received_quantity__lte', models.F('quantity'))), name='allocation_received_within_quantity'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PurchaseOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('ready', 'Klar att skicka'), ('sent', 'Skickad'), ('not_sent', 'Inte skickad'), ('cancelled', 'Makulerad')], default='ready', max_length=10)),
                ('next_attempt_at', models.DateTimeField()),
                ('send_attempts', models.PositiveIntegerField(default=0)),
                ('send_error', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('number', models.CharField(max_length=14, unique=True)),
                ('created_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='agreements.agreement')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery_place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='organizations.deliveryplace')),
                ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='agreements.supplier')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['-created_at', '-id'], name='order_latest'),
                    models.Index(condition=models.Q(('status', 'sent'), _negated=True), fields=['-created_at', '-id'], name='order_latest_not_sent'),
                    models.Index(condition=models.Q(('status', 'ready')), fields=['next_attempt_at'], name='order_due'),
                    models.Index(condition=models.Q(('status', 'not_sent')), fields=['created_at'], name='order_not_sent'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['ready', 'sent', 'not_sent', 'cancelled'])), name='order_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='order_sent_has_time'),
                ],
            },
        ),
        migrations.AddField(
            model_name='orderline',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='procurement.purchaseorder'),
        ),
        migrations.CreateModel(
            name='OrderDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('order', 'Inköpsorder'), ('cancellation', 'Makulering')], max_length=12)),
                ('pdf', models.BinaryField()),
                ('pdf_sha256', models.CharField(max_length=64)),
                ('csv', models.BinaryField()),
                ('csv_sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='procurement.purchaseorder')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('order', 'kind'), name='order_document_unique'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['order', 'cancellation'])), name='order_document_kind'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CancellationNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('ready', 'Klar att skicka'), ('sent', 'Skickad'), ('not_sent', 'Inte skickad'), ('cancelled', 'Makulerad')], default='ready', max_length=10)),
                ('next_attempt_at', models.DateTimeField()),
                ('send_attempts', models.PositiveIntegerField(default=0)),
                ('send_error', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('requested_at', models.DateTimeField()),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cancellation_notice', to='procurement.purchaseorder')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('status', 'ready')), fields=['next_attempt_at'], name='cancellation_notice_due'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['ready', 'sent', 'not_sent'])), name='cancellation_notice_status'),
                    models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('status', 'sent')), models.Q(models.Q(('status', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='cancellation_notice_sent_has_time'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('key_content', models.CharField(blank=True, max_length=64)),
                ('received_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='organizations.department')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['department', '-received_at'], name='receipt_department_latest'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('key',), name='receipt_key_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReceiptLine',
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
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('deviation', models.CharField(choices=[('none', 'Ingen avvikelse'), ('over', 'För många'), ('short', 'För få, resten kommer inte'), ('damaged', 'Skadad'), ('wrong', 'Fel vara')], default='none', max_length=8)),
                ('deviation_quantity', core.fields.QuantityField(decimal_places=3, default=0, max_digits=15)),
                ('comment', models.CharField(blank=True, max_length=200)),
                ('delivered_date', models.DateField()),
                ('description', models.CharField(blank=True, max_length=250)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('units_per_order_unit', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ('stands_for_factor', models.DecimalField(blank=True, decimal_places=8, max_digits=20, null=True)),
                ('administration', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.administration')),
                ('agreement', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                ('allocation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipt_lines', to='procurement.allocation')),
                ('item', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.item')),
                ('category', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='categories.category')),
                ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department')),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='procurement.receipt')),
                ('stands_for', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.item')),
                ('supplier', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.supplier')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['-delivered_date'], name='receipt_line_latest'),
                    models.Index(condition=models.Q(('deviation', 'none'), _negated=True), fields=['allocation'], name='receipt_line_deviating'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('receipt', 'allocation'), name='receipt_line_unique'),
                    models.CheckConstraint(condition=models.Q(('deviation__in', ['none', 'over', 'short', 'damaged', 'wrong'])), name='receipt_line_deviation'),
                    models.CheckConstraint(condition=models.Q(models.Q(('deviation_quantity__gte', 0), ('quantity__gt', 0)), models.Q(('quantity', 0), models.Q(('deviation', 'none'), _negated=True)), _connector='OR'), name='receipt_line_says_something'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reply', to='procurement.linedecision')),
            ],
        ),
        migrations.CreateModel(
            name='Requisition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(blank=True, null=True)),
                ('key_content', models.CharField(blank=True, max_length=64)),
                ('number', models.CharField(blank=True, max_length=12, null=True, unique=True)),
                ('needed_by_date', models.DateField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.accountingcode')),
                ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.accountingcode')),
                ('charged_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charged_requisitions', to='organizations.department')),
                ('delivery_place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requisitions', to='organizations.deliveryplace')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requisitions', to='organizations.department')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.accountingcode')),
                ('requester', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requisitions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['-submitted_at', '-id'], name='requisition_latest'),
                    models.Index(fields=['department', '-submitted_at'], name='requisition_department_latest'),
                    models.Index(fields=['department', 'requester', '-submitted_at'], name='requisition_requester_latest'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('key',), name='requisition_key_unique'),
                    models.UniqueConstraint(condition=models.Q(('submitted_at', None)), fields=('requester', 'department'), name='requisition_one_basket'),
                    models.CheckConstraint(condition=models.Q(models.Q(('number', None), ('submitted_at', None)), models.Q(('activity__isnull', False), ('delivery_place__isnull', False), ('needed_by_date__isnull', False), ('number__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='requisition_complete_when_submitted'),
                ],
            },
        ),
        migrations.CreateModel(
            name='BudgetAttest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('needed_by_date', models.DateField()),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('judged_amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('limit', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('over_frame_amount', core.fields.AmountField(decimal_places=2, default=Decimal('0.00'), max_digits=16)),
                ('earlier_amount', core.fields.AmountField(decimal_places=2, default=Decimal('0.00'), max_digits=16)),
                ('status', models.CharField(choices=[('pending', 'Väntar på attest'), ('attested', 'Attesterad'), ('refused', 'Attest nekad'), ('superseded', 'Ersatt av ny attest'), ('closed', 'Behövs inte längre')], default='pending', max_length=12)),
                ('requested_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.TextField(blank=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('on_behalf_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('responsible', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attests', to=settings.AUTH_USER_MODEL)),
                ('requisition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attests', to='procurement.requisition')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attests', to='organizations.department')),
                ('delivery_place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.deliveryplace')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'attested', 'refused', 'superseded', 'closed'])), name='attest_status'),
                    models.UniqueConstraint(condition=models.Q(('status__in', ('superseded', 'closed')), _negated=True), fields=('requisition', 'department', 'delivery_place', 'needed_by_date'), name='attest_one_current'),
                    models.CheckConstraint(condition=models.Q(('limit__isnull', False), ('over_frame_amount__gt', 0), _connector='OR'), name='attest_has_ground'),
                    models.CheckConstraint(condition=models.Q(('judged_amount__gte', models.F('amount'))), name='attest_judged_on_all'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='attest_decided_by_and_at'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['attested', 'refused']), _negated=True), ('decided_by__isnull', False), _connector='OR'), name='attest_decided_when_final'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RequisitionLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('kind', models.CharField(choices=[('item', 'Artikel'), ('free_text', 'Eget önskemål'), ('service', 'Tjänst')], max_length=10)),
                ('description', models.CharField(max_length=250)),
                ('specification', models.TextField(blank=True)),
                ('service_place', models.CharField(blank=True, max_length=100)),
                ('service_start_date', models.DateField(blank=True, null=True)),
                ('service_end_date', models.DateField(blank=True, null=True)),
                ('suggested_supplier', models.CharField(blank=True, max_length=120)),
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('unit', models.CharField(max_length=20)),
                ('units_per_order_unit', models.DecimalField(decimal_places=3, default=1, max_digits=10)),
                ('unit_price', core.fields.UnitPriceField(decimal_places=4, max_digits=16)),
                ('is_price_estimated', models.BooleanField(default=False)),
                ('amount', core.fields.AmountField(decimal_places=2, max_digits=16)),
                ('is_account_chosen', models.BooleanField(default=False)),
                ('needed_by_date', models.DateField(blank=True, null=True)),
                ('lead_days', models.PositiveSmallIntegerField(default=3)),
                ('asked_unit_price', core.fields.UnitPriceField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('accepted_unit_price', core.fields.UnitPriceField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('status', models.CharField(choices=[('draft', 'I korgen'), ('awaiting', 'Prövas'), ('returned', 'Fråga till dig'), ('approved', 'Godkänd'), ('ordered', 'Beställd'), ('partly_received', 'Delvis mottagen'), ('received', 'Mottagen'), ('rejected', 'Avslagen'), ('withdrawn', 'Återtagen'), ('superseded', 'Ersatt av ny version'), ('cancelled', 'Annullerad')], default='draft', max_length=16)),
                ('routing_rule', models.CharField(blank=True, choices=[('manager', 'Kategoriansvarig'), ('manager_above', 'Ansvarig för överordnad kategori'), ('deputy_away', 'Ersättare, ansvarig är ledig'), ('deputy_conflict', 'Ersättare, ansvarig är själv beställare'), ('deputy_left', 'Ersättare, ansvarig har slutat'), ('head', 'Inköpschef, ingen annan finns'), ('triage', 'Inköpschef fördelar, kategori saknas')], max_length=16)),
                ('routing_facts', models.JSONField(blank=True, default=dict)),
                ('response_due_date', models.DateField(blank=True, null=True)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('approved_quantity', core.fields.QuantityField(blank=True, decimal_places=3, max_digits=15, null=True)),
                ('approved_unit', models.CharField(blank=True, max_length=20)),
                ('approved_units_per_order_unit', models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True)),
                ('approved_factor', models.DecimalField(blank=True, decimal_places=8, max_digits=20, null=True)),
                ('approved_condition', models.TextField(blank=True)),
                ('approved_unit_price', core.fields.UnitPriceField(blank=True, decimal_places=4, max_digits=16, null=True)),
                ('approved_amount', core.fields.AmountField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('order_due_at', models.DateTimeField(blank=True, null=True)),
                ('released_quantity', core.fields.QuantityField(decimal_places=3, default=0, max_digits=15)),
                ('released_amount', core.fields.AmountField(decimal_places=2, default=0, max_digits=16)),
                ('taken_back_reason', models.TextField(blank=True)),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.accountingcode')),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='agreements.agreement')),
                ('approved_agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approved_lines', to='agreements.agreement')),
                ('approved_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approved_lines', to='catalog.item')),
                ('approved_supplier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approved_lines', to='agreements.supplier')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='categories.category')),
                ('charged_department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='charged_lines', to='organizations.department')),
                ('delivery_place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='organizations.deliveryplace')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_lines', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='catalog.item')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='procurement.requisitionline')),
                ('requisition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='procurement.requisition')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responsible_lines', to=settings.AUTH_USER_MODEL)),
                ('supplier', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='agreements.supplier')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('status', 'awaiting')), fields=['responsible', 'response_due_date'], name='line_queue'),
                    models.Index(condition=models.Q(('status', 'approved')), fields=['order_due_at'], name='line_to_order'),
                    models.Index(condition=models.Q(('status__in', ('ordered', 'partly_received'))), fields=['requisition'], name='line_to_receive'),
                    models.Index(fields=['category', 'status'], name='line_category_status'),
                    models.Index(fields=['item', '-submitted_at'], name='line_item_latest'),
                    models.Index(models.F('charged_department'), django.db.models.functions.comparison.Coalesce('service_end_date', 'service_start_date', 'needed_by_date'), name='line_charged'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('requisition', 'position', 'version'), name='line_version_unique'),
                    models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'awaiting', 'returned', 'approved', 'ordered', 'partly_received', 'received', 'rejected', 'withdrawn', 'superseded', 'cancelled'])), name='line_status'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['item', 'free_text', 'service'])), name='line_kind'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('quantity__gt', 0), ('unit_price__gte', 0)), name='line_positive'),
                    models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None), ('accepted_unit_price', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False), ('accepted_unit_price__gt', models.F('unit_price'))), _connector='OR'), name='line_accepted_price_has_person'),
                    models.CheckConstraint(condition=models.Q(('asked_unit_price', None), ('asked_unit_price__gt', django.db.models.functions.comparison.Coalesce('accepted_unit_price', 'unit_price')), _connector='OR'), name='line_asked_price_is_higher'),
                    models.CheckConstraint(condition=models.Q(('asked_unit_price', None), models.Q(('status__in', ('approved', 'ordered', 'partly_received', 'received')), _negated=True), _connector='OR'), name='line_committed_asks_nothing'),
                    models.CheckConstraint(condition=models.Q(models.Q(('item__isnull', False), ('kind', 'item')), models.Q(('kind', 'item'), _negated=True), _connector='OR'), name='line_item_has_item'),
                    models.CheckConstraint(condition=models.Q(('status', 'draft'), models.Q(('response_due_date__isnull', False), ('responsible__isnull', False), ('submitted_at__isnull', False), models.Q(('routing_rule', ''), _negated=True)), _connector='OR'), name='line_submitted_has_responsible'),
                    models.CheckConstraint(condition=models.Q(('status', 'draft'), models.Q(('charged_department__isnull', False), ('delivery_place__isnull', False), ('needed_by_date__isnull', False)), _connector='OR'), name='line_submitted_has_delivery'),
                    models.CheckConstraint(condition=models.Q(models.Q(('released_amount', 0), ('released_quantity', 0)), models.Q(('released_amount__gte', 0), ('released_amount__lte', models.F('approved_amount')), ('released_quantity__gt', 0), ('released_quantity__lte', models.F('approved_quantity')), ('status', 'received')), _connector='OR'), name='line_released_within_approved'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('approved', 'ordered', 'partly_received', 'received')), _negated=True), models.Q(('approved_amount__isnull', False), ('approved_quantity__gt', 0), ('approved_supplier__isnull', False), ('approved_unit_price__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), ('order_due_at__isnull', False)), _connector='OR'), name='line_committed_is_decided'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('approved', 'ordered', 'partly_received', 'received')), _negated=True), ('taken_back_reason', ''), _connector='OR'), name='line_committed_is_not_taken_back'),
                ],
            },
        ),
        migrations.AddField(
            model_name='linedecision',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='procurement.requisitionline'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='procurement.requisitionline'),
        ),
        migrations.CreateModel(
            name='SendAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('order', 'Inköpsorder'), ('cancellation', 'Makulering')], max_length=12)),
                ('number', models.PositiveIntegerField()),
                ('address', models.CharField(max_length=254)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(choices=[('under_way', 'Pågår'), ('sent', 'Skickad'), ('refused', 'Gick inte i väg'), ('uncertain', 'Kan ha gått fram')], default='under_way', max_length=9)),
                ('reason', models.TextField(blank=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='procurement.purchaseorder')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('order', 'kind', 'number'), name='send_attempt_number_unique'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['order', 'cancellation'])), name='send_attempt_kind'),
                    models.CheckConstraint(condition=models.Q(('outcome__in', ['under_way', 'sent', 'refused', 'uncertain'])), name='send_attempt_outcome'),
                    models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('outcome', 'under_way')), models.Q(models.Q(('outcome', 'under_way'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='send_attempt_ended_has_time'),
                    models.UniqueConstraint(condition=models.Q(('outcome', 'under_way')), fields=('order', 'kind'), name='send_attempt_one_under_way'),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='order_line_position_unique'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.UniqueConstraint(fields=('line', 'order_line'), name='allocation_unique'),
        ),
        migrations.CreateModel(
            name='OrderTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.CharField(choices=[('monday', 'Måndag'), ('tuesday', 'Tisdag'), ('wednesday', 'Onsdag'), ('thursday', 'Torsdag'), ('friday', 'Fredag')], max_length=9)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('time', models.TimeField()),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('weekday', '='), ('number', '='), ('valid_during', '&&')], name='order_time_numbers_apart'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='order_time_is_numbered'), models.CheckConstraint(condition=models.Q(('weekday__in', ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'])), name='order_time_weekday')],
            },
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('severity', models.CharField(choices=[('remove', 'Ta undan genast'), ('ask_first', 'Använd inte utan att fråga'), ('inform', 'Bara för kännedom')], max_length=10)),
                ('batch', models.CharField(blank=True, max_length=100)),
                ('since_date', models.DateField()),
                ('status_before', models.CharField(choices=[('proposed', 'Föreslagen'), ('assessed', 'Bedöms'), ('trial', 'På prov'), ('standard', 'Standard'), ('phasing_out', 'Utgår'), ('retired', 'Utgången'), ('blocked', 'Spärrad')], max_length=12)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, max_length=200)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recalls', to='catalog.item')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('item',), name='recall_one_at_a_time'),
                    models.CheckConstraint(condition=models.Q(('severity__in', ['remove', 'ask_first', 'inform'])), name='recall_severity'),
                    models.CheckConstraint(condition=models.Q(('status_before__in', ['proposed', 'assessed', 'trial', 'standard', 'phasing_out', 'retired', 'blocked'])), name='recall_status_before'),
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='recall_has_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='recall_ended_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RecallCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('called_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('called_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recall_calls', to='procurement.purchaseorder')),
                ('recall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='procurement.recall')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('recall', 'order'), name='recall_call_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RecallUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('told_at', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=200)),
                ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recalls', to='organizations.department')),
                ('recall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='procurement.recall')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('recall', 'department'), name='recall_unit_unique'),
                    models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at', None), ('acknowledged_by', None)), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='recall_acknowledged_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OrderTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('notes', models.CharField(blank=True, max_length=500)),
                ('remind_weekday', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('remind_month_day', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('filled_at', models.DateTimeField(blank=True, null=True)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery_place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.deliveryplace')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='order_templates', to='organizations.department')),
                ('filled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(models.F('department'), django.db.models.functions.text.Lower('name'), name='order_template_name_unique'),
                    models.CheckConstraint(condition=models.Q(('remind_weekday', None), ('remind_month_day', None), _connector='OR'), name='order_template_one_reminder'),
                    models.CheckConstraint(condition=models.Q(('remind_weekday', None), ('remind_weekday__range', (1, 7)), _connector='OR'), name='order_template_weekday'),
                    models.CheckConstraint(condition=models.Q(('remind_month_day', None), ('remind_month_day__range', (1, 31)), _connector='OR'), name='order_template_month_day'),
                    models.CheckConstraint(condition=models.Q(models.Q(('filled_at__isnull', True), ('filled_by__isnull', True)), models.Q(('filled_at__isnull', False), ('filled_by__isnull', False)), _connector='OR'), name='order_template_filled_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TemplateKeeper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_templates', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keepers', to='procurement.ordertemplate')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('template', 'person'), name='template_keeper_unique'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TemplateLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('quantity', core.fields.QuantityField(decimal_places=3, max_digits=15)),
                ('unit', models.CharField(max_length=20)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='template_lines', to='catalog.item')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='procurement.ordertemplate')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('template', 'item'), name='template_line_unique'),
                    models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='template_line_quantity_positive'),
                ],
            },
        ),
    ]
