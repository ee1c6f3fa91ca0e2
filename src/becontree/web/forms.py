"""How a form field is drawn: label, hint, error, control, tied together for a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from becontree.foundations.kit.forms import PoundsField
from becontree.web.words import SpokenField


class PlainRenderer(DjangoTemplates):
    """Our fields, their inputs and drop-down lists, written without a template each.

    Django renders each option through two templates, and an input through two more: a list of twenty wards costs more
    than the rest of a page. The controls are the same HTML as Django's own (`test_forms` compares them).
    """

    field_template_name = "face/field"
    bound_field_class = SpokenField

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        write = WRITTEN.get(template_name)
        return write(context) if write else SafeString(super().render(template_name, context, request))


def _field(context: dict[str, Any]) -> SafeString:
    """A field with its label, hint and errors tied to it, whichever control it has."""
    field = context["field"]
    errors = field.errors  # said anew each time that they are asked for
    widget = field.field.widget
    name, label = escape(field.html_name), escape(field.label or "")
    ticked = isinstance(widget, forms.CheckboxInput)
    parts = [f'<div class="field{" field--error" if errors else ""}" id="field-{name}">\n']
    note = ""
    if getattr(field.field, "needed", False):
        note = gettext("(needed before it opens)")
    elif not field.field.required and not getattr(field.field, "quiet", False):
        note = gettext("(if you like)")
    note = note and f' <span class="soft">{escape(note)}</span>'
    if field.use_fieldset:
        described = f' aria-describedby="{escape(field.aria_describedby)}"' if field.aria_describedby else ""
        parts.append(f"<fieldset{described}>" + (f"<legend>{label}{note}</legend>" if label else ""))
    elif label and not ticked:
        parts.append(f'<label for="{escape(field.id_for_label)}">{label}{note}</label>')
    if field.help_text:
        parts.append(f'<div class="helptext" id="{escape(field.auto_id)}_helptext">{field.help_text}</div>')
    if errors:
        told = escape(gettext("Error:"))
        said = "".join(f'<li><span class="visually">{told}</span> {escape(each)}</li>' for each in errors)
        parts.append(f'<ul class="errorlist" id="{escape(field.auto_id)}_error">{said}</ul>')
    control = field.as_widget()
    if ticked:
        parts.append(f'<div class="choice">{control}<label for="{escape(field.id_for_label)}">{label}</label></div>')
    elif "money" in str(widget.attrs.get("class", "")).split():
        parts.append(f'<div class="money-wrap">{control}</div>')
    else:
        parts.append(control)
    parts.append("</fieldset>\n</div>\n" if field.use_fieldset else "\n</div>\n")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above; hints are our own words


def _input(context: dict[str, Any]) -> SafeString:
    widget = context["widget"]
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    said = f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{value}'
    return mark_safe(f"{said}{_attributes(widget['attrs'])}>")  # noqa: S308 - every part is escaped above


def _select(context: dict[str, Any]) -> SafeString:
    widget = context["widget"]
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


WRITTEN: Final[dict[str, Callable[[dict[str, Any]], SafeString]]] = {
    "face/field": _field,
    "django/forms/widgets/select.html": _select,
} | {
    f"django/forms/widgets/{kind}.html": _input
    for kind in ("text", "email", "number", "hidden", "password", "date", "checkbox", "url", "tel", "search")
}


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
