"""What officers fill in at the workbench and for promises, and what residents narrow the explorer by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.manifesto.models import Promise, Theme
from becontree.citizenship.voices.models import Round, Voice
from becontree.foundations.kit.once import OneThing
from becontree.foundations.measures.models import Measure
from becontree.foundations.people import wards

DAY = {"type": "date", "class": "short"}


def _choices(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField))
    field.choices = choices


class StudyForm(OneThing):
    title = forms.CharField(label=_("What is it called?"), max_length=160)
    question = forms.CharField(label=_("What were people asked?"), max_length=300, required=False)
    rounds = forms.MultipleChoiceField(
        label=_("Whose words?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all empty for a survey that you bring as a file."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only what people…"),
        required=False,
        choices=Voice.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none for everything."),
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=32, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = [(slug, title) for slug, title in Round.objects.values_list("slug", "title")]
        _choices(self, "rounds", [*rounds, ("*", _("Everything that was ever said"))])


class ImportForm(forms.Form):
    file = forms.FileField(label=_("The file"), help_text=_("CSV, one answer a row, at most 8 MB and 20,000 rows."))
    column = forms.CharField(label=_("Heading of the answers"), max_length=200)
    person_column = forms.CharField(
        label=_("Heading of what says who"),
        max_length=200,
        required=False,
        help_text=_("Only to count people once. It is not kept."),
    )
    may_quote = forms.BooleanField(label=_("These people agreed to be quoted"), required=False)


class RunForm(forms.Form):
    backend = forms.ChoiceField(
        label=_("Compare texts by"),
        choices=[("words", _("their words")), ("encoder", _("their words and their meaning (slower, 16 languages)"))],
        initial="words",
    )


class SampleForm(forms.Form):
    size = forms.IntegerField(label=_("How many texts?"), min_value=10, max_value=500, initial=50)


class AspirationForm(OneThing):
    sentence = forms.CharField(
        label=_("In one sentence, what do people want?"),
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Write it so that people can agree or disagree with it."),
    )
    themes = forms.MultipleChoiceField(
        label=_("Which themes does it come from?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    rests_on = forms.CharField(
        label=_("Why does it follow from them?"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
    )  # fmt: skip
    quotes = forms.MultipleChoiceField(
        label=_("Which words does it rest on?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    minority = forms.CharField(
        label=_("What does the minority think?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
        help_text=_("If nobody said otherwise, say that."),
    )
    minority_quotes = forms.MultipleChoiceField(
        label=_("In whose words?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    once = forms.SlugField(widget=forms.HiddenInput, max_length=32, required=False)

    def __init__(self, *args: Any, themes: list[Theme], quotes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "themes", [(str(t.pk), _("%(label)s (%(people)d people)") % {"label": t, "people": t.people})
                                  for t in themes])  # fmt: skip
        _choices(self, "quotes", quotes)
        _choices(self, "minority_quotes", quotes)


class ReasonsForm(forms.Form):
    reasons = forms.CharField(label=_("Why?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1_000)


class AdoptForm(forms.Form):
    sentence = forms.CharField(
        label=_("The promise, in one sentence"), max_length=240, widget=forms.Textarea(attrs={"rows": 2})
    )
    rationale = forms.CharField(
        label=_("Why is it promised?"), widget=forms.Textarea(attrs={"rows": 6}), max_length=8_000
    )
    vision_on = forms.DateField(
        label=_("By when should it be true?"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    team = forms.CharField(label=_("Which team answers for it?"), max_length=80)
    authority = forms.CharField(
        label=_("Who adopted it?"), max_length=200, help_text=_("The body with the power to do so, such as Cabinet.")
    )
    minutes = forms.CharField(
        label=_("Where is that written down?"), max_length=90, help_text=_("The minutes: day, number, address.")
    )
    on = forms.DateField(label=_("When was it adopted?"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))


class TargetForm(forms.Form):
    measure = forms.ChoiceField(label=_("What is measured?"))
    baseline = forms.DecimalField(
        label=_("Where does it start?"), max_digits=18, decimal_places=6, localize=False, required=False,
        help_text=_("Leave this and the day empty to start from what was measured last."),
    )  # fmt: skip
    baseline_on = forms.DateField(
        label=_("On which day?"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY), required=False
    )
    baseline_because = forms.CharField(
        label=_("If it starts elsewhere than what we measured: why?"), max_length=500, required=False
    )
    value = forms.DecimalField(label=_("What should it become?"), max_digits=18, decimal_places=6)
    by_on = forms.DateField(label=_("By which day?"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    source = forms.CharField(label=_("Where does the figure come from?"), max_length=300)
    rationale = forms.CharField(
        label=_("Why this figure, and this day?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Measure.objects.filter(public=True).order_by("title")
        self.measures = {row.slug: row for row in rows}
        _choices(self, "measure", [("", _("Choose one")), *((row.slug, f"{row.title} ({row.unit})") for row in rows)])


class StandingForm(OneThing):
    standing = forms.ChoiceField(
        label=_("How does it stand?"),
        choices=[("", _("Choose one")), *(one for one in Promise.Standing.choices if one[0] != "not-said")],
    )
    reasons = forms.CharField(
        label=_("Why? People read this."), widget=forms.Textarea(attrs={"rows": 4}), max_length=4_000
    )
    despite = forms.CharField(
        label=_("If a figure says otherwise: why do you still say so?"),
        help_text=_("You must say this where a figure got worse or a target was missed. People read it too."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000, required=False,
    )  # fmt: skip
    on = forms.DateField(label=_("Since when?"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    once = forms.SlugField(widget=forms.HiddenInput, max_length=32, required=False)


class ContinuesForm(forms.Form):
    thing = forms.ChoiceField(label=_("Which project?"), widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Why do the two belong together?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000
    )

    def __init__(self, *args: Any, found: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "thing", found)


class PublishForm(forms.Form):
    sure = forms.BooleanField(label=_("I have read it. I know that it cannot be changed or taken back."))
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReportForm(forms.Form):
    year = forms.IntegerField(label=_("Which year?"), min_value=2000, max_value=2100)
    cut_on = forms.DateField(
        label=_("What was known on which day?"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    foreword = forms.CharField(
        label=_("A foreword"), required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=8_000
    )


class ExploreForm(forms.Form):
    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    theme = forms.ChoiceField(label=_("About"), required=False)
    ward = forms.ChoiceField(label=_("Place"), required=False)
    channel = forms.ChoiceField(
        label=_("How it reached us"), required=False, choices=[("", _("Every way")), *Voice.Channel.choices]
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))

    def __init__(self, *args: Any, themes: list[Theme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(f"{theme.study.slug}-{theme.code}", str(theme)) for theme in themes]
        _choices(self, "theme", [("", _("Everything")), *shown])
        _choices(self, "ward", [("", _("The whole borough")), *wards.choices()])
