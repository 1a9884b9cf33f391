"""The scales of the three voices: those that come with Servanda, and the country's own."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.models import User
from servanda.progress.models import Assessment, Contribution, Grade, Scale, Update
from servanda.trail.models import Event

DATA = Path(__file__).resolve().parents[1] / "data"
LANGUAGE = re.compile(r"[a-z]{2}")  # the header of the column of a language


@transaction.atomic
def load_scales() -> int:
    """Load the scales of this version, and return how many rows were added or changed."""
    changed = 0
    for row in rows_of("scales"):
        facts = {"voice": row["voice"], "bodies": row["bodies"], "source": row["source"], "name": label(row)}
        changed += store_row(Scale, {"code": row["code"]}, facts)
    scales = {scale.code: scale for scale in Scale.objects.filter(code__in=shipped())}
    for row in rows_of("grades"):
        facts = {"common": row["common"], "order": int(row["order"]), "label": label(row)}
        changed += store_row(Grade, {"scale": scales[row["scale"]], "code": row["code"]}, facts)
    return changed


def store_row(model: type[Scale] | type[Grade], key: dict, facts: dict) -> bool:
    """Write the row only if it differs, and return whether it did."""
    existing = model._default_manager.filter(**key).first()
    if existing and all(plain(getattr(existing, name)) == plain(value) for name, value in facts.items()):
        return False
    model._default_manager.update_or_create(**key, defaults=facts)
    return True


def plain(value: object) -> object:
    return value.data if isinstance(value, LazyI18nString) else value


def rows_of(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def label(row: dict[str, str]) -> LazyI18nString:
    return LazyI18nString({head: text for head, text in row.items() if text and LANGUAGE.fullmatch(head)})


@cache
def shipped() -> frozenset[str]:
    """The codes of the scales that come with Servanda; all others are the country's own."""
    return frozenset(row["code"] for row in rows_of("scales"))


@transaction.atomic
def add_scale(*, code: str, name: LazyI18nString, voice: str, bodies: str, source: str, by: User) -> Scale:
    if Scale.objects.filter(code=code).exists():
        raise FieldRefused("code", _("A scale with this code already exists. Choose another code."))
    scale = Scale.objects.create(code=code, name=name, voice=voice, bodies=bodies, source=source)
    Event.record("scale-added", scale, by=by)
    return scale


@transaction.atomic
def add_grade(*, scale: Scale, code: str, label: LazyI18nString, common: str, by: User) -> Grade:
    """Append a value to a scale of the country's own.

    Raises `Refused` for a scale that comes with Servanda, and `FieldRefused` if the code is in use.
    """
    scale = Scale.objects.select_for_update().get(pk=scale.pk)
    refuse_shipped(scale)
    if scale.grades.filter(code=code).exists():
        raise FieldRefused("code", _("This scale already has a value with this code. Choose another code."))
    grade = Grade.objects.create(scale=scale, code=code, label=label, common=common, order=scale.grades.count())
    Event.record("grade-added", grade, by=by)
    return grade


@transaction.atomic
def remove_grade(*, grade: Grade, by: User) -> None:
    grade = Grade.objects.select_for_update().select_related("scale").get(pk=grade.pk)
    refuse_shipped(grade.scale)
    used = (Assessment.objects.filter(grade=grade), Contribution.objects.filter(grade=grade))
    if any(rows.exists() for rows in (*used, Update.objects.filter(proposed_grade=grade))):
        raise Refused(_("This value has already been used and cannot be removed. Stop using it instead."))
    Event.record("grade-removed", grade, by=by)
    grade.delete()


def refuse_shipped(scale: Scale) -> None:
    if scale.code in shipped():
        raise Refused(_("This scale comes with Servanda and cannot be changed. Add a scale of your own."))


@transaction.atomic
def retire_grade(*, grade: Grade, by: User) -> None:
    """Stop offering the value; assessments with it stay. Raises `Refused` if it is out of use already."""
    change_use(grade, is_in_use=False)
    Event.record("grade-retired", grade, by=by)


@transaction.atomic
def reinstate_grade(*, grade: Grade, by: User) -> None:
    change_use(grade, is_in_use=True)
    Event.record("grade-reinstated", grade, by=by)


@transaction.atomic
def retire_scale(*, scale: Scale, by: User) -> None:
    """Stop offering its values. Raises `Refused` if it is out of use already."""
    change_use(scale, is_in_use=False)
    Event.record("scale-retired", scale, by=by)


@transaction.atomic
def reinstate_scale(*, scale: Scale, by: User) -> None:
    change_use(scale, is_in_use=True)
    Event.record("scale-reinstated", scale, by=by)


def change_use(row: Scale | Grade, *, is_in_use: bool) -> None:
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if locked.is_in_use == is_in_use:
        raise Refused(_("This has already been done. Reload the page."))
    locked.is_in_use = is_in_use
    locked.save(update_fields=["is_in_use"])
