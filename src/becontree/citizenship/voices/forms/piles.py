"""What a clerk fills in: the pile, one form after the other, a class, a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from becontree.citizenship.voices.actions.checking import Said
from becontree.citizenship.voices.counting import language_name
from becontree.citizenship.voices.forms.resident import Wards, date_input
from becontree.citizenship.voices.models import Batch, Channel, Question, Round
from becontree.foundations.kit import dates, once
from becontree.foundations.kit.forms import quiet
from becontree.foundations.measures.characteristics import ASKED

NO_ROUND = "none"
TYPED = [choice for choice in Channel.choices if choice[0] != "web"]


def _day() -> forms.DateField:
    return forms.DateField(label=_("Day"), widget=date_input())


def _offer(form: forms.Form, rounds: Sequence[Round], more: Sequence[tuple[str, Any]]) -> dict[str, Round]:
    """The rounds to choose from, by key; none is chosen for anybody where there are several."""
    offered = {str(each.pk): each for each in rounds}
    field = form.fields["round"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", _("Choose one")), *((key, each.title) for key, each in offered.items()), *more]
    if len(offered) == 1:
        field.initial = next(iter(offered))
    return offered


class PileForm(forms.Form):
    """How the forms of a pile reached us; it stays for each of them until the clerk says otherwise."""

    round = forms.ChoiceField(label=_("Which round?"))
    way = forms.ChoiceField(
        label=_("What do you type in?"),
        choices=[
            (Batch.Way.CLERK, _("Forms or talks, one after the other")),
            (Batch.Way.CLASS, _("A school class, many short texts")),
        ],
        widget=forms.RadioSelect,
        initial=Batch.Way.CLERK,
    )
    channel = forms.ChoiceField(label=_("How it reached us"), choices=TYPED, widget=forms.RadioSelect, initial="paper")
    said_on = _day()
    place = forms.CharField(
        label=_("Where"),
        required=False,
        max_length=160,
        help_text=_("An event, a street, a school. Never a house number."),
    )
    source = forms.CharField(
        label=_("What the round calls it"),
        required=False,
        max_length=60,
        help_text=_("If you count kinds apart, such as primary school and secondary school."),
    )
    language = forms.CharField(
        label=_("Language"),
        max_length=16,
        initial="en",
        help_text=_("A short code, like en or bn."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )

    def __init__(self, *args: Any, rounds: Sequence[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = _offer(self, rounds, [(NO_ROUND, _("None: said at any time"))])


class ClerkForm(Wards):
    """One paper form: its answers first, as on the paper; what stays from the last form comes after."""

    everywhere = _("Not said, or all of it")
    ward = forms.ChoiceField(label=_("Ward"), required=False)
    may_quote = forms.BooleanField(label=_("May be quoted"), required=False)
    contact = forms.EmailField(label=_("E-mail address"), required=False, max_length=254)
    language = forms.CharField(label=_("Language"), max_length=16, widget=forms.TextInput(attrs={"class": "short"}))
    said_on = _day()
    place = forms.CharField(label=_("Where"), required=False, max_length=160)
    channel = forms.ChoiceField(label=_("How"), choices=TYPED)
    source = forms.CharField(label=_("What the round calls it"), required=False, max_length=60)
    once = forms.SlugField(widget=forms.HiddenInput, max_length=40)

    def __init__(
        self, *args: Any, round: Round | None, questions: Sequence[Question], within: Sequence[Any] = (),
        about: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        """`about`: with the questions about oneself, where the round asks them; Enter goes past each."""
        super().__init__(*args, within=within, **kwargs)
        names: dict[str, tuple[Any, str]] = {f"q{one.position}": (one.pk, one.text) for one in questions}
        if round is None:
            names = {
                f"q{n}": (kind, str(label))
                for n, (kind, label) in enumerate(
                    [("like", _("I like")), ("dislike", _("I do not like")), ("hope", _("I hope for"))]
                )
            }
        self.names = names
        asked: dict[str, forms.Field] = {
            name: forms.CharField(
                label=text,
                required=False,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"} | ({"autofocus": True} if number == 0 else {})),
            )
            for number, (name, (_key, text)) in enumerate(names.items())
        }
        self.fields = asked | self.fields
        if round is not None and not round.asks_contact:
            del self.fields["contact"]
        self.about: dict[str, str] = {}
        if about and round is not None and round.asks_equality:
            self.about = {f"about-{one.code}": one.code for one in ASKED.values()}
            for name, code in self.about.items():
                offered = ASKED[code]
                self.fields[name] = forms.ChoiceField(
                    label=str(offered.question), required=False, choices=offered.choices
                )

    def said(self, key: str = "") -> Said:
        """The form as the one writer takes it."""
        chosen = self.cleaned_data
        return Said(
            answers={question: chosen.get(name, "") for name, (question, _text) in self.names.items()},
            channel=chosen["channel"],
            key=key or once.mark(chosen["once"], chosen),
            ward=self.ward_chosen,
            place=chosen["place"],
            language=chosen["language"],
            may_quote=chosen["may_quote"],
            said_on=chosen["said_on"],
            source=chosen["source"],
            contact=chosen.get("contact") or None,
            equality={code: chosen[name] for name, code in self.about.items() if chosen[name]} or None,
        )

    def names_of(self, errors: Mapping[str, str]) -> dict[str, str]:
        by_id = {str(question): name for name, (question, _text) in self.names.items()}
        return {by_id.get(field, field): said for field, said in errors.items()}

    def paper(self) -> list[Any]:
        """The fields of the paper itself."""
        return [
            self[name] for name in [*self.names, "ward", "may_quote", "contact", *self.about] if name in self.fields
        ]

    def stays(self) -> str:
        """What stays for the next form, in words; what makes no sense as it was typed."""
        typed = self["said_on"].value() or ""
        try:
            day = dates.day(typed if isinstance(typed, date) else date.fromisoformat(str(typed)))
        except ValueError:
            day = str(typed)
        channel = str(self["channel"].value() or "")
        way = dict(TYPED).get(channel, channel)
        language = language_name(str(self["language"].value() or "en"))
        words = [day, way, self["place"].value(), self["source"].value(), language]
        return ", ".join(str(each) for each in words if each)

    def kept(self) -> list[Any]:
        """The fields that stay for the next form."""
        return [self[name] for name in ("language", "said_on", "place", "channel", "source")]


class ClassForm(forms.Form):
    """A class: under each question one text a line."""

    may_quote = forms.BooleanField(label=_("The school agreed that they may be quoted, without names"), required=False)
    once = forms.SlugField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, round: Round | None, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names: dict[str, tuple[Any, str]] = {f"q{one.position}": (one.pk, one.text) for one in questions}
        if round is None:
            names = {
                "q0": ("like", str(_("I like"))),
                "q1": ("dislike", str(_("I do not like"))),
                "q2": ("hope", str(_("I hope for"))),
            }
        self.names = names
        asked: dict[str, forms.Field] = {
            name: forms.CharField(
                label=text,
                required=False,
                max_length=200_000,
                help_text=_("One child's words a line. No names."),
                widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"} | ({"autofocus": True} if number == 0 else {})),
            )
            for number, (name, (_key, text)) in enumerate(names.items())
        }
        self.fields = asked | self.fields

    def answers(self) -> dict[Any, list[str]]:
        return {
            question: [line for line in self.cleaned_data.get(name, "").splitlines() if line.strip()]
            for name, (question, _text) in self.names.items()
        }


class FileForm(forms.Form):
    round = forms.ChoiceField(label=_("Which round?"))
    file = forms.FileField(
        label=_("The file"),
        help_text=_("CSV or Excel (.xlsx), at most 10 MB. One row a person; the first row names the columns."),
    )

    kept = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=16)

    def __init__(self, *args: Any, rounds: Sequence[Round], kept: Batch | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = _offer(self, rounds, [])
        if kept is not None:
            self.keep(kept)

    def keep(self, batch: Batch) -> None:
        """The file is here already: only the round is asked for."""
        self.initial["kept"] = batch.handle
        if self.is_bound:
            sent: Any = self.data
            sent = sent.copy()
            sent["kept"] = batch.handle
            self.data = sent
        self.fields["file"].required = False
        quiet(self, "file")


class MappingForm(forms.Form):
    """Which column is what (c0, c1, ...), and what holds where a cell is empty."""

    def __init__(
        self, *args: Any, columns: Sequence[str], samples: Sequence[str], targets: Sequence[tuple[str, Any]],
        mapping: Mapping[str, str], kept: Mapping[str, str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.columns = list(columns)
        for number, (column, sample) in enumerate(zip(columns, samples, strict=True)):
            self.fields[f"c{number}"] = forms.ChoiceField(
                label=column,
                required=False,
                choices=[("", _("Leave it out")), *targets],
                initial=mapping.get(column, ""),
                help_text=escape(sample[:80]),  # the field's template trusts its hints; this comes from a file
            )
        self.fields["channel"] = forms.ChoiceField(
            label=_("How they reached us, where the file does not say"),
            required=False,
            choices=[("", _("The file says")), *Channel.choices],
            initial=kept.get("channel", ""),
        )
        self.fields["said_on"] = forms.DateField(
            label=_("The day, where the file does not say"),
            required=False,
            widget=date_input(),
            initial=kept.get("said_on", ""),
        )
        self.fields["language"] = forms.CharField(
            label=_("The language, where the file does not say"),
            required=False,
            max_length=16,
            widget=forms.TextInput(attrs={"class": "short"}),
            initial=kept.get("language", "en"),
        )
        self.fields["may_quote"] = forms.ChoiceField(
            label=_("May they be quoted, where the file does not say"),
            choices=[("no", _("No")), ("yes", _("Yes: they were asked and agreed"))],
            initial=kept.get("may_quote", "no"),
        )
        quiet(self, *self.fields)  # each is needed or not by what the file says: its label tells when

    def mapping(self) -> dict[str, str]:
        return {column: self.cleaned_data.get(f"c{number}", "") for number, column in enumerate(self.columns)}

    def defaults(self) -> dict[str, str]:
        day = self.cleaned_data.get("said_on")
        return {
            "channel": self.cleaned_data.get("channel", ""),
            "said_on": day.isoformat() if isinstance(day, date) else "",
            "language": self.cleaned_data.get("language", ""),
            "may_quote": self.cleaned_data.get("may_quote", "no"),
        }

    def names_of(self, errors: Mapping[str, str]) -> dict[str, str]:
        return {
            (f"c{self.columns.index(field)}" if field in self.columns else field): said
            for field, said in errors.items()
        }
