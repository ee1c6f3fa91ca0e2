import becontree.foundations.kit.ids
import becontree.foundations.kit.pence
import django.core.validators
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
            name='Project',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('summary', models.CharField(max_length=240)),
                ('story', models.TextField(max_length=20000)),
                ('theme', models.CharField(choices=[('play', 'Play and sport'), ('green', 'Parks and growing'), ('food', 'Food'), ('culture', 'Culture and music'), ('learning', 'Learning and making'), ('care', 'Looking after each other'), ('streets', 'Streets and safety'), ('work', 'Work and small firms')], max_length=12)),
                ('place', models.CharField(blank=True, max_length=160)),
                ('state', models.CharField(choices=[('draft', 'being written'), ('submitted', 'being checked'), ('verified', 'ready'), ('raising', 'raising'), ('delivering', 'being delivered'), ('closed', 'done'), ('ended', 'ended')], default='draft', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('what_changed', models.TextField(blank=True)),
                ('returned_because', models.TextField(blank=True)),
                ('ended_because', models.TextField(blank=True)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='people.organisation')),
                ('ward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.ward')),
            ],
            options={
                'ordering': ['-created_at', 'slug'],
                'indexes': [models.Index(fields=['state', '-created_at'], name='projects_pr_state_1d5ab1_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), models.Q(('what_changed', ''), _negated=True)), _connector='OR'), name='a_closed_project_says_what_changed'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'ended']), ('verified_at__isnull', False), _connector='OR'), name='a_verified_project_has_its_date')],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=160)),
                ('figure', models.CharField(max_length=60)),
                ('counted_how', models.CharField(max_length=300)),
                ('n', models.PositiveIntegerField(blank=True, null=True)),
                ('period', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='projects.project')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Organiser',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('leads', models.BooleanField(default=False)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='organising', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='organisers', to='projects.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('project', 'person'), name='one_place_among_the_organisers')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('hours', 'Time'), ('skills', 'Skills'), ('things', 'Things')], max_length=8)),
                ('what', models.CharField(max_length=160)),
                ('quantity', models.PositiveIntegerField(help_text='Hours for time and skills, a number of things')),
                ('detail', models.CharField(blank=True, max_length=300)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='projects.project')),
            ],
            options={
                'ordering': ['kind', 'what'],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='a_need_is_for_something')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('quote', 'Quote'), ('permission', 'Permission'), ('governance', 'Constitution, policy or insurance'), ('money', 'Proof of money'), ('delivery', 'Proof that it was done'), ('picture', 'Picture')], max_length=12)),
                ('title', models.CharField(max_length=160)),
                ('public', models.BooleanField(default=False)),
                ('media_type', models.CharField(max_length=40)),
                ('content', models.BinaryField()),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.CharField(max_length=80)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='projects.project')),
            ],
            options={
                'ordering': ['-added_at'],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('state', models.CharField(choices=[('asked', 'asked for'), ('met', 'in order'), ('not-needed', 'not needed here'), ('failed', 'not in order')], default='asked', max_length=12)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('decided_by', models.CharField(blank=True, max_length=80)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='projects.project')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('project', 'code'), name='one_check_of_a_kind'), models.CheckConstraint(condition=models.Q(('state', 'asked'), models.Q(('decided_at__isnull', False), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='a_decided_check_says_when')],
            },
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=120)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='causes', to='projects.project')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'ref'), name='a_cause_is_named_once')],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('capital', 'To make it'), ('running', 'To run it afterwards')], default='capital', max_length=8)),
                ('what', models.CharField(max_length=160)),
                ('pence', becontree.foundations.kit.pence.PenceField(validators=[django.core.validators.MinValueValidator(0)])),
                ('basis', models.CharField(blank=True, help_text='A quote, a price list, an estimate', max_length=200)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='budget', to='projects.project')),
            ],
            options={
                'ordering': ['part', '-pence', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('pence__gt', 0)), name='a_budget_line_costs_something')],
            },
        ),
        migrations.CreateModel(
            name='Update',
            fields=[
                ('id', models.UUIDField(default=becontree.foundations.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('body', models.TextField(max_length=8000)),
                ('at', models.DateTimeField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='projects.project')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
    ]
