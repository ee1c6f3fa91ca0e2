import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("hubs", "0003_hubs_meet_in_places")]

    operations = [
        migrations.AlterField(
            "hub",
            "venue",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hubs", to="places.venue"),
        ),
        migrations.RemoveConstraint("hub", "a_hub_says_what_where_and_when"),
        migrations.RemoveField("hub", "place"),
        migrations.RemoveField("hub", "step_free"),
        migrations.AddConstraint(
            "hub",
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(about="") & ~Q(when=""), name="a_hub_says_what_and_when"
            ),
        ),
    ]
