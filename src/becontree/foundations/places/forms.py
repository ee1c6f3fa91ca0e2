"""What an administrator fills in to bring wards, venues or postcodes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.places.models import Load
from becontree.foundations.places.reading import MOST_BYTES


class BringForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in the file?"), choices=Load.Kind.choices)
    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "Wards as GeoJSON (WGS 84) or CSV with code, name and wkt. Venues as CSV with name, address, "
            "postcode, ward, kind, capacity, step_free, lon, lat. Postcodes as CSV with postcode and ward."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                gettext("The file is over %(megabytes)s MB.") % {"megabytes": MOST_BYTES // 1000000},
                code="places.too-large",
            )
        return file
