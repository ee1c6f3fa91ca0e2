import becontree.foundations.kit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='BreakGlass',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80)),
                ('thing', models.CharField(max_length=64)),
                ('reason', models.TextField()),
                ('opened_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('verdict', models.CharField(blank=True, choices=[('justified', 'Justified'), ('unjustified', 'Not justified')], max_length=12)),
                ('review', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='glass_broken', to=settings.AUTH_USER_MODEL)),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='glass_broken_about', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-opened_at', 'id'],
                'indexes': [models.Index(fields=['person', 'kind', 'ends_at'], name='access_glass_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='access_glass_has_reason'), models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('person')), _negated=True), _connector='OR'), name='access_glass_not_reviewed_by_self')],
            },
        ),
        migrations.CreateModel(
            name='ConflictOfInterest',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('ref', models.CharField(db_index=True, max_length=200)),
                ('nature', models.TextField()),
                ('declared_at', models.DateTimeField()),
                ('declared_by', models.CharField(max_length=80)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('person', 'ref'), name='access_conflict_once')],
            },
        ),
        migrations.CreateModel(
            name='ReadEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=80)),
                ('thing', models.CharField(max_length=64)),
                ('purpose', models.CharField(max_length=40)),
                ('glass', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reads', to='access.breakglass')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reads_made', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reads_about', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['subject', '-at'], name='access_read_subject'), models.Index(fields=['reader', '-at'], name='access_read_reader')],
            },
        ),
    ]
