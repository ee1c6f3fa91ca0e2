import becontree.foundations.kit.ids
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('transfers', models.BigIntegerField()),
                ('faults', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Month',
            fields=[
                ('last_day', models.DateField(primary_key=True, serialize=False)),
                ('actor', models.CharField(max_length=80)),
                ('closed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-last_day'],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=10)),
                ('unit', models.CharField(default='GBP', max_length=8)),
                ('floor', models.BooleanField(default=False)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('debit_posted', models.BigIntegerField(default=0)),
                ('credit_posted', models.BigIntegerField(default=0)),
                ('debit_pending', models.BigIntegerField(default=0)),
                ('credit_pending', models.BigIntegerField(default=0)),
            ],
            options={
                'ordering': ['code'],
                'indexes': [models.Index(fields=['subject'], name='ledger_account_subject')],
                'constraints': [models.UniqueConstraint(fields=('code',), name='ledger_account_code'), models.CheckConstraint(condition=models.Q(('kind__in', ('asset', 'liability', 'fund', 'income', 'expense', 'memo'))), name='ledger_account_kind'), models.CheckConstraint(condition=models.Q(('unit__in', ('GBP', 'hour', 'item'))), name='ledger_account_unit'), models.CheckConstraint(condition=models.Q(('credit_pending__gte', 0), ('credit_posted__gte', 0), ('debit_pending__gte', 0), ('debit_posted__gte', 0)), name='ledger_account_sums'), models.CheckConstraint(condition=models.Q(('floor', False), models.Q(('debit_posted__gte', django.db.models.expressions.CombinedExpression(models.F('credit_posted'), '+', models.F('credit_pending'))), ('kind__in', ('asset', 'expense'))), models.Q(models.Q(('kind__in', ('asset', 'expense')), _negated=True), ('credit_posted__gte', django.db.models.expressions.CombinedExpression(models.F('debit_posted'), '+', models.F('debit_pending')))), _connector='OR'), name='ledger_account_floor')],
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=60)),
                ('occurred_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('actor', models.CharField(max_length=80)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('lines', models.PositiveIntegerField()),
                ('content', models.CharField(max_length=64)),
                ('reverses', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='ledger.journal')),
            ],
            options={
                'ordering': ['-recorded_at'],
                'indexes': [models.Index(fields=['subject'], name='ledger_journal_subject')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='ledger_journal_key'), models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='ledger_journal_reversed_once'), models.CheckConstraint(condition=models.Q(('lines__gte', 1)), name='ledger_journal_lines')],
            },
        ),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('debit', models.BigIntegerField()),
                ('credit', models.BigIntegerField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='ledger.account')),
                ('month', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='ledger.month')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'account'), name='ledger_closing_once')],
            },
        ),
        migrations.CreateModel(
            name='Reversal',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('asked', 'Waiting for a second person'), ('done', 'Reversed'), ('declined', 'Declined')], default='asked', max_length=10)),
                ('asked_by', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('journal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='ledger.journal')),
                ('result', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal_of', to='ledger.journal')),
            ],
            options={
                'ordering': ['-asked_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('asked', 'done'))), fields=('journal',), name='ledger_reversal_once'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by', ''), ('result', None), ('state', 'asked')), models.Q(('result', None), ('state', 'declined')), models.Q(('result__isnull', False), ('state', 'done')), _connector='OR'), name='ledger_reversal_state'), models.CheckConstraint(condition=models.Q(models.Q(('asked_by', models.F('decided_by')), _negated=True), ('asked_by__startswith', 'system:'), _connector='OR'), name='ledger_reversal_two_people')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('n', models.PositiveIntegerField()),
                ('amount', models.BigIntegerField()),
                ('unit', models.CharField(max_length=8)),
                ('phase', models.CharField(max_length=8)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('occurred_on', models.DateField()),
                ('credit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('debit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('journal', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='ledger.journal')),
                ('pending', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resolved_by', to='ledger.transfer')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['debit', 'occurred_on', 'id'], name='ledger_by_debit'), models.Index(fields=['credit', 'occurred_on', 'id'], name='ledger_by_credit')],
                'constraints': [models.UniqueConstraint(fields=('journal', 'n'), name='ledger_transfer_once'), models.UniqueConstraint(condition=models.Q(('pending__isnull', False)), fields=('pending',), name='ledger_transfer_resolved_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='ledger_transfer_amount'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='ledger_transfer_two_accounts'), models.CheckConstraint(condition=models.Q(('unit__in', ('GBP', 'hour', 'item'))), name='ledger_transfer_unit'), models.CheckConstraint(condition=models.Q(models.Q(('pending', None), ('phase__in', ('single', 'pending'))), models.Q(('pending__isnull', False), ('phase__in', ('post', 'void'))), _connector='OR'), name='ledger_transfer_phase')],
            },
        ),
    ]
