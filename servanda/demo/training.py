"""Invented courses of the invented neighbour, with materials, sessions and participants."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.utils import timezone

from servanda.demo.reading import coordinator, read
from servanda.network.models import Course, MechanismProfile
from servanda.network.training import materials, services, waiting_list
from servanda.network.training.services import COURSE_FACTS, CourseValues, SessionValues
from servanda.people.models import User
from servanda.progress.rounds.days import local_day


def load() -> None:
    """Idempotent."""
    if Course.objects.exists():
        return
    by, provider = coordinator(), MechanismProfile.objects.get(is_invented=True)
    for written in read("training")["courses"]:
        teach(written, provider.name, by=by)


def teach(written: dict[str, Any], provider: str, *, by: User) -> None:
    facts = {name: written[name] for name in COURSE_FACTS if name in written}
    course = services.add_course(values=CourseValues(provider=provider, **facts), by=by)
    for paper in written.get("files", []):
        name = f"workbook-{paper['language']}.csv"
        file = File(BytesIO(f"Text\n{paper['text']}\n".encode()), name)
        facts = {"title": paper["title"], "language": paper["language"]}
        materials.add_material(course=course, file=file, name=name, **facts, by=by)
    for session in written["sessions"]:
        hold(session, course, by=by)


def hold(written: dict[str, Any], course: Course, *, by: User) -> None:
    """One session with those who were typed in; attendance of one that is over."""
    start = local_day(timezone.now()) + timedelta(days=written["in_days"])
    values = SessionValues(
        start=start,
        end=start + timedelta(days=written["days"] - 1),
        place=written["place"],
        language=written["language"],
        places=written.get("places"),
    )
    session = services.add_session(course=course, values=values, by=by)
    attended = []
    for guest in written.get("guests", []):
        facts = {"name": guest["name"], "institution": guest["institution"]}
        made = waiting_list.register_guest(session=session, **facts, by=by)
        if guest.get("attended"):
            attended.append(made.pk)
    if attended:
        waiting_list.set_attendance(session=session, attended=attended, by=by)
