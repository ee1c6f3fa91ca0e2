"""Nouns: the borough, its wards, the places where people meet, which postcode is in which ward, and what was loaded."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.ids import new_id


class Borough(models.Model):
    """The borough itself; there is one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200)
    example = models.BooleanField(default=False)  # invented: pages then say so

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="places_one_borough")]

    def __str__(self) -> str:
        return self.name


class Ward(models.Model):
    """A ward. Its code is its reference everywhere; retired, never deleted, as old things still name it."""

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=100)
    geometry = models.JSONField(null=True, blank=True)  # a GeoJSON MultiPolygon, or nothing known
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="places_ward_code_given"),
            models.CheckConstraint(condition=~Q(name=""), name="places_ward_name_given"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def centre(self) -> tuple[float, float] | None:
        """(longitude, latitude) of a point well inside the ward, where its shape is known."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)

    @property
    def shape(self) -> Any:
        """The polygons as tuples of rings of (longitude, latitude)."""
        return tuple(
            tuple(tuple((x, y) for x, y, *_ in ring) for ring in polygon)
            for polygon in (self.geometry or {}).get("coordinates", ())
        )


class Venue(models.Model):
    """A place where people meet, with what somebody needs to know to get there and in. The one truth of it.

    `keeper`: the reference of who says these facts ("hub/..."); empty: the council, by a file.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=400, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="venues")
    kind = models.CharField(max_length=60, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    step_free = models.BooleanField(default=False)
    access = models.CharField(max_length=400, blank=True)  # what else somebody needs to know to get in
    keeper = models.CharField(max_length=80, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)  # nobody meets here any more
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["name", "postcode"], name="places_venue_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def said(self) -> str:
        """The name with what is known of the address, as on an envelope."""
        return ", ".join(part for part in (self.name, self.address, self.postcode) if part)


class Postcode(models.Model):
    """Which ward a postcode is in (written without its space)."""

    code = models.CharField(max_length=7, primary_key=True)
    ward = models.ForeignKey(Ward, on_delete=models.CASCADE, related_name="postcodes")

    def __str__(self) -> str:
        return f"{self.code[:-3]} {self.code[-3:]}"


class Load(models.Model):
    """A file that somebody brought: held while they look at the preview, then only its name, size and hash."""

    class Kind(models.TextChoices):
        WARDS = "wards", _("Wards")
        VENUES = "venues", _("Venues")
        POSTCODES = "postcodes", _("Postcodes")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    file_name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    rows = models.PositiveIntegerField()
    content = models.TextField(blank=True)  # emptied when used
    actor = models.CharField(max_length=80)
    brought_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-brought_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
