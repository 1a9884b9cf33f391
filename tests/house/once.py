"""One scene for all tests of a module: set for a person who owns what will be another's, and handed to who knocks."""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.db import models

from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.assessments.speaking import contributing_institution
from tests import make
from tests.assessing_make import signed, signer_beside
from tests.house.scene import Scene


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


def set_once(build: Callable[..., Any]) -> Once:
    owner = make.user(Role.PUBLIC)
    things = build(owner=owner)
    keys = [found.field for found in User._meta.get_fields(include_hidden=True) if found.one_to_many]
    owned = [field for field in keys if field.model._base_manager.filter(**{field.name: owner}).exists()]
    return Once(pickle.dumps(things), owner, owned)


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
    told, met, said = scene.notification, scene.network.own_participant, scene.voices.own
    told.object_id, met.email, said.institution = str(owner.pk), owner.email, contributing_institution(owner)
    for row, field in ((told, "object_id"), (met, "email"), (said, "institution")):
        row.save(update_fields=[field])
    if any(appointments.function == "contributor" for appointments in owner.current_appointments):
        scene.voices.signed = signed(make.recommendation(), signer_beside(owner))
