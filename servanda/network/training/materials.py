"""Materials of a course as files: examined like evidence, out of reach of the web server, one file a language."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import Course, CourseMaterial
from servanda.network.training.services import lock
from servanda.people.models import User
from servanda.progress.evidence.services import Examined, examine
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean_label
from servanda.trail.models import Event

MOST_MATERIALS = 200


def add_material(
    *, course: Course, file: File, name: str, title: str, language: str, by: User | None
) -> CourseMaterial:
    """Store a file under a generated name. It is examined before any row is locked. Raises `Refused` if it fails,
    and `FieldRefused` without a title."""
    return keep_material(course, examine(file, name), title=title, language=language, by=by)


@transaction.atomic
def keep_material(
    course: Course, examined: Examined, *, title: str, language: str, by: User | None
) -> CourseMaterial:
    locked = lock(course)
    if not (title := clean_label(title)):
        raise FieldRefused("title", _("Required field."))
    if locked.files.filter(withdrawn_at=None).count() >= MOST_MATERIALS:
        raise Refused(_("A course has at most %(most)d files.") % {"most": MOST_MATERIALS})
    row = CourseMaterial(course=locked, title=title, language=language, added_by=by)
    Event.record("course-material-added", locked, by=by, difference={"title": ["", f"{title} ({language})"]})
    row.store(name=examined.name, mime=examined.mime, content=examined.content)
    return row


@transaction.atomic
def withdraw_material(*, material: CourseMaterial, reason: str, by: User) -> None:
    """No one can download it any more. Raises `Refused` without a reason, and for one that is withdrawn."""
    locked = lock_material(material)
    if locked.withdrawn_at is not None:
        raise Refused(_("This has already been done."))
    locked.withdraw(required_reason(reason))
    difference = {"title": ["", locked.title], "reason": ["", locked.withdrawn_reason]}
    Event.record("course-material-withdrawn", locked.course, by=by, difference=difference)


@transaction.atomic
def restore_material(*, material: CourseMaterial, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    locked = lock_material(material)
    if locked.withdrawn_at is None:
        raise Refused(_("It is not withdrawn."))
    locked.withdrawn_at, locked.withdrawn_reason = None, ""
    locked.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    Event.record("course-material-restored", locked.course, by=by, difference={"title": ["", locked.title]})


def lock_material(material: CourseMaterial) -> CourseMaterial:
    return CourseMaterial.objects.select_for_update(of=("self",)).select_related("course").get(pk=material.pk)
