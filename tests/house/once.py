"""One scene for all tests of a module: set for a person who owns what will be another's, and handed to who knocks.

It is built in the first module of a process that asks for it; in the others its rows are written as they were then,
and those of its files that a test removed.
"""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models, transaction

from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.assessments.speaking import contributing_institution
from tests import make
from tests.assessing_make import signed, signer_beside
from tests.house.asking import tables_in
from tests.house.scene import Scene
from tests.prepared import rows_of, write_rows


@dataclass
class Once:
    """What was set, its owner, and the foreign keys of all rows that name this owner."""

    things: bytes
    owner: User
    owned: list[models.ForeignKey]

    def handed_to(self, person: User | None) -> Any:
        """The things as they were set, with this person as their owner; no test changes what the next one gets."""
        things = pickle.loads(self.things)
        if person is None:
            return things
        for field in self.owned:
            field.model._base_manager.filter(**{field.name: self.owner}).update(**{field.name: person})
        for row in rows_in(things):
            for field in row._meta.concrete_fields:
                if field.related_model is User and getattr(row, field.attname) == self.owner.pk:
                    setattr(row, field.name, person)
        fit_to(getattr(things, "scene", things), person)
        return things


@dataclass
class Rows:
    """What a scene consists of: rows of models, what was written to index them, and files."""

    models: list[type[models.Model]]
    by_table: dict[str, list[tuple]]
    indexing: list[tuple]
    files: dict[Path, bytes]

    def write(self) -> None:
        for path in filter(lambda path: not path.exists(), self.files):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(self.files[path])
        with transaction.atomic(), connection.cursor() as cursor:
            for table in self.by_table:
                cursor.execute(f"DELETE FROM {table}")  # the few rows that migrations made
            write_rows(self.by_table, self.models)
            for sql, params, many in self.indexing:
                (cursor.executemany if many else cursor.execute)(sql, params)


class Writing:
    """What is written while a scene is built."""

    def __init__(self):
        self.files_before = stored_files()
        self.tables: set[str] = set()
        self.statements: list[tuple] = []

    def __call__(self, execute, sql, params, many, context):
        if written := tables_in(sql)[1]:
            self.tables |= written
            self.statements.append((written, sql, params, many))
        return execute(sql, params, many, context)

    def rows(self) -> Rows:
        every_model = apps.get_models(include_auto_created=True)
        written = [model for model in every_model if model._meta.db_table in self.tables]
        of_models = {model._meta.db_table for model in written}
        indexing = [statement for tables, *statement in self.statements if not tables <= of_models]
        files = {path: path.read_bytes() for path in stored_files() - self.files_before}
        return Rows(written, rows_of(written), indexing, files)


def stored_files() -> set[Path]:
    return {path for path in Path(default_storage.location).rglob("*") if path.is_file()}


SET: dict[Callable, tuple[Once, Rows]] = {}


def set_once(build: Callable[..., Any]) -> Once:
    if build in SET:
        once, rows = SET[build]
        rows.write()
        return once
    with connection.execute_wrapper(writing := Writing()):
        owner = make.user(Role.PUBLIC)
        things = build(owner=owner)
    keys = [found.field for found in User._meta.get_fields(include_hidden=True) if found.one_to_many]
    owned = [field for field in keys if field.model._base_manager.filter(**{field.name: owner}).exists()]
    SET[build] = Once(pickle.dumps(things), owner, owned), writing.rows()
    return SET[build][0]


def rows_in(things: object) -> Iterator[models.Model]:
    if isinstance(things, models.Model):
        yield things
    elif isinstance(things, list | tuple):
        for thing in things:
            yield from rows_in(thing)
    elif is_dataclass(things):
        for field in fields(things):
            yield from rows_in(getattr(things, field.name))


def fit_to(scene: Scene, owner: User) -> None:
    """What builders learn from the owner besides the key."""
    told, met, voice = scene.notification, scene.network.own_participant, scene.voices.own
    told.object_id, met.email, voice.institution = str(owner.pk), owner.email, contributing_institution(owner)
    for row, field in ((told, "object_id"), (met, "email"), (voice, "institution")):
        row.save(update_fields=[field])
    if any(appointment.function == "contributor" for appointment in owner.current_appointments):
        scene.voices.signed = signed(make.recommendation(), signer_beside(owner))
