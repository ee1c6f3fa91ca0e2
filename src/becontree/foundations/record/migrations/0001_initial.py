import becontree.foundations.kit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('body', models.TextField()),
                ('signature', models.TextField()),
            ],
            options={
                'ordering': ('-size',),
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('step', models.CharField(max_length=16)),
                ('title', models.CharField(max_length=300)),
                ('facts', models.JSONField(default=dict)),
                ('happened_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('entered_by', models.CharField(max_length=80)),
                ('sequence', models.BigIntegerField(blank=True, null=True, unique=True)),
                ('leaf', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ('-happened_on', '-recorded_at', 'id'),
                'indexes': [models.Index(fields=['-happened_on', '-recorded_at', 'id'], name='record_entry_newest'), models.Index(fields=['kind'], name='record_entry_kind'), models.Index(condition=models.Q(('sequence__isnull', True)), fields=['recorded_at', 'id'], name='record_entry_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ('heard', 'promised', 'facilitated', 'decided', 'funded', 'delivered', 'measured'))), name='record_entry_step_known'), models.CheckConstraint(condition=models.Q(models.Q(('leaf', ''), ('sequence__isnull', True)), models.Q(('sequence__gte', 0), models.Q(('leaf', ''), _negated=True)), _connector='OR'), name='record_entry_leaf_with_sequence')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='decision', serialize=False, to='record.entry')),
                ('family', models.CharField(max_length=40)),
                ('method', models.CharField(max_length=120)),
                ('record', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('authority', models.CharField(max_length=300)),
                ('reasons', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField()),
                ('index', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('level', 'index'), name='record_node_once')],
            },
        ),
        migrations.CreateModel(
            name='Thing',
            fields=[
                ('ref', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=300)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('step', models.CharField(blank=True, max_length=16)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('step__in', ('', 'heard', 'promised', 'facilitated', 'decided', 'funded', 'delivered', 'measured'))), name='record_thing_step_known')],
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='thing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='record.thing'),
        ),
        migrations.CreateModel(
            name='Because',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='because', to='record.entry')),
                ('cause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='led_to', to='record.thing')),
                ('thing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='caused_by', to='record.thing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'cause'), name='record_because_once')],
            },
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(max_length=200)),
                ('line', models.TextField()),
                ('signed_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='record.checkpoint')),
            ],
            options={
                'ordering': ('witness',),
                'constraints': [models.UniqueConstraint(fields=('checkpoint', 'witness'), name='record_cosignature_once')],
            },
        ),
    ]
