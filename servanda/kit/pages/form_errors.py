"""What a form answers to a missing or wrong value: a sentence that names the field and says what to do.

Every form of the house has these instead of Django's messages: the renderer of forms makes the bound fields.
A message that a field or validator of the house brings along is kept.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import FieldDoesNotExist
from django.forms.renderers import DjangoTemplates
from django.utils.formats import date_format, localize, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.pages import plain_words

EXAMPLE = datetime(2025, 3, 24, 14, 30)  # noqa: DTZ001 -- an example of how to write a time, in no time zone
WITHOUT_VALUES = {"required", "missing", "empty", "contradiction", "incomplete", "invalid_list"}
SLUGS = (validators.validate_slug, validators.validate_unicode_slug)
MARKS = (("“", "”"), ("«", "»"), ("«\xa0", "\xa0»"))  # around a name, in the languages of the house

CHOSEN = gettext_lazy("Choose a file for “%(label)s”.")
SELECTED = gettext_lazy("Select an option for “%(label)s”.")
SEVERAL_SELECTED = gettext_lazy("Select at least one option for “%(label)s”.")
DATED = gettext_lazy("Enter a date for “%(label)s”, such as %(date)s.")
# The first class that a field belongs to decides.
NEEDED = (
    (forms.FileField, CHOSEN),
    (forms.ModelMultipleChoiceField, SEVERAL_SELECTED),
    (forms.MultipleChoiceField, SEVERAL_SELECTED),
    (forms.ChoiceField, SELECTED),
    (forms.BooleanField, gettext_lazy("Select “%(label)s”.")),
    (forms.DateTimeField, gettext_lazy("Enter a date and time for “%(label)s”, such as %(date)s, %(time)s.")),
    (forms.DateField, DATED),
    (forms.TimeField, gettext_lazy("Enter a time for “%(label)s”, such as %(time)s.")),
    (forms.EmailField, gettext_lazy("Enter an e-mail address for “%(label)s”, such as name@example.org.")),
    (forms.URLField, gettext_lazy("Enter a web address for “%(label)s”, such as https://www.example.org/.")),
)
NO_WEB_ADDRESS = gettext_lazy("Enter a web address, such as https://www.example.org/.")
WEB_ADDRESS = NEEDED[-1][1]
WRITTEN = gettext_lazy("Enter text for “%(label)s”.")
ENTERED = gettext_lazy("Enter a value for “%(label)s”.")
# What a field needs, and the labels for which plain words say it.
IN_PLAIN_WORDS = (
    (WRITTEN, plain_words.ENTERED),
    (ENTERED, plain_words.ENTERED),
    (SELECTED, plain_words.SELECTED),
    (SEVERAL_SELECTED, plain_words.SEVERAL_SELECTED),
    (DATED, plain_words.DATES),
    (CHOSEN, plain_words.FILES),
)
# whether it is a whole number, has a least and a most value
NUMBERS = {
    (True, False, False): gettext_lazy("Enter a whole number for “%(label)s”."),
    (True, True, False): gettext_lazy("Enter a whole number of %(least)s or more for “%(label)s”."),
    (True, False, True): gettext_lazy("Enter a whole number of %(most)s or less for “%(label)s”."),
    (True, True, True): gettext_lazy("Enter a whole number between %(least)s and %(most)s for “%(label)s”."),
    (False, False, False): gettext_lazy("Enter a number for “%(label)s”."),
    (False, True, False): gettext_lazy("Enter a number of %(least)s or more for “%(label)s”."),
    (False, False, True): gettext_lazy("Enter a number of %(most)s or less for “%(label)s”."),
    (False, True, True): gettext_lazy("Enter a number between %(least)s and %(most)s for “%(label)s”."),
}
OFFERED = gettext_lazy("Choose one of the options offered for “%(label)s”.")
OF_CODES = {
    "invalid_choice": OFFERED,
    "invalid_list": OFFERED,
    "invalid_pk_value": OFFERED,
    "max_length": gettext_lazy("Shorten “%(label)s” to %(longest)s characters or fewer."),
    "min_length": gettext_lazy("Write at least %(shortest)s characters for “%(label)s”."),
    "null_characters_not_allowed": gettext_lazy("Remove the invisible characters from “%(label)s”."),
    "empty": gettext_lazy("The file for “%(label)s” is empty. Choose another file."),
    "contradiction": gettext_lazy("Choose a file for “%(label)s”, or its removal, not both."),
    "incomplete": gettext_lazy("Enter every part of “%(label)s”."),
    "max_digits": gettext_lazy("Enter a number with fewer digits for “%(label)s”."),
    "max_decimal_places": gettext_lazy("Enter a number with fewer decimal places for “%(label)s”."),
    "max_whole_digits": gettext_lazy("Enter a smaller number for “%(label)s”."),
    "unique": gettext_lazy("“%(label)s” is already in use. Enter another one."),
}
FILE_NAME = gettext_lazy("Choose a file with a shorter name for “%(label)s”.")
SLUG = gettext_lazy("Use only the letters A to Z, digits, hyphens and underscores in “%(label)s”.")
AS_DESCRIBED = gettext_lazy("Enter “%(label)s” in the form that its hint describes.")


class NamedField(forms.BoundField):
    """A field of a form whose errors name it. A text of several lines that is too long is refused with its greatest
    length, which browsers are not told: they would cut what is pasted without a word."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        for widget in getattr(field.widget, "widgets", [field.widget]):
            if isinstance(widget, forms.Textarea):
                widget.attrs.pop("maxlength", None)
        if form.is_bound:
            of_model = validators_of_model(form, name)
            for part in (field, *getattr(field, "fields", ())):
                part.error_messages.update(sentences(part, summary_label(self), of_model))


