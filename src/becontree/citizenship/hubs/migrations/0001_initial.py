import becontree.foundations.kit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('conversations', '0001_initial'),
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hub',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=70, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('about', models.TextField(max_length=2000)),
                ('place', models.CharField(max_length=200)),
                ('when', models.CharField(max_length=200)),
                ('step_free', models.BooleanField(default=False)),
                ('made_by', models.CharField(max_length=80)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hubs', to='people.organisation')),
                ('wards', models.ManyToManyField(related_name='+', to='places.ward')),
            ],
            options={
                'ordering': ['name', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('about', ''), _negated=True), models.Q(('place', ''), _negated=True), models.Q(('when', ''), _negated=True)), name='a_hub_says_what_where_and_when')],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('handle', models.CharField(default=becontree.foundations.kit.ids.short_id, max_length=16, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('place', models.CharField(max_length=200)),
                ('step_free', models.BooleanField(default=False)),
                ('agenda', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('planned', 'planned'), ('open', 'going on'), ('over', 'over'), ('cancelled', 'cancelled')], default='planned', max_length=10)),
                ('code', models.CharField(blank=True, max_length=8)),
                ('showing', models.PositiveIntegerField(blank=True, null=True)),
                ('attendance', models.PositiveIntegerField(blank=True, null=True)),
                ('notes', models.TextField(blank=True, max_length=8000)),
                ('consent', models.BooleanField(default=False)),
                ('papers', models.PositiveIntegerField(default=0)),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
                ('began_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='conversations.conversation')),
                ('hub', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='hubs.hub')),
                ('ward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.ward')),
            ],
            options={
                'ordering': ['-starts_at', 'handle'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='a_code_opens_one_room'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('code', ''), _connector='OR'), name='a_code_only_while_it_goes_on'), models.CheckConstraint(condition=models.Q(('notes', ''), ('consent', True), _connector='OR'), name='notes_only_with_consent'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'over'), _negated=True), models.Q(('attendance__isnull', False), ('ended_at__isnull', False)), _connector='OR'), name='what_is_over_was_counted')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=40)),
                ('number', models.PositiveIntegerField()),
                ('votes', models.PositiveIntegerField()),
                ('typed_by', models.CharField(max_length=80)),
                ('typed_at', models.DateTimeField()),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='hubs.meeting')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.participant')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'key'), name='a_sheet_is_typed_once'), models.UniqueConstraint(fields=('meeting', 'number'), name='a_sheet_has_its_own_number')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('asked_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='hubs.meeting')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('meeting', 'person'), name='a_person_is_reminded_once'), models.UniqueConstraint(condition=models.Q(('address', ''), _negated=True), fields=('meeting', 'address'), name='an_address_is_reminded_once'), models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('person__isnull', False)), models.Q(('person__isnull', True), models.Q(('address', ''), _negated=True)), _connector='OR'), name='a_reminder_goes_to_one')],
            },
        ),
        migrations.CreateModel(
            name='Shown',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shown', to='hubs.meeting')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Volunteer',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('offer', models.CharField(max_length=400)),
                ('state', models.CharField(choices=[('offered', 'has offered'), ('helping', 'is helping'), ('left', 'no longer')], default='offered', max_length=8)),
                ('offered_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('hub', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='volunteers', to='hubs.hub')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['offered_at'],
                'constraints': [models.UniqueConstraint(fields=('hub', 'person'), name='one_offer_a_person_and_hub')],
            },
        ),
    ]
