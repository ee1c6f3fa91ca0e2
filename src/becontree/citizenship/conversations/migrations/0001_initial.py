import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key_hash', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('receipt_hash', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('channel', models.CharField(choices=[('web', 'on this site'), ('room', 'in a room'), ('paper', 'on paper'), ('import', 'taken over from elsewhere')], default='web', max_length=8)),
                ('joined_on', models.DateField()),
                ('draws', models.PositiveIntegerField(default=0)),
                ('recent', models.JSONField(blank=True, default=list)),
                ('banned_at', models.DateTimeField(blank=True, null=True)),
                ('banned_by', models.CharField(blank=True, max_length=80)),
                ('banned_for', models.SlugField(blank=True, max_length=30)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('external', models.CharField(blank=True, max_length=40)),
                ('external_facts', models.JSONField(blank=True, default=dict)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('erased_at__isnull', True), models.Q(('key_hash__isnull', True), ('person__isnull', True), ('receipt_hash__isnull', True)), _connector='OR'), name='a_forgotten_participant_is_nobody'), models.CheckConstraint(condition=models.Q(('banned_at__isnull', True), models.Q(('banned_for', ''), _negated=True), _connector='OR'), name='a_ban_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=70, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('about', models.TextField(blank=True, max_length=4000)),
                ('place', models.CharField(blank=True, max_length=160)),
                ('ground_rules', models.TextField(blank=True, max_length=2000)),
                ('can_change', models.TextField(blank=True, max_length=2000)),
                ('language', models.CharField(default='en', max_length=16)),
                ('host_kind', models.CharField(choices=[('officer', 'The council'), ('resident', 'A resident'), ('hub', 'A voluntary or faith group')], default='officer', max_length=10)),
                ('host_name', models.CharField(blank=True, max_length=120)),
                ('answered_by', models.CharField(blank=True, max_length=120)),
                ('answer_due', models.DateField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('verified', models.CharField(choices=[('never', 'Nobody is checked: everybody who takes part counts'), ('later', 'At the end only those who have signed in count')], default='never', max_length=8)),
                ('results', models.CharField(choices=[('live', 'From the start, as votes come in'), ('close', 'Only when voting is over')], default='close', max_length=8)),
                ('own_statements', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('open', 'open'), ('closed', 'closed, waiting for its answer'), ('answered', 'answered')], default='draft', max_length=10)),
                ('seed', models.CharField(blank=True, max_length=64)),
                ('routing_version', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.JSONField(blank=True, default=dict)),
                ('host', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation')),
                ('ward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.ward')),
            ],
            options={
                'ordering': ['-opened_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('opened_at__isnull', False), ('closes_at__isnull', False), ('answer_due__isnull', False), models.Q(('answered_by', ''), _negated=True), models.Q(('can_change', ''), _negated=True), models.Q(('ground_rules', ''), _negated=True), models.Q(('seed', ''), _negated=True)), _connector='OR'), name='an_open_conversation_says_what_for'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open']), ('closed_at__isnull', False), _connector='OR'), name='a_closed_conversation_has_its_moment')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='contact', serialize=False, to='conversations.participant')),
                ('address', models.EmailField(max_length=254)),
                ('added_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='MapDocument',
            fields=[
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='map', serialize=False, to='conversations.conversation')),
                ('version', models.PositiveIntegerField(default=0)),
                ('through', models.BigIntegerField(default=0)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('groups_tried', models.JSONField(default=list)),
                ('document', models.JSONField(default=dict)),
                ('inside', models.JSONField(default=dict)),
                ('firm', models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField(
            model_name='participant',
            name='conversation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='conversations.conversation'),
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('decision', 'We have decided'), ('idea', 'This becomes a project idea'), ('listening', 'We need to hear more first'), ('cannot', 'We cannot do this')], max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField(max_length=6000)),
                ('team', models.CharField(max_length=120)),
                ('about', models.JSONField(default=list)),
                ('leads_to', models.CharField(blank=True, max_length=120)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='host_answers', to='conversations.conversation')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(models.F('conversation'), models.OrderBy(models.F('at'), descending=True), name='conv_answer_latest')],
            },
        ),
        migrations.CreateModel(
            name='RoutingTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('rows', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='routing_tables', to='conversations.conversation')),
            ],
            options={
                'ordering': ['version'],
                'constraints': [models.UniqueConstraint(fields=('conversation', 'version'), name='a_routing_table_has_its_own_number')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('words', models.TextField(blank=True, max_length=1000)),
                ('original', models.TextField(blank=True, max_length=1000)),
                ('language', models.CharField(default='en', max_length=16)),
                ('about_you', models.BooleanField(default=False)),
                ('is_seed', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'being read'), ('live', 'shown'), ('held', 'not shown'), ('withdrawn', 'taken back')], default='waiting', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('aspiration', models.CharField(blank=True, max_length=120)),
                ('external', models.CharField(blank=True, max_length=40)),
                ('external_facts', models.JSONField(blank=True, default=dict)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='conversations.participant')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='conversations.conversation')),
            ],
            options={
                'ordering': ['number'],
                'indexes': [models.Index(fields=['state', 'made_at'], name='conv_statement_waiting')],
                'constraints': [models.UniqueConstraint(fields=('conversation', 'number'), name='a_statement_has_its_own_number'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('original', ''), ('words', '')), _connector='OR'), name='a_withdrawn_statement_has_no_words')],
            },
        ),
        migrations.CreateModel(
            name='Served',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('table', models.PositiveIntegerField()),
                ('pool', models.CharField(choices=[('all', 'all statements'), ('below the median', 'those with few votes'), ('about you', 'questions about you')], max_length=16)),
                ('candidates', models.PositiveIntegerField()),
                ('chance', models.CharField(max_length=60)),
                ('after', models.BigIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='served', to='conversations.participant')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.statement')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('participant', 'number'), name='a_draw_is_made_once')],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('shown', 'shown'), ('masked', 'shown, but for a part'), ('held', 'not shown')], max_length=10)),
                ('reason', models.SlugField(blank=True, max_length=30)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('on_appeal', models.BooleanField(default=False)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='conversations.statement')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'shown'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_held_statement_has_its_reason')],
            },
        ),
        migrations.AddField(
            model_name='participant',
            name='pending',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.statement'),
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('made_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('upheld', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='conversations.statement')),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('statement',), name='one_open_appeal_a_statement')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('value', models.SmallIntegerField(choices=[(1, 'agree'), (0, 'pass'), (-1, 'disagree')])),
                ('at', models.DateTimeField()),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='conversations.conversation')),
                ('participant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='conversations.participant')),
                ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='conversations.statement')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['conversation', 'id'], name='conv_vote_order'), models.Index(fields=['participant', 'id'], name='conv_vote_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('value__in', [-1, 0, 1])), name='a_vote_is_agree_disagree_or_pass')],
            },
        ),
        migrations.CreateModel(
            name='BanAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('made_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('upheld', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ban_appeals', to='conversations.participant')),
            ],
            options={
                'ordering': ['due_on', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('participant',), name='one_open_appeal_a_ban')],
            },
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('conversation', 'person'), name='one_account_is_one_participant'),
        ),
    ]
