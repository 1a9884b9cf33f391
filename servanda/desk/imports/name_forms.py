"""The form to assign unrecognised names of a file to States and bodies."""

import hashlib
from collections.abc import Callable

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from servanda.intake.models import Batch
from servanda.recommendations.imports import unknown_names
from servanda.recommendations.imports.unknown_names import UnknownName
from servanda.vocab.models import Body, Country

NAMES_A_PAGE = 10
OFFERED: dict[bool, Callable[[], QuerySet]] = {True: Body.objects.offered, False: Country.objects.all}


class UnknownNamesForm(forms.Form):
    """A State or a body for each name; names without a choice stay unrecognised."""

    def __init__(self, *args, batch: Batch, **kwargs):
        super().__init__(*args, **kwargs)
        unknown = unknown_names.unknown_names(batch)
        offered = [name for name in unknown if unknown_names.can_be_known(name.name, is_body=name.is_body)]
        self.names = {key_of(name): name for name in offered[:NAMES_A_PAGE]}
        self.others = len(unknown) - len(self.names)
        kinds = {name.is_body for name in self.names.values()}
        choices = {is_body: choices_of(OFFERED[is_body]()) for is_body in kinds}
        for key, name in self.names.items():
            self.fields[key] = forms.ChoiceField(
                label=name.name, choices=choices[name.is_body], required=False, help_text=rows_with(name)
            )

    def chosen(self, *, is_body: bool) -> dict[str, str]:
        """By name: the code selected for it."""
        named = {name.name: self.cleaned_data[key] for key, name in self.names.items() if name.is_body == is_body}
        return {name: code for name, code in named.items() if code}


def key_of(name: UnknownName) -> str:
    """A field name that depends on the name only, so that it stays valid when the page changes."""
    text = f"{name.is_body} {name.name}"
    return f"name-{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16]}"


def choices_of(offered: QuerySet) -> list[tuple[str, str]]:
    things = [(thing.code, str(thing.name)) for thing in offered]
    return [("", _("Not selected")), *sorted(things, key=lambda thing: thing[1].casefold())]


def rows_with(name: UnknownName) -> str:
    sentence = ngettext("Body, in %(count)d row", "Body, in %(count)d rows", name.rows)
    if not name.is_body:
        sentence = ngettext("State, in %(count)d row", "State, in %(count)d rows", name.rows)
    return sentence % {"count": name.rows}


def names_form(batch: Batch) -> UnknownNamesForm | None:
    """The form, if the import is being checked and has unrecognised names."""
    if batch.state != Batch.State.PREVIEWED:
        return None
    form = UnknownNamesForm(batch=batch)
    return form if form.names else None
