"""Materials of a course as files: examined like evidence, out of reach of the web server, one file a language."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.network.files_in_languages import keep_file, restore_file, withdraw_file
from servanda.network.models import Course, CourseMaterial
from servanda.network.training.services import lock
from servanda.people.models import User
from servanda.progress.evidence.services import Examined, examine

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
    if locked.files.filter(withdrawn_at=None).count() >= MOST_MATERIALS:
        raise Refused(_("A course has at most %(most)d files.") % {"most": MOST_MATERIALS})
    row = CourseMaterial(course=locked, title=title, language=language, added_by=by)
    return keep_file(row, examined, action="course-material-added")


@transaction.atomic
def withdraw_material(*, material: CourseMaterial, reason: str, by: User) -> None:
    """No one can download it any more. Raises `Refused` without a reason, and for one that is withdrawn."""
    withdraw_file(material, reason=reason, action="course-material-withdrawn", by=by)


@transaction.atomic
def restore_material(*, material: CourseMaterial, by: User) -> None:
    """Raises `Refused` if it is not withdrawn."""
    restore_file(material, action="course-material-restored", by=by)
