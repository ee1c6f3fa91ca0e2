import becontree.foundations.kit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('measures', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=80)),
                ('handle', models.CharField(blank=True, db_index=True, max_length=16)),
                ('person', models.CharField(max_length=64)),
                ('words', models.TextField(blank=True, max_length=20000)),
                ('may_quote', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Aspiration',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('sentence', models.CharField(max_length=240)),
                ('rests_on', models.TextField(blank=True, max_length=4000)),
                ('minority', models.TextField(max_length=4000)),
                ('state', models.CharField(choices=[('draft', 'being written'), ('open', 'before the people'), ('adopted', 'adopted'), ('dropped', 'not taken further')], default='draft', max_length=8)),
                ('dropped_because', models.CharField(blank=True, max_length=1000)),
                ('once', models.CharField(blank=True, max_length=32)),
                ('written_by', models.CharField(max_length=80)),
                ('written_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-written_at', 'slug'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('once', ''), _negated=True), fields=('once',), name='one_form_one_aspiration'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('dropped_because', ''), _negated=True), _connector='OR'), name='a_dropped_aspiration_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('seed', models.CharField(max_length=64)),
                ('clauses', models.JSONField(default=list)),
                ('coders', models.JSONField(default=list)),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('part', models.PositiveSmallIntegerField()),
                ('touched', models.BooleanField(default=False)),
                ('excluded', models.BooleanField(default=False)),
                ('sorted', models.BooleanField(default=False)),
                ('guess', models.CharField(blank=True, max_length=12)),
                ('near', models.PositiveSmallIntegerField(default=0)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='manifesto.answer')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('answer', 'part'), name='a_part_of_an_answer_is_once')],
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('sentence', models.CharField(max_length=240)),
                ('vision_on', models.DateField()),
                ('rationale', models.TextField(max_length=8000)),
                ('team', models.CharField(max_length=80)),
                ('authority', models.CharField(max_length=300)),
                ('minutes', models.CharField(max_length=300)),
                ('adopted_on', models.DateField()),
                ('adopted_at', models.DateTimeField()),
                ('decision', models.UUIDField(help_text='The entry of the public record that holds the decision')),
                ('standing', models.CharField(choices=[('not-said', 'not said yet'), ('on-track', 'on track'), ('at-risk', 'at risk'), ('off-track', 'off track'), ('kept', 'kept'), ('dropped', 'dropped')], default='not-said', max_length=10)),
                ('place', models.PositiveSmallIntegerField(default=0, help_text='Where it stands in the Manifesto')),
                ('aspiration', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='promise', to='manifesto.aspiration')),
            ],
            options={
                'ordering': ['place', 'adopted_on', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('vision_on__gt', models.F('adopted_on'))), name='a_promise_looks_ahead'), models.CheckConstraint(condition=models.Q(models.Q(('authority', ''), _negated=True), models.Q(('minutes', ''), _negated=True), models.Q(('rationale', ''), _negated=True)), name='a_promise_has_its_authority')],
            },
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.CharField(max_length=16)),
                ('minority', models.BooleanField(default=False)),
                ('aspiration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotes', to='manifesto.aspiration')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('aspiration', 'handle'), name='a_voice_is_quoted_once')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('cut_on', models.DateField()),
                ('document', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('foreword', models.TextField(blank=True, max_length=8000)),
                ('made_by', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('entry', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-year'],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('entry__isnull', False), _connector='OR'), name='a_published_report_is_on_the_record')],
            },
        ),
        migrations.CreateModel(
            name='Coding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('coder', models.CharField(max_length=80)),
                ('themes', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('clause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codings', to='manifesto.clause')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codings', to='manifesto.sample')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sample', 'clause', 'coder'), name='a_coder_sorts_a_clause_once')],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standing', models.CharField(choices=[('not-said', 'not said yet'), ('on-track', 'on track'), ('at-risk', 'at risk'), ('off-track', 'off track'), ('kept', 'kept'), ('dropped', 'dropped')], max_length=10)),
                ('reasons', models.TextField(max_length=4000)),
                ('despite', models.TextField(blank=True, help_text='Why it is said although a figure says otherwise', max_length=2000)),
                ('on', models.DateField()),
                ('once', models.CharField(blank=True, max_length=32)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='manifesto.promise')),
            ],
            options={
                'ordering': ['-on', '-at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reasons', ''), _negated=True), name='a_standing_has_its_reasons'), models.UniqueConstraint(condition=models.Q(('once', ''), _negated=True), fields=('promise', 'once'), name='one_form_one_standing')],
            },
        ),
        migrations.CreateModel(
            name='Study',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('title', models.CharField(max_length=160)),
                ('question', models.CharField(blank=True, max_length=300)),
                ('rounds', models.JSONField(default=list)),
                ('kinds', models.JSONField(default=list)),
                ('once', models.CharField(blank=True, max_length=32)),
                ('created_by', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at', 'slug'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('once', ''), _negated=True), fields=('once',), name='one_form_begins_one_study')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=8)),
                ('said', models.JSONField(default=dict)),
                ('once', models.CharField(blank=True, max_length=32)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('undone_by', models.CharField(blank=True, max_length=80)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='manifesto.study')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('study', 'number'), name='one_act_of_a_number'), models.UniqueConstraint(condition=models.Q(('once', ''), _negated=True), fields=('study', 'once'), name='one_form_one_act')],
            },
        ),
        migrations.AddField(
            model_name='sample',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='samples', to='manifesto.study'),
        ),
        migrations.AddField(
            model_name='clause',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='manifesto.study'),
        ),
        migrations.AddField(
            model_name='answer',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='manifesto.study'),
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('baseline', models.DecimalField(decimal_places=6, max_digits=20)),
                ('baseline_on', models.DateField()),
                ('value', models.DecimalField(decimal_places=6, max_digits=20)),
                ('by_on', models.DateField()),
                ('source', models.CharField(max_length=300)),
                ('rationale', models.TextField(max_length=4000)),
                ('baseline_because', models.CharField(blank=True, help_text="Why it starts elsewhere than the measure's own reading", max_length=500)),
                ('set_by', models.CharField(max_length=80)),
                ('set_at', models.DateTimeField()),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='measures.measure')),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='manifesto.promise')),
            ],
            options={
                'ordering': ['by_on', 'id'],
                'constraints': [models.UniqueConstraint(fields=('promise', 'measure', 'by_on'), name='one_target_a_measure_and_day'), models.CheckConstraint(condition=models.Q(('by_on__gt', models.F('baseline_on'))), name='a_target_comes_after_its_baseline'), models.CheckConstraint(condition=models.Q(('value', models.F('baseline')), _negated=True), name='a_target_is_not_its_baseline')],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12)),
                ('label', models.CharField(blank=True, max_length=120)),
                ('named', models.BooleanField(default=False)),
                ('hidden', models.BooleanField(default=False)),
                ('live', models.BooleanField(default=True)),
                ('terms', models.JSONField(default=list)),
                ('typical', models.JSONField(default=list)),
                ('doubtful', models.JSONField(default=list)),
                ('people', models.PositiveIntegerField(default=0)),
                ('parts', models.PositiveIntegerField(default=0)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='manifesto.study')),
            ],
            options={
                'ordering': ['-people', 'id'],
                'constraints': [models.UniqueConstraint(fields=('study', 'code'), name='one_theme_of_a_code'), models.CheckConstraint(condition=models.Q(('named', False), models.Q(('label', ''), _negated=True), _connector='OR'), name='a_named_theme_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('near', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('clause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='manifesto.clause')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='manifesto.theme')),
            ],
            options={
                'indexes': [models.Index(fields=['theme', 'near', 'clause'], name='manifesto_p_theme_i_63e708_idx')],
                'constraints': [models.UniqueConstraint(fields=('clause', 'theme'), name='a_clause_is_once_in_a_theme')],
            },
        ),
        migrations.AddField(
            model_name='aspiration',
            name='themes',
            field=models.ManyToManyField(related_name='aspirations', to='manifesto.theme'),
        ),
        migrations.CreateModel(
            name='ThemeRun',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'waiting to begin'), ('running', 'being sorted'), ('done', 'done'), ('failed', 'stopped')], default='waiting', max_length=8)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('total', models.PositiveSmallIntegerField(default=5)),
                ('doing', models.CharField(blank=True, max_length=60)),
                ('backend', models.CharField(default='words', max_length=20)),
                ('method', models.CharField(blank=True, max_length=120)),
                ('versions', models.JSONField(default=dict)),
                ('inputs_sha256', models.CharField(blank=True, max_length=64)),
                ('texts', models.PositiveIntegerField(default=0)),
                ('clauses', models.PositiveIntegerField(default=0)),
                ('base', models.JSONField(default=dict)),
                ('trouble', models.CharField(blank=True, max_length=400)),
                ('by', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='manifesto.study')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('study', 'number'), name='one_run_of_a_number'), models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('study',), name='one_run_of_a_study_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(models.Q(('method', ''), _negated=True), models.Q(('inputs_sha256', ''), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='a_finished_run_says_how')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversation', models.CharField(max_length=120)),
                ('groups', models.JSONField()),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('aspiration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='manifesto.aspiration')),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.UniqueConstraint(fields=('aspiration', 'conversation'), name='one_agreement_a_conversation')],
            },
        ),
        migrations.AddIndex(
            model_name='clause',
            index=models.Index(fields=['study', 'sorted', 'excluded', '-near'], name='manifesto_c_study_i_8394e6_idx'),
        ),
        migrations.AddConstraint(
            model_name='clause',
            constraint=models.UniqueConstraint(fields=('study', 'number'), name='one_clause_of_a_number'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('study', 'ref'), name='a_text_is_once_in_a_study'),
        ),
    ]
