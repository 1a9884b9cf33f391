"""A value for every field of every model that only a forged form would send, and where it was written."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from django.apps import apps
from django.db import models

from servanda.people.models import Institution
from servanda.vocab.models import Body, Country, Taxonomy, Term
from tests import make

ODD = 987654  # the key of a planted row in each table that others point to, and every number that is sent
WORD = "zz-odd-mark"
MAIL = f"{WORD}@example.org"
DAY = date(1987, 6, 5)
OURS = [
    model for model in apps.get_models() if model.__module__.startswith(("servanda.", "allauth.", "simple_history"))
]


def value_for(field: models.Field) -> str:
    if field.choices:
        return str(field.flatchoices[-1][0])
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return f"{DAY} 00:00"
    if isinstance(field, models.DateField):
        return str(DAY)
    if isinstance(field, models.EmailField):
        return MAIL
    if field.is_relation or isinstance(field, models.IntegerField):
        return str(ODD)
    return WORD


@cache
def every_field() -> dict[str, str]:
    """A value for each field of each model, under the name of the field and under that of its column."""
    return {
        name: value_for(field)
        for model in OURS
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        for name in {field.name, getattr(field, "attname", field.name)}
    }


Cells = dict[tuple[str, object, str], object]


def cells(of: Iterable[type[models.Model]] = OURS) -> Cells:
    """Every value in the tables of the house, or of these models, by table, row and column."""
    return {
        (model._meta.db_table, row[model._meta.pk.attname], name): value
        for model in of
        for row in model._base_manager.values()
        for name, value in row.items()
    }


def is_marked(value: object) -> bool:
    return value == ODD or (isinstance(value, str | date) and any(mark in str(value) for mark in (WORD, str(DAY))))


def taken(before: Cells, after: Cells) -> Iterator[str]:
    """Columns with a value that only the fields besides had, or with a yes or no turned round."""
    for (table, key, name), value in after.items():
        is_new = (table, key, name) not in before
        is_other = is_new or value != before[table, key, name]
        if is_other and (is_marked(value) or (isinstance(value, bool) and not is_new)):
            yield f"{table}.{name}"


def plant() -> None:
    """A row with the odd key in the tables that a form could point to."""
    Institution.objects.create(pk=ODD, code="planted", name="Planted")
    Country.objects.create(pk=ODD, code="ZZZ", name="Planted")
    Body.objects.create(pk=ODD, code="PLANTED", name="Planted", kind="other", system="UN")
    taxonomy = Taxonomy.objects.create(pk=ODD, code="planted", name="Planted")
    Term.objects.create(pk=ODD, taxonomy=taxonomy, code="planted", label="Planted")
    make.user(pk=ODD)