class FormRenderer(DjangoTemplates):
    bound_field_class = NamedField


def summary_label(bound: forms.BoundField) -> str:
    """The name of a field in the summary of errors, shorter than its label where the form has such a name."""
    return str(getattr(bound.field, "summary_label", "") or bound.label)


def in_summary(error: object, bound: forms.BoundField) -> str:
    """An error as a line of the summary, which names the field where the sentence does not."""
    label, sentence = summary_label(bound), str(error)
    if any(f"{opened}{label}{closed}" in sentence for opened, closed in MARKS):
        return sentence
    if plain_words.is_for(sentence, label, examples()):
        return sentence
    return f"{_('%(label)s:') % {'label': label}} {sentence}"


def validators_of_model(form: forms.BaseForm, name: str) -> list:
    model = getattr(getattr(form, "_meta", None), "model", None)
    if model is None:
        return []
    try:
        return list(getattr(model._meta.get_field(name), "validators", []))
    except FieldDoesNotExist:
        return []


def sentences(field: forms.Field, label: str, of_model: list) -> dict[str, str]:
    """The message for each error of a field that would be Django's."""
    checks = [*field.validators, *of_model]
    words = {"label": label, **examples(), **limits(checks)}
    return {
        code: plain(in_plain_words(sentence_for(field, code, checks), label) % words, field, code)
        for code in codes(field, checks)
        if is_djangos(field, code)
    }


def in_plain_words(sentence: Any, label: str) -> Any:
    """The same, or for a label of many forms in plain words, such as “Enter a title.”"""
    known = next((words for needs, words in IN_PLAIN_WORDS if needs is sentence), ())
    return plain_words.words_for(label, known) or sentence


def plain(sentence: str, field: forms.Field, code: str) -> str:
    """Errors that carry values are formatted once more, so a per cent sign of a label is doubled in them."""
    formatted_again = code not in WITHOUT_VALUES and (code != "invalid" or isinstance(field, forms.CharField))
    return sentence.replace("%", "%%") if formatted_again else sentence


def codes(field: forms.Field, checks: list) -> Iterator[str]:
    yield from field.error_messages
    yield from (check.code for check in checks if is_djangos_check(check))
    yield "unique"
    if isinstance(field, forms.DecimalField):
        yield from ("max_digits", "max_decimal_places", "max_whole_digits")


def is_djangos_check(check: Any) -> bool:
    of_django = type(check).__module__ == validators.__name__ and "message" not in vars(check)
    return bool(getattr(check, "code", None)) and (of_django or check in SLUGS)


def is_djangos(field: forms.Field, code: str) -> bool:
    """Whether the message of a field for an error is missing or was not written for this house."""
    message = field.error_messages.get(code)
    defaults = [vars(kind).get("default_error_messages", {}) for kind in django_bases(type(field))]
    return message is None or any(default.get(code) is message for default in defaults)


def django_bases(kind: type) -> list[type]:
    return [parent for parent in kind.__mro__ if parent.__module__.startswith("django.")]


def sentence_for(field: forms.Field, code: str, checks: list) -> Any:
    if code == "invalid" and any(check in SLUGS for check in checks):
        return SLUG
    if code == "invalid" and any(isinstance(check, validators.URLValidator) for check in checks):
        return WEB_ADDRESS
    if code in LIMITS and LIMITS[code][0] not in limits(checks):
        return OF_CODES["max_whole_digits"]
    if code == "max_length" and isinstance(field, forms.FileField):
        return FILE_NAME
    if code in OF_CODES:
        return OF_CODES[code]
    sentence = needed(field, checks)
    return AS_DESCRIBED if code == "invalid" and sentence in (WRITTEN, ENTERED) else sentence


def needed(field: forms.Field, checks: list) -> Any:
    if isinstance(field, forms.IntegerField):
        known = limits(checks)
        is_whole = not isinstance(field, forms.DecimalField | forms.FloatField)
        return NUMBERS[is_whole, "least" in known, "most" in known]
    of_text = WRITTEN if isinstance(field.widget, forms.Textarea) else ENTERED
    return next((sentence for kind, sentence in NEEDED if isinstance(field, kind)), of_text)


def examples() -> dict[str, str]:
    return {"date": date_format(EXAMPLE, "DATE_FORMAT"), "time": time_format(EXAMPLE, "TIME_FORMAT")}


# The widest numbers that columns of databases take; no reader would understand them as a limit.
OF_COLUMNS = {edge for bits in (16, 32, 64) for edge in (2 ** (bits - 1) - 1, -(2 ** (bits - 1)))}
YEARS = range(1900, 2200)  # written without a mark between thousands
LIMITS: dict[str, tuple[str, Any]] = {
    "min_value": ("least", max),
    "max_value": ("most", min),
    "min_length": ("shortest", max),
    "max_length": ("longest", min),
}


def limits(checks: list) -> dict[str, str]:
    """The narrowest limits of the validators, as a reader writes numbers."""
    found: dict[str, Any] = {}
    for check in checks:
        if name_and_narrower := LIMITS.get(getattr(check, "code", "")):
            name, narrower = name_and_narrower
            limit = check.limit_value() if callable(check.limit_value) else check.limit_value
            if limit in OF_COLUMNS:
                continue
            found[name] = narrower(found[name], limit) if name in found else limit
    is_year = all(name in ("least", "most") and limit in YEARS for name, limit in found.items())
    return {name: str(limit) if is_year else localize(limit) for name, limit in found.items()}
