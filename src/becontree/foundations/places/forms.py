"""What an administrator fills in to bring wards, venues or postcodes."""

from __future__ import annotations

from typing import Any

from django import forms

from becontree.foundations.places.models import Load
from becontree.foundations.places.reading import MOST_BYTES


class BringForm(forms.Form):
    kind = forms.ChoiceField(label="What is in the file?", choices=Load.Kind.choices)
    file = forms.FileField(
        label="The file",
        help_text="Wards as GeoJSON (WGS 84) or CSV with code, name and wkt. Venues as CSV with name, address, "
        "postcode, ward, kind, capacity, step_free, lon, lat. Postcodes as CSV with postcode and ward.",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is over {MOST_BYTES // 1_000_000} MB.", code="places.too-large")
        return file
