"""Mails about sessions of courses."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.jobs.services import queue_mail
from servanda.network.models import CourseRegistration
from servanda.people.models import Instance
from servanda.people.notifications.services import in_language_of, origin_for_links


def write_place_letter(registration: CourseRegistration) -> None:
    """Notify a person from the waiting list who has a place now. People without an account have no address, and
    no one is notified of a session that is cancelled or over."""
    session, person = registration.session, registration.person
    if person is None or not person.is_active or not session.is_open(on=timezone.localdate()):
        return
    with in_language_of(person):
        subject = _("You have a place: %(title)s") % {"title": session.course.title}
        body = _(
            "Hello,\n\nyou were on the waiting list of this session, and now have a place: %(title)s.\n\nIt begins "
            "on %(day)s.\n\nIf you cannot come, withdraw your registration here:\n%(link)s\n\n%(instance)s\n"
        )
        values = {
            "title": session.course.title,
            "day": date_format(session.start, "DATE_FORMAT"),
            "link": origin_for_links("") + session.get_absolute_url(),
            "instance": Instance.current(),
        }
        queue_mail(to=person.email, subject=subject, body=body % values)
