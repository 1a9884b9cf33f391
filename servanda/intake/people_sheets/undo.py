"""Undoing a spreadsheet of institutions and people, thing by thing, where no one has changed anything since."""

import json
from collections.abc import Sequence
from datetime import date

from django.db import models
from i18nfield.strings import LazyI18nString

from servanda.intake.models import StagedRow
from servanda.intake.people_sheets.columns import NAME_IN
from servanda.intake.people_sheets.rows import facts_of_institution, facts_of_person, names_of
from servanda.intake.sheets.kinds import Run
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.appointments import services as appointments
from servanda.people.institutions import services as institutions
from servanda.people.institutions.saving import refuse_hand_on_accredited, save_attributed
from servanda.people.models import AccountState, Appointment, Institution, Invitation, User
from servanda.people.versioning import attribute

MODELS = {"institution": Institution, "person": User, "appointment": Appointment}
FACTS = {"institution": facts_of_institution, "person": facts_of_person, "appointment": appointments.facts}
type Pointers = dict[type[models.Model], list[tuple[type[models.Model], str]]]
DAYS = {"active_from", "active_to", "start", "end"}


def steps_of(rows: Sequence[StagedRow], thing: str) -> list[dict]:
    return [step for row in rows for step in json.loads(row.difference) if step["thing"] == thing]


def affected(rows: Sequence[StagedRow]) -> set[int]:
    """People whose appointments the file made or changed."""
    steps = steps_of(rows, "appointment")
    made = {step["fields"]["person"][1] for step in steps if step["is_new"]}
    changed = Appointment.objects.filter(pk__in=[step["pk"] for step in steps if not step["is_new"]])
    return made | set(changed.values_list("person_id", flat=True))


def pointers(rows: Sequence[StagedRow]) -> Pointers:
    """Which relations, of whatever room, point to something that the file made; read once for all rows.

    Histories do not count, and neither do invitations that no one has answered.
    """
    by_model: Pointers = {}
    for name, model in MODELS.items():
        made = [step["pk"] for step in steps_of(rows, name) if step["is_new"]]
        list(model.objects.select_for_update().filter(pk__in=made))  # nothing new can refer to them from now on
        by_model[model] = [
            (relation.related_model, relation.field.name)
            for relation in model._meta.get_fields(include_hidden=True)
            if relation.auto_created
            and (relation.one_to_many or relation.one_to_one)
            and relation.on_delete is not models.DO_NOTHING
            and relation.related_model is not Invitation
            and points_to(relation.related_model, relation.field.name, made)
        ]
    return by_model


def points_to(model: type[models.Model], field: str, keys: list[int]) -> bool:
    return model._base_manager.filter(**{f"{field}__in": keys}).exists()


def restore_row(row: StagedRow, pointing: Pointers, run: Run) -> None:
    for step in reversed(json.loads(row.difference)):
        restore(step, pointing, by=run.by, reason=run.reason)


def restore(step: dict, pointing: Pointers, *, by: User, reason: str) -> None:
    thing = MODELS[step["thing"]].objects.select_for_update().filter(pk=step["pk"]).first()
    if thing is None:
        if step["is_new"]:
            return
        raise Refused(_("It no longer exists."))
    if was_changed(step, FACTS[step["thing"]](thing)):
        raise Refused(_("It was changed after the import."))
    if step["is_new"]:
        remove(thing, pointing, by=by, reason=reason)
    else:
        restore_values(
            thing, {name: before for name, (before, _after) in step["fields"].items()}, by=by, reason=reason
        )


def was_changed(step: dict, facts: dict[str, object]) -> bool:
    """Whether a field that the step wrote was changed since; of a new thing, also fields that it left empty."""
    names = {*step["fields"], *facts} if step["is_new"] else step["fields"]
    return any(str(facts.get(name, "")) != str(step["fields"].get(name, ["", ""])[1]) for name in names)


def remove(thing: models.Model, pointing: Pointers, *, by: User, reason: str) -> None:
    """Delete what nothing refers to: an unused account, an institution without people."""
    if isinstance(thing, User) and thing.state != AccountState.INVITED:
        raise Refused(_("This person has activated the account since the import."))
    if any(points_to(model, field, [thing.pk]) for model, field in pointing[type(thing)]):
        raise Refused(_("It is now in use."))
    if isinstance(thing, Institution | Appointment):
        refuse_hand_on_accredited(thing, by=by)
        attribute(thing, by=by, reason=reason)
    thing.delete()


def restore_values(thing: models.Model, before: dict[str, object], *, by: User, reason: str) -> None:
    if isinstance(thing, Institution):
        restore_names(thing, before)
        restore_parent(thing, before)
        restore_fields(thing, before)
        save_attributed(thing, by=by, reason=reason)
    elif isinstance(thing, Appointment):
        restore_fields(thing, before)
        appointments.refuse_misfit(thing)
        save_attributed(thing, by=by, reason=reason)
    else:
        restore_fields(thing, before)
        thing.save(update_fields=list(before))


def restore_fields(thing: models.Model, before: dict[str, object]) -> None:
    for name, value in before.items():
        if name in DAYS:
            setattr(thing, name, date.fromisoformat(str(value)) if value else None)
        elif name != "parent" and not name.startswith(NAME_IN):
            setattr(thing, name, value)


def restore_parent(institution: Institution, before: dict[str, object]) -> None:
    if "parent" in before:
        institution.parent = Institution.objects.filter(code=before["parent"]).first()
        institutions.refuse_bad_place(institution, institutions.locked_tree())


def restore_names(institution: Institution, before: dict[str, object]) -> None:
    changed = {name.removeprefix(NAME_IN): str(text) for name, text in before.items() if name.startswith(NAME_IN)}
    names = {language: text for language, text in {**names_of(institution), **changed}.items() if text}
    institution.name = names[""] if list(names) == [""] else LazyI18nString(names)
