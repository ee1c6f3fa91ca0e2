"""How a form field is drawn: label, hint, error, control, tied together for a screen reader."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class PlainRenderer(DjangoTemplates):
    field_template_name = "face/field.html"
