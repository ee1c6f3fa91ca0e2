"""What this council has set, and when: every version kept."""

from __future__ import annotations

from django.db import models

from becontree.foundations.kit.ids import new_id


class CouncilSetting(models.Model):
    """One version of one setting. Rows are only added; the latest `since` on or before a day holds on that day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=80)
    value = models.JSONField()
    since = models.DateField()
    set_by = models.CharField(max_length=80)  # a party id
    set_at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        ordering = ("key", "since", "set_at", "id")
        indexes = [models.Index(fields=("key", "since"), name="policy_setting_key_since")]

    def __str__(self) -> str:
        return f"{self.key} from {self.since}"
