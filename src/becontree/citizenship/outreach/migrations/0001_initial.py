import becontree.foundations.kit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('places', '0001_initial'),
        ('voices', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Street',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120)),
                ('written', models.TextField(max_length=2000)),
                ('door_count', models.PositiveIntegerField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('ward', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.ward')),
            ],
            options={
                'ordering': ['name', 'ward'],
                'constraints': [models.UniqueConstraint(fields=('name', 'ward'), name='outreach_street_once_a_ward'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('door_count__gt', 0)), name='outreach_street_has_doors')],
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('handle', models.CharField(default=becontree.foundations.kit.ids.short_id, max_length=16, unique=True)),
                ('kind', models.CharField(choices=[('doorstep', 'Doorstep round'), ('stall', 'Stall with a tablet')], max_length=8)),
                ('begins_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('place', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('ended', 'ended')], default='planned', max_length=8)),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('canvasser', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shifts', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='voices.round')),
                ('ward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.ward')),
                ('streets', models.ManyToManyField(blank=True, related_name='shifts', to='outreach.street')),
            ],
            options={
                'ordering': ['-begins_on', 'handle'],
                'indexes': [models.Index(fields=['state', '-begins_on'], name='outreach_sh_state_591edf_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('begins_on__lte', models.F('ends_on'))), name='outreach_shift_runs_on'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='outreach_ended_shift_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='NoKnock',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('door', models.CharField(max_length=12)),
                ('since', models.DateField()),
                ('street', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='left_alone', to='outreach.street')),
            ],
            options={
                'ordering': ['street', 'door'],
                'constraints': [models.UniqueConstraint(fields=('street', 'door'), name='outreach_left_alone_once')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=40, unique=True)),
                ('door', models.CharField(blank=True, max_length=12)),
                ('outcome', models.CharField(choices=[('not-home', 'Not at home'), ('refused', 'Did not want to'), ('spoke', 'Spoke'), ('call', 'Asks for a call')], max_length=10)),
                ('on', models.DateField()),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='outreach.shift')),
                ('street', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='outreach.street')),
            ],
            options={
                'ordering': ['-on', 'id'],
                'indexes': [models.Index(fields=['street', '-on'], name='outreach_vi_street__4ef99c_idx'), models.Index(fields=['shift', 'outcome'], name='outreach_vi_shift_i_abcbf1_idx')],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('code', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('token', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('made_at', models.DateTimeField()),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('lost', models.BooleanField(default=False)),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to='outreach.shift')),
            ],
            options={
                'ordering': ['made_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('lost', False), ('ended_at__isnull', False), _connector='OR'), name='outreach_lost_is_ended')],
            },
        ),
        migrations.CreateModel(
            name='CallBack',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('handle', models.CharField(default=becontree.foundations.kit.ids.short_id, max_length=16, unique=True)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('telephone', models.CharField(blank=True, max_length=40)),
                ('about', models.CharField(blank=True, max_length=400)),
                ('asked_on', models.DateField()),
                ('due_on', models.DateField()),
                ('done_on', models.DateField(blank=True, null=True)),
                ('done_by', models.CharField(blank=True, max_length=80)),
                ('shift', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='outreach.shift')),
            ],
            options={
                'ordering': ['due_on', 'handle'],
                'indexes': [models.Index(fields=['done_on', 'due_on'], name='outreach_ca_done_on_08a8b4_idx')],
            },
        ),
    ]
