import becontree.citizenship.voices.models.rounds
import becontree.foundations.kit.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('handle', models.CharField(default=becontree.foundations.kit.ids.short_id, max_length=16, unique=True)),
                ('way', models.CharField(choices=[('clerk', 'typed in'), ('class', 'a school class'), ('file', 'a file'), ('sync', 'a tablet')], max_length=8)),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('open', 'being typed in'), ('done', 'done'), ('undone', 'undone')], default='open', max_length=8)),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
                ('kept', models.JSONField(blank=True, default=dict)),
                ('file_name', models.CharField(blank=True, max_length=160)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('content', models.JSONField(blank=True, null=True)),
                ('mapping', models.JSONField(blank=True, default=dict)),
                ('undone_by', models.CharField(blank=True, max_length=80)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-made_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'undone'), _negated=True), models.Q(('undone_at__isnull', False), models.Q(('undone_by', ''), _negated=True)), _connector='OR'), name='what_is_undone_says_by_whom'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open']), ('content__isnull', True), _connector='OR'), name='a_finished_batch_keeps_no_file')],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('address', models.EmailField(max_length=254)),
                ('mark', models.CharField(db_index=True, max_length=64)),
                ('language', models.CharField(default='en', max_length=16)),
                ('made_at', models.DateTimeField()),
                ('expires_on', models.DateField(db_index=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('address', ''), _negated=True), models.Q(('mark', ''), _negated=True)), name='a_contact_has_an_address')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('recipe', models.SlugField(blank=True, max_length=40)),
                ('title', models.CharField(max_length=160)),
                ('why', models.TextField(blank=True, max_length=2000)),
                ('changes', models.TextField(blank=True, help_text='What the answers can change, and what not', max_length=2000)),
                ('answerer', models.CharField(blank=True, help_text='Who will answer, by office', max_length=160)),
                ('answer_by', models.DateField(blank=True, null=True)),
                ('opens_on', models.DateField(blank=True, null=True)),
                ('closes_on', models.DateField(blank=True, null=True)),
                ('places', models.JSONField(blank=True, default=list)),
                ('languages', models.JSONField(default=becontree.citizenship.voices.models.rounds.english)),
                ('privacy', models.TextField(blank=True, max_length=8000)),
                ('moderation', models.TextField(blank=True, max_length=4000)),
                ('reasons', models.JSONField(blank=True, default=list)),
                ('team', models.CharField(blank=True, max_length=80)),
                ('verification', models.CharField(choices=[('never', 'Nobody has to show who they are'), ('later', 'People may show later that they live here, if they wish')], default='never', max_length=8)),
                ('layout', models.CharField(choices=[('page', 'All questions on one page'), ('each', 'One question a page')], default='page', max_length=8)),
                ('double_entry', models.BooleanField(default=False)),
                ('asks_equality', models.BooleanField(default=False)),
                ('asks_contact', models.BooleanField(default=True)),
                ('contact_days', models.PositiveSmallIntegerField(default=730)),
                ('easy_read', models.TextField(blank=True, max_length=8000)),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('open', 'open'), ('closed', 'closed; we are reading'), ('answered', 'answered')], default='draft', max_length=8)),
                ('asked', models.TextField(blank=True, max_length=4000)),
                ('said', models.TextField(blank=True, max_length=8000)),
                ('did', models.TextField(blank=True, max_length=8000)),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
                ('previewed_at', models.DateTimeField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wards', models.ManyToManyField(blank=True, related_name='+', to='places.ward')),
            ],
            options={
                'ordering': ['-opens_on', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('opens_on__isnull', True), ('closes_on__isnull', True), ('closes_on__gte', models.F('opens_on')), _connector='OR'), name='a_round_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(('state', 'draft'), models.Q(('answer_by__isnull', False), ('closes_on__isnull', False), ('opens_on__isnull', False), ('owner__isnull', False), ('opened_at__isnull', False), models.Q(('privacy', ''), _negated=True), models.Q(('moderation', ''), _negated=True), models.Q(('why', ''), _negated=True), models.Q(('changes', ''), _negated=True), models.Q(('answerer', ''), _negated=True)), _connector='OR'), name='an_open_round_lacks_nothing'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['closed', 'answered']), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='a_closed_round_has_its_moment'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(('answered_at__isnull', False), models.Q(('said', ''), _negated=True), models.Q(('did', ''), _negated=True)), _connector='OR'), name='an_answered_round_says_what_came_of_it')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('handle', models.CharField(default=becontree.foundations.kit.ids.short_id, max_length=16, unique=True)),
                ('key', models.CharField(max_length=80)),
                ('channel', models.CharField(choices=[('web', 'on this site'), ('paper', 'on paper'), ('doorstep', 'at the door'), ('event', 'at an event'), ('phone', 'by telephone'), ('sms', 'by text message'), ('school', 'at school'), ('hub', 'at a hub'), ('elsewhere', 'somewhere else')], max_length=10)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('place', models.CharField(blank=True, max_length=160)),
                ('language', models.CharField(default='en', max_length=16)),
                ('may_quote', models.BooleanField(default=False)),
                ('said_on', models.DateField(db_index=True)),
                ('number', models.PositiveIntegerField(default=0)),
                ('entered_by', models.CharField(blank=True, max_length=80)),
                ('entered_at', models.DateTimeField()),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='voices.batch')),
                ('contact', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='response', to='voices.contact')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='responses', to=settings.AUTH_USER_MODEL)),
                ('ward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.ward')),
                ('round', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='voices.round')),
            ],
            options={
                'ordering': ['-said_on', '-entered_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('round__isnull', False)), fields=('round', 'key'), name='a_form_counts_once_in_its_round'), models.UniqueConstraint(condition=models.Q(('round__isnull', True)), fields=('key',), name='a_form_outside_a_round_counts_once'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='a_form_has_its_key'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'school'), _negated=True), models.Q(('person__isnull', True), ('contact__isnull', True)), _connector='OR'), name='a_class_gives_no_names')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('like', 'I like'), ('dislike', 'I do not like'), ('hope', 'I hope for'), ('open', 'I say')], max_length=8)),
                ('text', models.CharField(max_length=300)),
                ('hint', models.CharField(blank=True, max_length=300)),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='voices.round')),
            ],
            options={
                'ordering': ['round', 'position'],
                'constraints': [models.UniqueConstraint(fields=('round', 'position'), name='a_question_has_its_own_place')],
            },
        ),
        migrations.AddField(
            model_name='batch',
            name='round',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='voices.round'),
        ),
        migrations.CreateModel(
            name='Update',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('step', models.CharField(choices=[('heard', 'What we heard'), ('decided', 'What was decided'), ('came', 'What came of it')], max_length=8)),
                ('words', models.TextField(max_length=8000)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField(db_index=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='voices.round')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('handle', models.CharField(default=becontree.foundations.kit.ids.short_id, max_length=16, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('like', 'I like'), ('dislike', 'I do not like'), ('hope', 'I hope for'), ('open', 'I say')], max_length=8)),
                ('words', models.TextField(max_length=4000)),
                ('masked', models.TextField(blank=True, max_length=4400)),
                ('state', models.CharField(choices=[('waiting', 'being read'), ('published', 'published'), ('held', 'not published'), ('withdrawn', 'withdrawn')], default='waiting', max_length=10)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='voices.question')),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='voices.response')),
            ],
            options={
                'ordering': ['-response__said_on', '-response__entered_at', 'position', 'id'],
                'indexes': [models.Index(fields=['state', 'kind'], name='voices_voice_state_kind')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='a_published_voice_has_its_date'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('masked', ''), ('words', '')), _connector='OR'), name='a_withdrawn_voice_has_no_words'), models.UniqueConstraint(condition=models.Q(('question__isnull', False)), fields=('response', 'question'), name='a_form_answers_a_question_once')],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('published', 'published'), ('masked', 'published, with a part left out'), ('held', 'not published')], max_length=10)),
                ('reason', models.SlugField(blank=True, max_length=30)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('on_appeal', models.BooleanField(default=False)),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='voices.voice')),
            ],
            options={
                'ordering': ['at'],
                'indexes': [models.Index(fields=['at'], name='voices_ruling_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'published'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_held_voice_has_its_reason')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=2000)),
                ('made_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('upheld', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appeals', to='voices.voice')),
            ],
            options={
                'ordering': ['due_on'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True)), fields=('voice',), name='one_open_appeal_a_voice')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(choices=[('listening', 'We are listening for more'), ('planned', 'We will do this'), ('underway', 'This is being done'), ('done', 'This is done'), ('cannot', 'We cannot do this')], max_length=10)),
                ('body', models.TextField(max_length=4000)),
                ('team', models.CharField(max_length=80)),
                ('leads_to', models.CharField(blank=True, help_text='The reference of a project or promise', max_length=120)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='voices.voice')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(models.F('voice'), models.OrderBy(models.F('at'), descending=True), name='voices_answer_latest')],
            },
        ),
        migrations.CreateModel(
            name='Keying',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('copy', models.PositiveSmallIntegerField()),
                ('content', models.JSONField(default=dict)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keyings', to='voices.batch')),
                ('response', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='keyings', to='voices.response')),
            ],
            options={
                'ordering': ['number', 'copy'],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number', 'copy'), name='a_form_is_typed_once_each_time'), models.CheckConstraint(condition=models.Q(('copy__in', [1, 2])), name='a_form_is_typed_twice_at_most'), models.CheckConstraint(condition=models.Q(('response__isnull', True), ('content', {}), _connector='OR'), name='a_form_taken_in_keeps_no_second_copy')],
            },
        ),
    ]
