"""How a form field is drawn: label, hint, error, control, tied together for a screen reader."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.forms import PoundsField
from becontree.web.words import SpokenField


class PlainRenderer(DjangoTemplates):
    """Our field template, and drop-down lists written without a template an option.

    Django renders each option through two templates: a list of twenty wards costs more than the rest of a page. The
    HTML is the same as Django's own (`test_forms` compares them).
    """

    field_template_name = "face/field.html"
    bound_field_class = SpokenField

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name == "django/forms/widgets/select.html":
            return _select(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _select(widget: dict[str, Any]) -> SafeString:
    parts = ['<select name="', escape(widget["name"]), '"', _attributes(widget["attrs"]), ">"]
    for group, options, _index in widget["optgroups"]:
        if group:
            parts += ['<optgroup label="', escape(str(group)), '">']
        for option in options:
            value = option["value"]
            said = "" if value is None else str(value)
            parts += [
                '<option value="',
                escape(said),
                '"',
                _attributes(option["attrs"]),
                ">",
                escape(str(option["label"])),
                "</option>",
            ]
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _attributes(attrs: dict[str, Any]) -> str:
    """As django/forms/widgets/attrs.html: True is a bare name, False is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


class PatternForm(forms.Form):
    """The pattern book's form: one field of each kind."""

    words = forms.CharField(label=_("What would you like to say?"), widget=forms.Textarea, max_length=500)
    amount = PoundsField(label=_("How much?"), help_text=_("The least is £2."), least=200)
    ward = forms.ChoiceField(
        label=_("Where is it?"), choices=[("", _("Choose a place")), ("1", _("Thatch Hill"))], required=False
    )
    feeling = forms.ChoiceField(
        label=_("Is it something you…"),
        choices=[("like", _("like")), ("hope", _("hope for"))],
        widget=forms.RadioSelect,
    )
    quote = forms.BooleanField(label=_("You may quote my words"), required=False)
