"""Parts of forms that more than one room uses."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.signing import BadSignature, Signer
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servanda.kit.hidden_characters import without_hidden
from servanda.kit.pages.form_errors import NO_WEB_ADDRESS

LONGEST_ID = 18  # digits

form_page = require_http_methods(["GET", "HEAD", "POST"])


class DateInput(forms.DateInput):
    """The browser's own date picker, which sends ISO dates in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NameField(forms.CharField):
    """A name on one line, without characters that no one sees: two names that look the same are the same."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value))


def one_line(name: str | None) -> str:
    return " ".join(without_hidden(name or "").split())


class TickList(forms.CheckboxSelectMultiple):
    """A checkbox for each choice: a slip of the hand unticks one and not all."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """SQLite raises an error for numbers longer than any id; a forged one is cut, and then matches no choice."""
        return [value[:LONGEST_ID] for value in super().value_from_datadict(data, files, name) or []]


def link_field() -> forms.URLField:
    """Checks one link where a field of text takes several."""
    too_long = _("Shorten each link to 500 characters or fewer.")
    messages: dict[str, Any] = {"invalid": NO_WEB_ADDRESS, "max_length": too_long}
    return forms.URLField(max_length=500, assume_scheme="https", error_messages=messages)


def field_of(model: type[models.Model], name: str, **options: Any) -> forms.Field:
    """The form field of a field of a model, for forms that do not save it themselves."""
    return cast(forms.Field, cast(models.Field, model._meta.get_field(name)).formfield(**options))


def show_initial_values(form: forms.BaseForm) -> None:
    """Add the initial values as hidden inputs, so that the changes of the person can be told from them."""
    for name, field in form.fields.items():
        field.show_hidden_initial = name != "version"


def merge_changes(form: forms.BaseForm, now: forms.BaseForm) -> QueryDict:
    """Form data with the changes of this person applied to the values that are saved now (`now`)."""
    data = cast(QueryDict, form.data).copy()
    for name in now.fields:
        value = now[name].value()
        saved = [str(item) for item in value] if isinstance(value, list) else ["" if value is None else str(value)]
        data.setlist(f"initial-{name}", saved)
        if name == "version" or name not in form.changed_data:
            data.setlist(name, saved)
    return data


def entered_date(form: forms.BaseForm, name: str) -> date | None:
    """The date in a field if this person entered it; one that was saved earlier and is left as it is passes."""
    day = form.cleaned_data.get(name)
    return day if day and day != form.get_initial_for_field(form.fields[name], name) else None


def refuse_future(form: forms.BaseForm, *names: str, on: date) -> None:
    for name in names:
        if (day := entered_date(form, name)) and day > on:
            form.add_error(name, _("Enter a date that is not in the future."))


def refuse_past(form: forms.BaseForm, *names: str, on: date) -> None:
    for name in names:
        if (day := entered_date(form, name)) and day < on:
            form.add_error(name, _("Enter a date that is not in the past."))


LASTS = timedelta(hours=12)
SLACK = timedelta(minutes=1)  # between the clocks of two servers


def signed(form_key: UUID, seconds: str) -> str:
    return Signer(salt="servanda.kit.opened_forms").signature(f"{form_key} {seconds}")


def sign_opening(form_key: UUID, at: datetime) -> str:
    seconds = str(int(at.timestamp()))
    return f"{seconds}.{signed(form_key, seconds)}"


def opened_at(form_key: UUID, opening: str, *, on: datetime) -> datetime:
    """When the form with this key was opened. Raises `BadSignature` where the time is forged or too long ago."""
    seconds, _point, signature = opening.partition(".")
    signer = Signer(salt="servanda.kit.opened_forms")
    if not (seconds.isdecimal() and seconds.isascii() and len(seconds) < 12):
        raise BadSignature("no time")
    signer.unsign(f"{form_key} {seconds}{signer.sep}{signature}")
    at = datetime.fromtimestamp(int(seconds), UTC)
    if not on - LASTS < at <= on + SLACK:
        raise BadSignature("expired")
    return at


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list:
        files = data if isinstance(data, list | tuple) and data else [None]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]


def replace_version(form: forms.BaseForm, version: int) -> None:
    """After a conflict, keep what this person entered and let the next save overwrite the other change."""
    name = "seen" if "seen" in form.fields else "version"
    entered = cast(QueryDict, form.data).copy()
    entered[form.add_prefix(name)] = str(version)
    form.data = entered


class SeenForm(forms.Form):
    """A form that several people may open for the same row; `seen` is the version that the person was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def look_again(self, version: int) -> None:
        replace_version(self, version)
