"""Each hub's words on where it meets become a place to meet, or the one that is listed under that name."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill(apps: Any, schema_editor: Any) -> None:
    Hub, Venue = apps.get_model("hubs", "Hub"), apps.get_model("places", "Venue")
    for hub in Hub.objects.order_by("opened_at"):
        wards = list(hub.wards.values_list("pk", flat=True)[:2])
        venue = Venue.objects.filter(name__iexact=hub.place).order_by("postcode").first()
        if venue is None:
            venue = Venue.objects.create(
                name=hub.place,
                ward_id=wards[0] if len(wards) == 1 else None,
                kind="hub",
                step_free=hub.step_free,
                keeper=f"hub/{hub.slug}",
                retired_at=hub.closed_at,
            )
        hub.venue = venue
        hub.save(update_fields=["venue"])


class Migration(migrations.Migration):
    dependencies = [("hubs", "0002_retyping"), ("places", "0002_what_one_needs_to_get_in")]

    operations = [
        migrations.AddField(
            "hub",
            "venue",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="hubs", to="places.venue"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
