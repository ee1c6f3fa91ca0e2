from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.AddField("venue", "access", models.CharField(blank=True, max_length=400), preserve_default=False),
        migrations.AddField("venue", "keeper", models.CharField(blank=True, max_length=80), preserve_default=False),
        migrations.AddField("venue", "retired_at", models.DateTimeField(blank=True, null=True)),
    ]
