"""What a form says when something is missing or wrong: our words, with the question's own name in them.

Django's own sentences ("This field is required.") name nothing. What a form or a room says itself is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.utils import ErrorList
from django.utils.translation import gettext


def _required(bound: BoundField, error: ValidationError) -> str:
    field, label = bound.field, _name(bound)
    if isinstance(field, forms.BooleanField):
        return gettext("Tick “%(question)s” to go on.") % {"question": label}
    if isinstance(field, forms.ChoiceField):
        return gettext("Choose an answer to “%(question)s”.") % {"question": label}
    if isinstance(field, forms.FileField):
        return gettext("Choose a file for “%(question)s”.") % {"question": label}
    return gettext("“%(question)s” is empty. Please fill it in.") % {"question": label}


def _invalid(bound: BoundField, error: ValidationError) -> str:
    field, label = bound.field, _name(bound)
    if isinstance(field, forms.EmailField):
        return gettext("Write an e-mail address like name@example.org.")
    if isinstance(field, forms.DateField):
        return gettext("“%(question)s” must be a real day, like 3 May 2027.") % {"question": label}
    if isinstance(field, forms.IntegerField):
        return gettext("“%(question)s” must be a whole number, in digits.") % {"question": label}
    return gettext("“%(question)s” is not in a form that we can read.") % {"question": label}


def _with_limit(words: Callable[[], str]) -> Callable[[BoundField, ValidationError], str]:
    def say(bound: BoundField, error: ValidationError) -> str:
        facts = error.params or {}
        return words() % {
            "question": _name(bound),
            "limit": facts.get("limit_value", ""),
            "have": facts.get("show_value", ""),
        }

    return say


def _null(bound: BoundField, error: ValidationError) -> str:
    """A zero byte, which no keyboard writes: it comes from a program, or from a file pasted as words."""
    return gettext("“%(question)s” holds a sign that is not a letter. Please type it again.") % {
        "question": _name(bound)
    }


OURS: Final[dict[str, Callable[[BoundField, ValidationError], str]]] = {
    "required": _required,
    "invalid": _invalid,
    "null_characters_not_allowed": _null,
    "invalid_choice": lambda bound, error: (
        gettext("Choose one of the answers to “%(question)s”.") % {"question": _name(bound)}
    ),
    "min_value": _with_limit(lambda: gettext("“%(question)s” must be %(limit)s or more.")),
    "max_value": _with_limit(lambda: gettext("“%(question)s” must be %(limit)s or less.")),
    "max_length": _with_limit(
        lambda: gettext("“%(question)s” can hold %(limit)s letters. You wrote %(have)s: please make it shorter.")
    ),
    "min_length": _with_limit(lambda: gettext("“%(question)s” needs at least %(limit)s letters. You wrote %(have)s.")),
}
# Only Django's own sentences are replaced. They are compared in the reader's language.
KINDS: Final[tuple[type[forms.Field], ...]] = (
    forms.Field,
    forms.CharField,
    forms.IntegerField,
    forms.DateField,
    forms.DateTimeField,
    forms.FileField,
    forms.ChoiceField,
    forms.MultipleChoiceField,
    forms.URLField,
)
THEIRS: Final = (
    *(message for kind in KINDS for message in kind.default_error_messages.values()),
    validators.MinValueValidator.message,
    validators.MaxValueValidator.message,
    validators.EmailValidator.message,
    validators.ProhibitNullCharactersValidator.message,
)


class SpokenField(BoundField):
    """A field on a page whose errors are in our words."""

    @property
    def errors(self) -> ErrorList:
        found: Any = super().errors
        said = [self._say(error) for error in found.as_data()]
        made: ErrorList = type(found)(
            said, error_class=found.error_class, renderer=found.renderer, field_id=found.field_id
        )
        return made

    def _say(self, error: ValidationError) -> ValidationError:
        ours = OURS.get(error.code or "")
        if ours is None or not _is_theirs(error):
            return error
        return ValidationError(ours(self, error), code=error.code)


def _is_theirs(error: ValidationError) -> bool:
    message: Any = error.message
    if error.code in {"max_length", "min_length"}:  # a sentence of two numbers, made anew for each
        return not isinstance(message, str)
    return str(message) in {str(each) for each in THEIRS}


def _name(bound: BoundField) -> str:
    return str(bound.label or bound.name).rstrip("?:… ").strip()
