"""Every form in which people choose an institution says which are closed, in a word."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django import forms
from django.urls import get_resolver
from django.utils import timezone, translation

from servanda.people.models import Institution
from servanda.people.naming import listed_name

CLOSED = Institution(code="OLD", name="Old ministry", active_to=timezone.localdate() - timedelta(days=1))
LEAST = 40  # there are, so that none is overlooked


def all_below(cls: type) -> Iterator[type]:
    for below in cls.__subclasses__():
        yield below
        yield from all_below(below)


def fields_of_institutions() -> dict[str, forms.ModelChoiceField]:
    assert get_resolver().url_patterns  # imports the pages, and with them all forms
    return {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in all_below(forms.BaseForm)
        if form.__module__.startswith("servanda.")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.ModelChoiceField) and field.queryset.model is Institution
    }


def test_a_closed_institution_is_marked_in_every_choice():
    fields = fields_of_institutions()
    assert len(fields) >= LEAST, sorted(fields)
    with translation.override("en"):
        assert [name for name, field in fields.items() if "(closed)" not in field.label_from_instance(CLOSED)] == []


@pytest.mark.parametrize(("days", "shown"), [(-1, "Old ministry (closed)"), (0, "Old ministry"), (1, "Old ministry")])
def test_an_institution_is_closed_from_the_day_after_its_last(days, shown):
    institution = Institution(name="Old ministry", active_to=timezone.localdate() + timedelta(days=days))
    with translation.override("en"):
        assert listed_name(institution) == shown
